"""A body in one position, how it gets from one position to the next, and where its joints then are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from backtolife.programme.figures.geometry import Point, away, between, eased, jointed

HALF_BACK, NECK, UPPER_ARM, FOREARM, THIGH, SHIN = 24.0, 24.0, 27.0, 25.0, 40.0, 40.0
FRAMES_A_MOVE = 7
FRAMES_HELD = 2


@dataclass(frozen=True)
class Limb:
    """An arm or a leg. `values` are two directions ("angles"), one point to reach ("to") or two points ("points").

    `end` is the direction of the foot; hands ignore it.
    """

    way: str
    values: tuple[float, ...]
    bend: int = 1
    end: float = 90.0


@dataclass(frozen=True)
class Pose:
    """One position. Pairs are (near, far); in the front view (on the viewer's right, on the viewer's left)."""

    hip: Point
    arms: tuple[Limb, Limb]
    legs: tuple[Limb, Limb]
    low: float = 0
    """Direction of the low back, from the hips up."""
    high: float = 0
    head: float = 0
    turn: float = 0
    """Front view only: -1 (to the viewer's left) to 1."""
    shrug: float = 0
    """Front view only: how far the shoulders are lifted."""

    def but(self, **changes: object) -> "Pose":
        """The same position with something changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Joints:
    """Where everything is: limbs as (start, middle, end, direction of the foot)."""

    hip: Point
    waist: Point
    neck: Point
    head: Point
    head_direction: float
    turn: float
    shoulders: tuple[Point, Point]
    hips: tuple[Point, Point]
    arms: tuple[tuple[Point, Point], tuple[Point, Point]]
    legs: tuple[tuple[Point, Point], tuple[Point, Point]]
    feet: tuple[float, float]


def limb_between(start: Limb, end: Limb, share: float) -> Limb:
    values = tuple(between(one, other, share) for one, other in zip(start.values, end.values, strict=True))
    return Limb(start.way, values, start.bend, between(start.end, end.end, share))


def pose_between(start: Pose, end: Pose, share: float) -> Pose:
    def pair(one: tuple[Limb, Limb], other: tuple[Limb, Limb]) -> tuple[Limb, Limb]:
        return limb_between(one[0], other[0], share), limb_between(one[1], other[1], share)

    return Pose(
        hip=(between(start.hip[0], end.hip[0], share), between(start.hip[1], end.hip[1], share)),
        arms=pair(start.arms, end.arms),
        legs=pair(start.legs, end.legs),
        low=between(start.low, end.low, share),
        high=between(start.high, end.high, share),
        head=between(start.head, end.head, share),
        turn=between(start.turn, end.turn, share),
        shrug=between(start.shrug, end.shrug, share),
    )


def moving(poses: Sequence[Pose], *, front: bool) -> list[Pose]:
    """Every frame of the movement from the first position through the others and back, with a rest in each."""
    frames: list[Pose] = []
    for earlier, later in zip(poses, [*poses[1:], poses[0]], strict=True):
        start, end = alike(earlier, later, front=front)
        frames += [start] * FRAMES_HELD
        frames += [pose_between(start, end, eased(step / FRAMES_A_MOVE)) for step in range(1, FRAMES_A_MOVE)]
    return [*frames, poses[0]]


def reached(limb: Limb, start: Point, first: float, second: float) -> tuple[Point, Point]:
    if limb.way == "angles":
        middle = away(start, first, limb.values[0])
        return middle, away(middle, second, limb.values[1])
    if limb.way == "to":
        return jointed(start, (limb.values[0], limb.values[1]), first, second, limb.bend)
    x, y, end_x, end_y = limb.values
    return (x, y), (end_x, end_y)


def joints_of(pose: Pose, *, front: bool) -> Joints:
    """Where the joints are in this position, seen from the side or from the front."""
    waist = away(pose.hip, HALF_BACK, pose.low)
    neck = away(waist, HALF_BACK, pose.high)
    half, hip_half = (17 * (1 - abs(pose.turn) * 0.35), 8.0) if front else (0.0, 0.0)
    lifted = away(neck, pose.shrug, pose.high)
    shoulders = away(lifted, half, pose.high + 90), away(lifted, half, pose.high - 90)
    hips = away(pose.hip, hip_half, pose.low + 90), away(pose.hip, hip_half, pose.low - 90)
    return Joints(
        hip=pose.hip,
        waist=waist,
        neck=neck,
        head=away(neck, NECK, pose.head),
        head_direction=pose.head,
        turn=pose.turn,
        shoulders=shoulders,
        hips=hips,
        arms=(
            reached(pose.arms[0], shoulders[0], UPPER_ARM, FOREARM),
            reached(pose.arms[1], shoulders[1], UPPER_ARM, FOREARM),
        ),
        legs=(reached(pose.legs[0], hips[0], THIGH, SHIN), reached(pose.legs[1], hips[1], THIGH, SHIN)),
        feet=(pose.legs[0].end, pose.legs[1].end),
    )


def alike(one: Pose, other: Pose, *, front: bool) -> tuple[Pose, Pose]:
    """The same two positions with each limb told in the same way in both, so that there is something between them."""
    places = joints_of(one, front=front), joints_of(other, front=front)
    told = [one, other]
    for pair in ("arms", "legs"):
        limbs = [list(getattr(pose, pair)) for pose in told]
        for which in (0, 1):
            first, second = limbs[0][which], limbs[1][which]
            if (first.way, first.bend) == (second.way, second.bend):
                continue
            for at, limb in enumerate((first, second)):
                middle, end = getattr(places[at], pair)[which]
                limbs[at][which] = Limb("points", (*middle, *end), end=limb.end)
        told = [pose.but(**{pair: tuple(limbs[at])}) for at, pose in enumerate(told)]
    return told[0], told[1]
