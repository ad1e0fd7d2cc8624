"""One person's own line: each score where it was given, its number beside it, the newest one filled."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from backtolife.errors import Invalid
from backtolife.reporting.charts.axis import Axis
from backtolife.reporting.charts.picture import ACCENT, CARD, FAINT, LINE, SOFT, Canvas, Picture

WIDTH, HEIGHT = 340, 230
LEFT, RIGHT, TOP, BOTTOM = 40, 328, 40, 160


@dataclass(frozen=True, slots=True)
class Point:
    """One time: a short label, the score where there is one, and why there is none ("not asked", "no answer")."""

    label: str
    value: float | None
    why: str = ""


def own_line(
    name: str, title: str, points: Sequence[Point], *, lowest: float, highest: float, higher_is_better: bool
) -> Picture:
    """The line on the whole range of the questionnaire. Raises Invalid without any score."""
    given = [place for place, point in enumerate(points) if point.value is not None]
    if not given or highest <= lowest:
        raise Invalid("There is no score to draw yet.")
    canvas = Canvas(WIDTH, HEIGHT)
    up = Axis(lowest, highest, BOTTOM, TOP)
    across = Axis(-0.5, len(points) - 0.5, LEFT, RIGHT)
    for tick in (lowest, (lowest + highest) / 2, highest):
        canvas.line((LEFT, up.place(tick)), (RIGHT, up.place(tick)), FAINT)
        canvas.text((LEFT - 8, up.place(tick) + 4), f"{tick:g}", anchor="end", colour=SOFT)
    canvas.line((LEFT, BOTTOM), (RIGHT, BOTTOM), LINE)
    spots = {place: (across.place(place), up.place(points[place].value or 0)) for place in given}
    for one, two in pairwise(given):
        canvas.line(spots[one], spots[two], ACCENT, stroke_width=3)
    for place in given:
        x, y = spots[place]
        canvas.dot((x, y), ACCENT, 7)
        if place != given[-1]:
            canvas.dot((x, y), CARD, 4)
        canvas.text((x, y - 13), f"{points[place].value:g}", anchor="middle", bold=True)
    for place, point in enumerate(points):
        for line, word in enumerate([*split(point.label), *([f"({point.why})"] if point.value is None else [])]):
            canvas.text((across.place(place), BOTTOM + 20 + 15 * line), word, anchor="middle", colour=SOFT)
    better = "Higher is better ↑" if higher_is_better else "Lower is better ↓"
    canvas.text((LEFT, HEIGHT - 6), better, bold=True)
    rows = [(point.label, said(point)) for point in points]
    words = f"{better[:-2]}. " + "; ".join(f"{label}: {value}" for label, value in rows) + "."
    return canvas.picture(name, title, words, ("When", "Score"), rows)


def split(label: str) -> list[str]:
    """A label on at most two lines."""
    first, _, rest = label.partition(" ")
    return [label] if len(label) <= 9 or not rest else [first, rest]


def said(point: Point) -> str:
    return point.why if point.value is None else f"{point.value:g}"
