"""Which drawing belongs to which exercise and way of doing it. Pure."""

from collections.abc import Mapping
from functools import cache

from backtolife.errors import NotFound
from backtolife.programme.figures.drawing import Drawing
from backtolife.programme.figures.reading import read_movements
from backtolife.programme.figures.svg import picture

WAYS = ("sitting", "standing", "lying")

FRAMES = {"sitting": "22 28 268 201", "standing": "18 14 284 213", "lying": "28 27 264 198"}
ABOVE = "16 7 288 216"


@cache
def drawings() -> Mapping[str, Mapping[str, Drawing]]:
    """Every drawing, by way and exercise; read once."""
    return {way: read_movements(way) for way in WAYS}


def drawing_of(exercise_id: str, way: str) -> Drawing:
    """The drawing of an exercise of the library in one of its three ways. Raises NotFound."""
    found = drawings().get(way, {}).get(exercise_id)
    if found is None:
        raise NotFound("We have no drawing of that.")
    return found


@cache
def picture_of(exercise_id: str, way: str, *, still: bool) -> str:
    """Its picture as an SVG file."""
    drawing = drawing_of(exercise_id, way)
    return picture(drawing, still=still, frame=ABOVE if drawing.view.endswith("above") else FRAMES[way])
