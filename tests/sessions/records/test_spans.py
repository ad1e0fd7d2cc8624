"""Minutes present: counted once, inside the session, per section."""

from datetime import UTC, datetime, timedelta

from backtolife.sessions.records import spans
from backtolife.sessions.records.spans import Span

TEN = datetime(2026, 3, 3, 10, tzinfo=UTC)


def span(start: float, end: float) -> Span:
    return Span(TEN + timedelta(minutes=start), TEN + timedelta(minutes=end))


def test_two_tabs_at_once_count_once() -> None:
    assert spans.minutes(spans.within([span(0, 30), span(10, 40)], span(0, 90))) == 40


def test_a_gap_is_not_counted() -> None:
    assert spans.minutes(spans.within([span(0, 10), span(20, 30)], span(0, 90))) == 20


def test_waiting_before_the_start_is_not_attendance() -> None:
    assert spans.minutes(spans.within([span(-15, 30)], span(0, 90))) == 30


def test_a_span_that_ends_before_it_begins_counts_nothing() -> None:
    assert spans.merged([span(10, 5)]) == []


def test_minutes_fall_into_the_sections_they_belong_to() -> None:
    sections = [("welcome", span(0, 10)), ("check-in", span(10, 24)), ("welcome", span(24, 30))]
    assert spans.minutes_per_section([span(5, 26)], sections) == {"welcome": 7, "check-in": 14}


def test_a_late_joiner_is_marked_late() -> None:
    assert spans.came_late([span(12, 90)], TEN)
    assert not spans.came_late([span(9, 90)], TEN)
    assert not spans.came_late([], TEN)
