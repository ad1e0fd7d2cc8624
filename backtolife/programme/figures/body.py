"""A body as strokes of a thick pen, far side first. The strokes are the same in number in every frame. Pure."""

from dataclasses import dataclass

from backtolife.programme.figures.geometry import Point, away
from backtolife.programme.figures.pose import Joints

SKIN, SKIN_FAR, TOP, SLEEVE, SLEEVE_FAR = "#B27A52", "#98653F", "#11706B", "#0A4A47", "#0C5B57"
TROUSERS, TROUSERS_FAR, SHOE, SHOE_FAR, HAIR, INK = "#43535F", "#303C45", "#262C32", "#1D2226", "#2A1D18", "#2A1D18"
HEAD_RADIUS = 14.0


@dataclass(frozen=True)
class Stroke:
    """One path. `fill` colours its inside; `width` 0 draws no line."""

    d: str
    colour: str
    width: float
    fill: str = "none"


def dot(point: Point) -> str:
    return f"M{point[0]:.1f} {point[1]:.1f}h.1"


def line(*through: Point) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in through)


def curve(start: Point, through: Point, end: Point) -> str:
    """A curve that passes through the middle point."""
    control = 2 * through[0] - (start[0] + end[0]) / 2, 2 * through[1] - (start[1] + end[1]) / 2
    return f"M{start[0]:.1f} {start[1]:.1f}Q{control[0]:.1f} {control[1]:.1f} {end[0]:.1f} {end[1]:.1f}"


def arm(joints: Joints, which: int, *, far: bool) -> list[Stroke]:
    elbow, wrist = joints.arms[which]
    sleeve = SLEEVE_FAR if far else SLEEVE
    return [
        Stroke(line(joints.shoulders[which], elbow, wrist), sleeve, 10.5),
        Stroke(dot(wrist), SKIN_FAR if far else SKIN, 12),
    ]


def leg(joints: Joints, which: int, *, far: bool, foot: float) -> list[Stroke]:
    knee, ankle = joints.legs[which]
    toe = away(ankle, foot, joints.feet[which])
    return [
        Stroke(line(joints.hips[which], knee), TROUSERS_FAR if far else TROUSERS, 18),
        Stroke(line(knee, ankle), TROUSERS_FAR if far else TROUSERS, 14),
        Stroke(line(ankle, toe), SHOE_FAR if far else SHOE, 12),
    ]


def head_from_side(joints: Joints) -> list[Stroke]:
    centre, up = joints.head, joints.head_direction
    front, nape = away(centre, HEAD_RADIUS, up + 48), away(centre, HEAD_RADIUS, up - 128)
    inner = away(centre, 3, up - 30)
    r = f"{HEAD_RADIUS:g}"
    hair = (
        f"M{front[0]:.1f} {front[1]:.1f}A{r} {r} 0 0 0 {nape[0]:.1f} {nape[1]:.1f}"
        f"Q{inner[0]:.1f} {inner[1]:.1f} {front[0]:.1f} {front[1]:.1f}Z"
    )
    return [
        Stroke(line(joints.neck, away(joints.neck, 14, up)), SKIN_FAR, 10),
        Stroke(dot(away(centre, 15, up - 34)), HAIR, 13),
        Stroke(dot(centre), SKIN, HEAD_RADIUS * 2),
        Stroke(dot(away(centre, HEAD_RADIUS, up + 96)), SKIN, 5),
        Stroke(hair, HAIR, 1, HAIR),
        Stroke(dot(away(centre, 7.5, up + 80)), INK, 3.2),
    ]


def head_from_front(joints: Joints) -> list[Stroke]:
    centre, up, aside = joints.head, joints.head_direction, joints.turn * 8
    left, right = away(centre, HEAD_RADIUS, up - 78), away(centre, HEAD_RADIUS, up + 78)
    fringe = away(away(centre, 4, up), aside, up + 90)
    r = f"{HEAD_RADIUS:g}"
    hair = (
        f"M{left[0]:.1f} {left[1]:.1f}A{r} {r} 0 0 1 {right[0]:.1f} {right[1]:.1f}"
        f"Q{fringe[0]:.1f} {fringe[1]:.1f} {left[0]:.1f} {left[1]:.1f}Z"
    )
    face = away(centre, aside, up + 90)
    chin = away(face, 7, up + 180)
    return [
        Stroke(line(joints.neck, away(joints.neck, 14, up)), SKIN_FAR, 10),
        Stroke(dot(away(centre, 15, up)), HAIR, 13),
        Stroke(dot(centre), SKIN, HEAD_RADIUS * 2),
        Stroke(hair, HAIR, 1, HAIR),
        Stroke(dot(away(face, 4.5, up - 90)), INK, 3),
        Stroke(dot(away(face, 4.5, up + 90)), INK, 3),
        Stroke(curve(away(chin, 3.5, up - 90), away(chin, 1.5, up + 180), away(chin, 3.5, up + 90)), INK, 1.6),
    ]


def from_side(joints: Joints) -> list[Stroke]:
    """Somebody who faces right."""
    return [
        *arm(joints, 1, far=True),
        *leg(joints, 1, far=True, foot=12),
        *head_from_side(joints),
        Stroke(curve(joints.hip, joints.waist, joints.neck), TOP, 27),
        *leg(joints, 0, far=False, foot=12),
        *arm(joints, 0, far=False),
    ]


def from_front(joints: Joints) -> list[Stroke]:
    """Somebody who faces us."""
    near, far = joints.shoulders
    trunk = line(near, joints.neck, far, joints.hips[1], joints.hips[0]) + "Z"
    return [
        *leg(joints, 1, far=False, foot=5),
        *leg(joints, 0, far=False, foot=5),
        Stroke(trunk, TOP, 13, TOP),
        *head_from_front(joints),
        *arm(joints, 1, far=False),
        *arm(joints, 0, far=False),
    ]
