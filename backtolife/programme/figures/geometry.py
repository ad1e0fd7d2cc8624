"""Points and directions on the paper. Directions are degrees: 0 up, 90 to the right, 180 down. Lengths are in units of
the drawing, 320 wide and 230 high. Pure.
"""

from math import cos, hypot, pi, radians, sin, sqrt

Point = tuple[float, float]


def away(start: Point, length: float, direction: float) -> Point:
    """The point `length` from `start` in `direction`."""
    return start[0] + length * sin(radians(direction)), start[1] - length * cos(radians(direction))


def between(start: float, end: float, share: float) -> float:
    """The number `share` (0 to 1) of the way from start to end."""
    return start + (end - start) * share


def eased(share: float) -> float:
    """The same way gone, but starting and stopping slowly."""
    return (1 - cos(pi * share)) / 2


def jointed(start: Point, target: Point, first: float, second: float, bend: int) -> tuple[Point, Point]:
    """Where the middle joint and the end of a limb of two bones are when it reaches for `target`.

    `bend` 1 bends it forwards for someone who faces right, as knees do; -1 backwards, as elbows do. A target out of
    reach is pointed at.
    """
    across, down = target[0] - start[0], target[1] - start[1]
    distance = hypot(across, down) or 0.001
    reach = min(max(distance, abs(first - second) + 0.01), first + second - 0.01)
    across, down = across / distance, down / distance
    along = (first**2 - second**2 + reach**2) / (2 * reach)
    off = sqrt(max(first**2 - along**2, 0.0)) * bend
    middle = start[0] + across * along + down * off, start[1] + down * along - across * off
    return middle, (start[0] + across * reach, start[1] + down * reach)
