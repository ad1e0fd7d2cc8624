"""A figure over time with its usual limits, and what stands out from them."""

from backtolife.errors import Invalid
from backtolife.reporting.analysis.service.xmr import Point, XmR
from backtolife.reporting.charts.axis import Axis, axis_over
from backtolife.reporting.charts.picture import ACCENT, ALERT, FAINT, INK, LINE, SOFT, Canvas, Picture, written

WIDTH, HEIGHT = 440, 280
LEFT, RIGHT, TOP, BOTTOM = 48, 346, 40, 236
LABELS = 4


def xmr_chart(name: str, title: str, chart: XmR, *, places: int = 1) -> Picture:
    """The chart `chart`, values with so many decimals. Raises Invalid without a point."""
    if not chart.points:
        raise Invalid("There is no value to draw yet.")
    canvas = Canvas(WIDTH, HEIGHT)
    limits = [(word, value) for word, value in (("Upper", chart.upper), ("Mean", chart.centre), ("Lower", chart.lower))]
    drawn = [(word, value) for word, value in limits if value is not None]
    up = axis_over([*(point.value for point in chart.points), *(value for _, value in drawn)], BOTTOM, TOP)
    across = Axis(-0.5, len(chart.points) - 0.5, LEFT, RIGHT)
    signals = sum(bool(point.signals) for point in chart.points)
    canvas.text((LEFT, 20), heading(chart, signals), colour=SOFT)
    for tick in up.ticks():
        canvas.line((LEFT, up.place(tick)), (RIGHT, up.place(tick)), FAINT)
        canvas.text((LEFT - 8, up.place(tick) + 4), written(tick, places), anchor="end", colour=SOFT)
    for word, value in drawn:
        dashes = {} if word == "Mean" else {"stroke_dasharray": "6 4"}
        canvas.line((LEFT, up.place(value)), (RIGHT, up.place(value)), INK, stroke_width=1.5, **dashes)
        canvas.text((RIGHT + 6, up.place(value) + 4), f"{word} {written(value, places)}")
    canvas.path(
        [(across.place(i), up.place(each.value)) for i, each in enumerate(chart.points)], ACCENT, stroke_width=2
    )
    every = max(1, -(-len(chart.points) // LABELS))
    for place, point in enumerate(chart.points):
        at = across.place(place), up.place(point.value)
        if point.signals:
            canvas.diamond(at, ALERT)
        else:
            canvas.dot(at, ACCENT)
        if place % every == 0:
            canvas.line((at[0], BOTTOM), (at[0], BOTTOM + 5), LINE)
            canvas.text((at[0], BOTTOM + 22), point.label, anchor="middle")
    canvas.line((LEFT, BOTTOM), (RIGHT, BOTTOM), LINE, stroke_width=1.5)
    rows = [(point.label, written(point.value, places), said(point)) for point in chart.points]
    return canvas.picture(name, title, described(chart, places, signals), ("When", "Value", "Signal"), rows)


def heading(chart: XmR, signals: int) -> str:
    if chart.centre is None:
        return f"{len(chart.points)} of the 12 points that limits need"
    return f"◆ {counted(signals)} more than noise" if signals else "No signal: only the usual noise"


def counted(signals: int) -> str:
    return "1 value is" if signals == 1 else f"{signals} values are"


def said(point: Point) -> str:
    return "; ".join(signal.value for signal in point.signals) or "none"


def described(chart: XmR, places: int, signals: int) -> str:
    values = f"{len(chart.points)} values, from {chart.points[0].label} to {chart.points[-1].label}."
    if chart.centre is None:
        return f"{values} Limits need 12."
    lower, centre, upper = (written(each, places) for each in (chart.lower, chart.centre, chart.upper))
    return f"{values} Mean {centre}, limits {lower} to {upper}. {counted(signals)} more than noise."
