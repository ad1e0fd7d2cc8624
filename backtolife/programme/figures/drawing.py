"""One drawing of the library: the positions of a movement, what stands around it, and what it shows in words. Pure."""

from dataclasses import dataclass

from backtolife.programme.figures.geometry import Point
from backtolife.programme.figures.pose import Pose


@dataclass(frozen=True)
class Drawing:
    """`says` tells somebody who cannot see it what it shows. `view` is one of:

    side (facing right), front (facing us), above (lying on their side, seen from above), front_above (lying on their
    back, seen from above).
    """

    says: str
    poses: tuple[Pose, ...]
    view: str = "side"
    things: tuple[tuple[str, float], ...] = ()
    """What is around: a name from `things` and where it stands."""
    before: tuple[tuple[str, float], ...] = ()
    """The same, but nearer to us than the person."""
    held: str = ""
    arrows: tuple[tuple[Point, ...], ...] = ()
    shown: int = 1
    """Which position the still picture shows; the first lies behind it, faint."""
    seconds: float = 6

    @property
    def front(self) -> bool:
        return self.view.startswith("front")
