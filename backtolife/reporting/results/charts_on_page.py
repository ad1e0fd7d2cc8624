"""The pictures of a page or a report, drawn from its figures; each brings its table."""

from dataclasses import dataclass

from backtolife.reporting.analysis.service.xmr import XmR
from backtolife.reporting.charts.funnel_plot import funnel_plot
from backtolife.reporting.charts.interval_rows import IntervalRow, interval_rows
from backtolife.reporting.charts.picture import Picture
from backtolife.reporting.charts.xmr_chart import xmr_chart
from backtolife.reporting.figures.change import ChangeRow
from backtolife.reporting.figures.evidence import Evidence
from backtolife.reporting.figures.face_to_face.remote import Remote

FEWEST_GROUPS = 3
"""Fewer groups than this are a table, not a picture."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Those there are data for; `remote` in the order of the comparisons."""

    change: Picture | None
    later: Picture | None
    between: Picture | None
    completion: Picture | None
    gain: Picture | None
    remote: tuple[Picture | None, ...]


def pictures(found: Evidence) -> Pictures:
    """Draw what `found` holds. A part of the service has no pictures of its own."""
    computed = found.computed
    if computed is None:
        return Pictures(None, None, None, None, None, ())
    lead = [
        row for row in (*computed.change, *computed.later) if found.measure and row.measure.key == found.measure.key
    ]
    points = len(computed.between.points) >= FEWEST_GROUPS
    words = "Completed, of those who came to a session"
    return Pictures(
        change=spread(computed.change),
        later=points_of(lead) if len(lead) > 1 else None,
        between=funnel_plot("between", words, computed.between, across_words="People who came to a session")
        if points
        else None,
        completion=over(found.over_time[0], "completion", f"{words}, in per cent", 0),
        gain=over(found.over_time[1], "gain", "Mean change, in points; above 0 is better", 1),
        remote=tuple(compared(place, each) for place, each in enumerate(computed.remote)),
    )


def spread(rows: list[ChangeRow]) -> Picture | None:
    """Every measure on one axis, in units of spread."""
    drawn = [
        IntervalRow(name_of(row), row.effect.d_av, row.effect.d_av_interval.low, row.effect.d_av_interval.high)
        for row in rows
        if row.effect.d_av is not None and row.effect.d_av_interval is not None
    ]
    title = "Change from start to end: effect size (d)"
    return interval_rows("change", title, drawn) if drawn else None


def points_of(rows: list[ChangeRow]) -> Picture | None:
    """The leading measure from the end to the last follow-up, in its own points."""
    drawn = [
        IntervalRow(row.label, row.change.improvement, row.change.interval.low, row.change.interval.high)
        for row in rows
        if row.change.interval is not None
    ]
    return (
        interval_rows("later", f"{rows[0].measure.title}: change since the start, in points", drawn) if drawn else None
    )


def over(chart: XmR, name: str, title: str, places: int) -> Picture | None:
    return xmr_chart(name, title, chart, places=places) if len(chart.points) >= FEWEST_GROUPS else None


def compared(place: int, each: Remote) -> Picture | None:
    if each.found is None:
        return None
    interval = each.found.interval
    row = IntervalRow(
        f"{each.title}: {each.label}",
        each.found.difference,
        interval.low if interval else None,
        interval.high if interval else None,
    )
    return interval_rows(
        f"remote-{place}", f"Remote less face to face: {each.title}, {each.label}", [row], margin=each.plan.points,
        worse="Face to face better", better="Remote better",
    )  # fmt: skip


def name_of(row: ChangeRow) -> str:
    own = ", our own words" if row.measure.wording.in_house else ""
    return f"{row.measure.title} ({row.measure.short}{own})"
