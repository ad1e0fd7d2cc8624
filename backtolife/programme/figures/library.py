"""Which drawing belongs to which exercise and way of doing it. Pure."""

from collections.abc import Mapping
from functools import cache

from backtolife.errors import NotFound
from backtolife.programme.figures.drawing import Drawing
from backtolife.programme.figures.lying import LYING
from backtolife.programme.figures.sitting import SITTING
from backtolife.programme.figures.standing import STANDING
from backtolife.programme.figures.svg import picture

DRAWINGS: dict[str, Mapping[str, Drawing]] = {"sitting": SITTING, "standing": STANDING, "lying": LYING}

FRAMES = {"sitting": "22 28 268 201", "standing": "18 14 284 213", "lying": "28 27 264 198"}
ABOVE = "16 7 288 216"


def drawing_of(exercise_id: str, way: str) -> Drawing:
    """The drawing of an exercise of the library in one of its three ways. Raises NotFound."""
    found = DRAWINGS.get(way, {}).get(exercise_id)
    if found is None:
        raise NotFound("We have no drawing of that.")
    return found


@cache
def picture_of(exercise_id: str, way: str, *, still: bool) -> str:
    """Its picture as an SVG file."""
    drawing = drawing_of(exercise_id, way)
    return picture(drawing, still=still, frame=ABOVE if drawing.view.endswith("above") else FRAMES[way])
