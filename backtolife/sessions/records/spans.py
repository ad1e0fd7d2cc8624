"""Attendance as dose: minutes present, in all and per section, from spans of connection. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

NO_TIME, MINUTE = timedelta(), timedelta(minutes=1)


@dataclass(frozen=True)
class Span:
    """From one moment to another; both aware."""

    start: datetime
    end: datetime


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time covered, without overlaps, in order: two tabs at once count once."""
    whole: list[Span] = []
    for span in sorted(spans, key=lambda each: each.start):
        if span.end <= span.start:
            continue
        if whole and span.start <= whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return whole


def overlap(start: datetime, end: datetime, window: Span) -> timedelta:
    """How much of `window` lies between two moments."""
    return max(min(end, window.end) - max(start, window.start), NO_TIME)


def within(spans: Iterable[Span], window: Span) -> timedelta:
    """How much of `window` the spans cover, counted once."""
    clipped = (Span(max(span.start, window.start), min(span.end, window.end)) for span in spans)
    return sum((span.end - span.start for span in merged(clipped)), timedelta())


def minutes(time: timedelta) -> int:
    """Whole minutes, rounded to the nearest."""
    return round(time / MINUTE)


def minutes_per_section(spans: Sequence[Span], sections: Iterable[tuple[str, Span]]) -> Mapping[str, int]:
    """Minutes present in each section; a section the group came back to adds up."""
    time: dict[str, timedelta] = {}
    for section_id, window in sections:
        time[section_id] = time.get(section_id, timedelta()) + within(spans, window)
    return {section_id: minutes(total) for section_id, total in time.items()}


def came_late(spans: Sequence[Span], started_at: datetime, grace: timedelta = timedelta(minutes=10)) -> bool:
    """Whether the first connection began more than `grace` after the start."""
    return bool(spans) and min(span.start for span in spans) > started_at + grace
