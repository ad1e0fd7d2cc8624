"""Differences with their intervals, one below the other, against nought and a margin."""

from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.errors import Invalid
from backtolife.reporting.charts.axis import Axis
from backtolife.reporting.charts.picture import ACCENT, ALERT, LINE, SAND, SOFT, Canvas, Picture, span, written

WIDTH, ROW, HEAD, FOOT = 440, 56, 10, 66
LEFT, RIGHT = 8, 432


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One difference; all three numbers are None while there is not enough data to draw a line."""

    label: str
    estimate: float | None
    low: float | None
    high: float | None


def interval_rows(
    name: str,
    title: str,
    rows: Sequence[IntervalRow],
    *,
    margin: float | None = None,
    worse: str = "Worse",
    better: str = "Better",
) -> Picture:
    """The rows on one axis around 0. `margin` (above 0) is drawn at minus itself. Raises Invalid without a row."""
    if not rows or (margin is not None and margin <= 0):
        raise Invalid("Give at least one row, and a margin above 0 or none.")
    canvas = Canvas(WIDTH, HEAD + ROW * len(rows) + FOOT)
    across = axis_of(rows, margin)
    floor = HEAD + ROW * len(rows)
    for place, row in enumerate(rows):
        draw_row(canvas, row, HEAD + ROW * place, across, margin)
    canvas.line((LEFT, floor), (RIGHT, floor), LINE)
    if margin is not None:
        at = across.place(-margin)
        canvas.text((at, floor + 20), f"Margin {written(-margin)}", anchor="middle", colour=ALERT, bold=True)
    canvas.text((across.place(0), floor + 38), "0 = same", anchor="middle")
    canvas.text((LEFT, floor + 58), f"← {worse}")
    canvas.text((RIGHT, floor + 58), f"{better} →", anchor="end")
    words = [(row.label, estimate_of(row), span(row.low, row.high)) for row in rows]
    said = " ".join(f"{label}: {value}{f', 95% interval {reach}' if reach else ''}." for label, value, reach in words)
    edge = "" if margin is None else f" The margin is {written(-margin)}."
    return canvas.picture(name, title, f"{said}{edge}", ("What", "Difference", "95% interval"), words)


def axis_of(rows: Sequence[IntervalRow], margin: float | None) -> Axis:
    """Nought in the middle, so that both directions weigh the same."""
    ends = [abs(value) for row in rows for value in (row.low, row.high, row.estimate) if value is not None]
    reach = 1.15 * max([*ends, 2 * (margin or 0)]) or 1.0
    return Axis(-reach, reach, LEFT, RIGHT)


def estimate_of(row: IntervalRow) -> str:
    return "not enough data yet" if row.estimate is None else written(row.estimate)


def draw_row(canvas: Canvas, row: IntervalRow, top: float, across: Axis, margin: float | None) -> None:
    """The label has a line of its own above, so that nothing is drawn through its words."""
    canvas.text((LEFT + 4, top + 16), row.label, colour=SOFT)
    upper, lower = top + 22, top + ROW
    if margin is not None:
        edge = across.place(-margin)
        canvas.box((LEFT, upper), (edge - LEFT, lower - upper), SAND)
        canvas.line((edge, upper), (edge, lower), ALERT, stroke_width=2.5, stroke_dasharray="6 4")
    canvas.line((across.place(0), upper), (across.place(0), lower), LINE, stroke_width=1.5)
    y = (upper + lower) / 2
    if row.estimate is None or row.low is None or row.high is None:
        canvas.text((across.place(0) + 12, y + 5), "No line drawn yet", colour=SOFT)
        return
    low, high = across.place(row.low), across.place(row.high)
    canvas.line((low, y), (high, y), ACCENT, stroke_width=3.5)
    for end in (low, high):
        canvas.line((end, y - 8), (end, y + 8), ACCENT, stroke_width=3.5)
    canvas.box((across.place(row.estimate) - 7, y - 7), (14, 14), ACCENT)
