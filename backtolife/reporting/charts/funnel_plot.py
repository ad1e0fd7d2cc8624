"""Groups or services by their size, with the limits that size sets."""

from backtolife.errors import Invalid
from backtolife.reporting.analysis.comparison.funnel import LEVELS, Funnel, FunnelPoint
from backtolife.reporting.charts.axis import Axis, axis_over
from backtolife.reporting.charts.picture import ACCENT, ALERT, FAINT, INK, LINE, SOFT, Canvas, Picture, written

WIDTH, HEIGHT = 440, 320
LEFT, RIGHT, TOP, BOTTOM = 52, 380, 40, 262


def funnel_plot(name: str, title: str, funnel: Funnel, *, across_words: str, percent: bool = True) -> Picture:
    """The plot; `across_words` says what size is, such as "People who started". Raises Invalid where nobody is.

    With `percent` values are shares; else rates, drawn as they are.
    """
    if funnel.centre is None:
        raise Invalid("There is nobody to draw yet.")
    canvas = Canvas(WIDTH, HEIGHT)
    scale = 100 if percent else 1
    tallest = max(
        [limit.high for line in funnel.lines for limit in line.limits] + [each.value for each in funnel.points]
    )
    up = Axis(0, 100, BOTTOM, TOP) if percent else Axis(0, tallest * 1.05 or 1.0, BOTTOM, TOP)
    across = axis_over([point.of for point in funnel.points], LEFT, RIGHT)
    outside = [point for point in funnel.points if point.places[0] != "inside"]
    canvas.text((LEFT, 20), heading(len(outside)), colour=SOFT)
    for tick in up.ticks():
        canvas.line((LEFT, up.place(tick)), (RIGHT, up.place(tick)), FAINT)
        canvas.text((LEFT - 8, up.place(tick) + 4), label(tick / scale, percent), anchor="end", colour=SOFT)
    for tick in (each for each in across.ticks() if each == int(each)):
        canvas.text((across.place(tick), BOTTOM + 20), written(tick, 0), anchor="middle", colour=SOFT)
    canvas.text(((LEFT + RIGHT) / 2, BOTTOM + 44), across_words, anchor="middle")
    draw_limits(canvas, funnel, across, up, scale)
    canvas.line((LEFT, BOTTOM), (RIGHT, BOTTOM), LINE, stroke_width=1.5)
    for point in funnel.points:
        at = across.place(point.of), up.place(point.value * scale)
        if point in outside:
            canvas.diamond(at, ALERT)
            # Near an edge the name runs back into the picture.
            anchor = "end" if at[0] > RIGHT - 60 else "start" if at[0] < LEFT + 60 else "middle"
            canvas.text((at[0], at[1] - 12), point.name, anchor=anchor, bold=True)
        else:
            canvas.dot(at, ACCENT, 5)
    rows = [row_of(point, percent) for point in funnel.points]
    words = f"All together {label(funnel.centre, percent)}. {heading(len(outside)).removeprefix('◆ ')}."
    return canvas.picture(name, title, words, ("Name", "Count", "Of", "Value", "95% limits", "Place"), rows)


def draw_limits(canvas: Canvas, funnel: Funnel, across: Axis, up: Axis, scale: float) -> None:
    centre = up.place((funnel.centre or 0) * scale)
    canvas.line((LEFT, centre), (RIGHT, centre), INK, stroke_width=1.5)
    canvas.text((RIGHT + 6, centre + 4), "All")
    for place, dashes in enumerate(({"stroke_dasharray": "6 4"}, {})):
        for end in ("low", "high"):
            line = [
                (across.place(each.of), up.place(getattr(each.limits[place], end) * scale)) for each in funnel.lines
            ]
            canvas.path(line, LINE, stroke_width=1.5, **dashes)
    inner, outer = (up.place(limit.high * scale) for limit in funnel.lines[-1].limits)
    canvas.text((RIGHT + 6, outer), f"{LEVELS[1] * 100:g}%", colour=SOFT)
    # Where both limits meet, as they do at 100%, their names stand one below the other.
    canvas.text((RIGHT + 6, max(inner + 8, outer + 16)), f"{LEVELS[0] * 100:g}%", colour=SOFT)


def heading(outside: int) -> str:
    if outside == 0:
        return "None differs by more than its size explains"
    return f"◆ {outside} {'differs' if outside == 1 else 'differ'} by more than size explains"


def label(value: float, percent: bool) -> str:
    return f"{written(value * 100, 0)}%" if percent else written(value, 2)


def row_of(point: FunnelPoint, percent: bool) -> tuple[str, ...]:
    limit = point.limits[0]
    reach = f"{label(limit.low, percent)} to {label(limit.high, percent)}"
    return (point.name, str(point.count), f"{point.of:g}", label(point.value, percent), reach, point.places[0])
