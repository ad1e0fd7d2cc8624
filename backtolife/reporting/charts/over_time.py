"""A group's mean at each milestone, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from backtolife.errors import Invalid
from backtolife.reporting.charts.axis import Axis
from backtolife.reporting.charts.picture import ACCENT, FAINT, LINE, SOFT, Canvas, Picture, span, written

WIDTH, HEIGHT = 440, 290
LEFT, RIGHT, TOP, BOTTOM = 56, 424, 40, 222


@dataclass(frozen=True, slots=True)
class Moment:
    """One milestone: the mean of `n` people, and its interval where there is one. None where nobody answered."""

    label: str
    mean: float | None
    low: float | None
    high: float | None
    n: int


def over_time(
    name: str, title: str, moments: Sequence[Moment], *, lowest: float, highest: float, higher_is_better: bool
) -> Picture:
    """The means from the first milestone to the last, on the instrument's whole range. Raises Invalid for none."""
    if not moments or highest <= lowest:
        raise Invalid("A picture over time needs a milestone and a range.")
    canvas = Canvas(WIDTH, HEIGHT)
    up = Axis(lowest, highest, BOTTOM, TOP)
    across = Axis(-0.5, len(moments) - 0.5, LEFT, RIGHT)
    better = "Higher is better ↑" if higher_is_better else "Lower is better ↓"
    canvas.text((LEFT, 20), better, colour=SOFT)
    for tick in up.ticks():
        canvas.line((LEFT, up.place(tick)), (RIGHT, up.place(tick)), FAINT)
        canvas.text(
            (LEFT - 8, up.place(tick) + 4), written(tick, 0 if tick == int(tick) else 1), anchor="end", colour=SOFT
        )
    canvas.line((LEFT, BOTTOM), (RIGHT, BOTTOM), LINE, stroke_width=1.5)
    canvas.text((2, BOTTOM + 60), "People", colour=SOFT)
    for place, (one, two) in enumerate(pairwise(moments)):
        # A line across a milestone nobody answered would claim what nobody knows.
        if one.mean is not None and two.mean is not None:
            start, end = (across.place(place), up.place(one.mean)), (across.place(place + 1), up.place(two.mean))
            canvas.line(start, end, ACCENT, stroke_width=2)
    for place, each in enumerate(moments):
        draw_moment(canvas, each, across.place(place), up)
    rows = [
        (each.label, "nobody" if each.mean is None else written(each.mean), span(each.low, each.high), str(each.n))
        for each in moments
    ]
    said = "; ".join(spoken(each) for each in moments)
    return canvas.picture(name, title, f"{better[:-2]}. {said}.", ("When", "Mean", "95% interval", "People"), rows)


def spoken(each: Moment) -> str:
    if each.mean is None:
        return f"{each.label}: nobody"
    reach = span(each.low, each.high)
    people = "1 person" if each.n == 1 else f"{each.n} people"
    return f"{each.label}: {written(each.mean)}{f' ({reach})' if reach else ''}, {people}"


def draw_moment(canvas: Canvas, each: Moment, x: float, up: Axis) -> None:
    for place, word in enumerate(each.label.split(" ", 1)):
        canvas.text((x, BOTTOM + 20 + 16 * place), word, anchor="middle")
    canvas.text((x, BOTTOM + 60), str(each.n), anchor="middle", colour=SOFT)
    if each.mean is None:
        return
    if each.low is not None and each.high is not None:
        # An interval may reach past what the instrument can score; the picture ends where the range does.
        low, high = (up.place(min(max(value, up.low), up.high)) for value in (each.low, each.high))
        canvas.line((x, low), (x, high), ACCENT, stroke_width=3)
        for end in (low, high):
            canvas.line((x - 7, end), (x + 7, end), ACCENT, stroke_width=3)
    canvas.box((x - 6, up.place(each.mean) - 6), (12, 12), ACCENT)
    canvas.text((x + 11, up.place(each.mean) - 6), written(each.mean), bold=True)
