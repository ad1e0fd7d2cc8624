"""The list over the next months as a picture: the middle of the years, and the band of 8 in 10 of them."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from backtolife.pathway.planning.rules import Outlook, Range
from backtolife.reporting.charts.axis import Axis
from backtolife.reporting.charts.picture import ACCENT, FAINT, LINE, SAND, SOFT, Canvas, Picture, written

WIDTH, HEIGHT = 440, 290
LEFT, RIGHT, TOP, BOTTOM = 48, 424, 40, 236
EVERY = 3
LEAST_HIGH = 5
BAR = 20
TITLE = "People on the waiting list, month by month"
COLUMNS = ("On", "1 in 10 years: at most", "Middle", "1 in 10 years: at least")


def months_after(today: date, count: int) -> list[date]:
    """The same day of the next months, and the last day of a month that has no such day."""
    places = [today.year * 12 + today.month - 1 + step for step in range(1, count + 1)]
    return [
        date(place // 12, place % 12 + 1, min(today.day, monthrange(place // 12, place % 12 + 1)[1]))
        for place in places
    ]


def list_chart(found: Outlook, *, waiting: int, today: date) -> Picture:
    """The picture, with its table."""
    canvas = Canvas(WIDTH, HEIGHT)
    days = months_after(today, len(found.months))
    highest = max(waiting, LEAST_HIGH, *(known(each.high) for each in found.months))
    up = Axis(0, highest * 1.05, BOTTOM, TOP)
    across = Axis(-0.5, len(days) + 0.5, LEFT, RIGHT)
    canvas.box((LEFT, 9), (12, 12), FAINT)
    canvas.text((LEFT + 18, 20), "8 in 10 years", colour=SOFT)
    canvas.line((LEFT + 128, 15), (LEFT + 152, 15), ACCENT, stroke_width=2)
    canvas.text((LEFT + 158, 20), "Middle", colour=SOFT)
    for place, each in enumerate(found.months, start=1):
        low, high = up.place(known(each.low)), up.place(known(each.high))
        canvas.box((across.place(place) - BAR / 2, high), (BAR, max(low - high, 1.0)), FAINT)
    for tick in up.ticks():
        canvas.line((LEFT, up.place(tick)), (RIGHT, up.place(tick)), SAND)
        canvas.text((LEFT - 8, up.place(tick) + 4), written(tick, 0), anchor="end", colour=SOFT)
    canvas.line((LEFT, BOTTOM), (RIGHT, BOTTOM), LINE, stroke_width=1.5)
    middles = [float(waiting), *(known(each.middle) for each in found.months)]
    points = [(across.place(place), up.place(value)) for place, value in enumerate(middles)]
    canvas.path(points, ACCENT, stroke_width=2)
    for place, (at, label) in enumerate(zip(points, ["Now", *(f"{day:%b}" for day in days)], strict=True)):
        canvas.dot(at, ACCENT)
        if place % EVERY == 0:
            canvas.text((at[0], BOTTOM + 22), label, anchor="middle")
    rows = [(f"{day.day} {day:%B %Y}", *cells(each)) for day, each in zip(days, found.months, strict=True)]
    return canvas.picture("list", TITLE, described(found.months, waiting), COLUMNS, rows)


def known(value: float | None) -> float:
    """A length of the list: it is always known, unlike a wait."""
    return 0.0 if value is None else value


def cells(each: Range) -> tuple[str, str, str]:
    return written(each.low, 0), written(each.middle, 0), written(each.high, 0)


def described(months: Sequence[Range], waiting: int) -> str:
    low, middle, high = cells(months[-1])
    return f"From {waiting} now to {middle} after {len(months)} months; in 8 of 10 years between {low} and {high}."
