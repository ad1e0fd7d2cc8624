"""A drawing as a picture file: moving in a loop, or still for those who want nothing to move. Pure."""

from functools import cache
from html import escape
from math import atan2, degrees

from backtolife.programme.figures.body import SKIN, Stroke, dot, from_front, from_side, line
from backtolife.programme.figures.drawing import Drawing
from backtolife.programme.figures.geometry import Point, away
from backtolife.programme.figures.pose import Joints, Pose, joints_of, moving
from backtolife.programme.figures.things import HELD, THINGS, box

WIDTH, HEIGHT = 320, 230
ARROW = "#B4451F"


def picture(drawing: Drawing, *, still: bool, frame: str) -> str:
    """The whole SVG file. `frame` is the part of the paper that is shown: left, top, width, height."""
    inner = (still_figure if still else moving_figure)(drawing)
    inner += "".join(THINGS[name](x) for name, x in drawing.before)
    inner += "".join(arrow(points) for points in drawing.arrows)
    if drawing.view == "front_above":
        inner = f'<g transform="rotate(-90 {WIDTH / 2:g} {HEIGHT / 2:g})">{inner}</g>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{frame}" role="img">'
        f"<title>{escape(drawing.says)}</title>{scene(drawing)}{inner}</svg>"
    )


@cache
def scene(drawing: Drawing) -> str:
    """The room, and what stands in it behind the person."""
    room = box(0, 0, WIDTH, HEIGHT, "#DAD4C7", round_by=0)
    if not drawing.view.endswith("above"):
        room += box(0, 210, WIDTH, HEIGHT - 210, "#BFAC8C", round_by=0)
    return room + "".join(THINGS[name](x) for name, x in drawing.things)


def strokes_of(drawing: Drawing, pose: Pose) -> list[Stroke]:
    joints = joints_of(pose, front=drawing.front)
    strokes = (from_front if drawing.front else from_side)(joints)
    return [*strokes, *held(drawing, joints)]


def held(drawing: Drawing, joints: Joints) -> list[Stroke]:
    """What the hands hold moves with them."""
    if not drawing.held:
        return []
    width, height, colour = HELD[drawing.held]
    near, far = joints.arms[0][1], joints.arms[1][1]
    x, y = (near[0] + far[0]) / 2, (near[1] + far[1]) / 2
    outline = line(
        (x - width / 2, y - height / 2),
        (x + width / 2, y - height / 2),
        (x + width / 2, y + height / 2),
        (x - width / 2, y + height / 2),
    )
    return [Stroke(outline + "Z", colour, 4, colour), Stroke(dot(near), SKIN, 11)]


def still_figure(drawing: Drawing) -> str:
    """The position to reach, with the one it starts from faintly behind it."""
    start = "".join(path(stroke) for stroke in strokes_of(drawing, drawing.poses[0]))
    end = "".join(path(stroke) for stroke in strokes_of(drawing, drawing.poses[drawing.shown % len(drawing.poses)]))
    return f'<g opacity=".28">{start}</g>{end}'


def moving_figure(drawing: Drawing) -> str:
    frames = [strokes_of(drawing, pose) for pose in moving(drawing.poses, front=drawing.front)]
    return "".join(
        path(strokes[0], [stroke.d for stroke in strokes], drawing.seconds) for strokes in zip(*frames, strict=True)
    )


def path(stroke: Stroke, frames: list[str] | None = None, seconds: float = 0) -> str:
    shape = (
        f'<path d="{stroke.d}" fill="{stroke.fill}" stroke="{stroke.colour}" stroke-width="{stroke.width:g}" '
        'stroke-linecap="round" stroke-linejoin="round"'
    )
    if not frames or len(set(frames)) == 1:
        return f"{shape}/>"
    values = ";".join(frames)
    return f'{shape}><animate attributeName="d" dur="{seconds:g}s" repeatCount="indefinite" values="{values}"/></path>'


def arrow(points: tuple[Point, ...]) -> str:
    """A dotted way with a head at its end."""
    (x, y), (end_x, end_y) = points[-2], points[-1]
    heading = degrees(atan2(end_x - x, -(end_y - y)))
    tip = away(points[-1], 5, heading)
    sides = away(points[-1], 7, heading + 140), away(points[-1], 7, heading - 140)
    shaft = smooth(points)
    pen = f'fill="none" stroke="{ARROW}" stroke-width="4.5" stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{shaft}" {pen} stroke-dasharray="0.1 8"/><path d="{line(sides[0], tip, sides[1])}" {pen}/>'


def smooth(points: tuple[Point, ...]) -> str:
    if len(points) != 3:
        return line(*points)
    (x, y), middle, (end_x, end_y) = points
    control = 2 * middle[0] - (x + end_x) / 2, 2 * middle[1] - (y + end_y) / 2
    return f"M{x:g} {y:g}Q{control[0]:g} {control[1]:g} {end_x:g} {end_y:g}"
