"""When questionnaires are asked: windows that hang on a cohort's session dates and move with them."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from backtolife.errors import Invalid
from backtolife.programme.plan.template import Milestone

State = Literal["upcoming", "due", "overdue", "closed"]


@dataclass(frozen=True, slots=True)
class Window:
    """A milestone on one cohort's calendar. All three are dates in the cohort's zone; the last day is open."""

    milestone: Milestone
    opens_on: date
    due_on: date
    closes_on: date

    def state(self, today: date) -> State:
        """Upcoming before it opens, due up to the due day, overdue from the day after, closed after the last day."""
        if today < self.opens_on:
            return "upcoming"
        if today <= self.due_on:
            return "due"
        return "overdue" if today <= self.closes_on else "closed"


def after_each_session(
    numbers: Iterable[int], instruments: Sequence[str], patient_text: str, *, days_open: int = 7
) -> tuple[Milestone, ...]:
    """A small milestone for each group session: due on its day and open for `days_open` days after."""
    return tuple(
        Milestone(
            id=f"session-{number}",
            label=f"After session {number}",
            anchor_session=number,
            offset_days=0,
            offset_months=0,
            days_before=0,
            days_after=days_open,
            instrument_ids=tuple(instruments),
            patient_text=patient_text,
        )
        for number in numbers
    )


def window_of(milestone: Milestone, session_dates: Mapping[int, date], zone: tzinfo) -> Window:
    """Where `milestone` falls for a cohort.

    Due the milestone's days or months after its anchor session; open `days_before` that to `days_after`, both included.
    `session_dates` gives each session's day by its number: a date, or an aware datetime, read in the cohort's `zone`.
    Raises Invalid when the anchor session has no date, or a datetime says nothing about its zone.
    """
    anchor = session_dates.get(milestone.anchor_session)
    if anchor is None:
        raise Invalid(f"“{milestone.label}” hangs on session {milestone.anchor_session}, which has no date yet.")
    if isinstance(anchor, datetime):
        if anchor.tzinfo is None:
            raise Invalid(f"Session {milestone.anchor_session} must have a time zone.")
        anchor = anchor.astimezone(zone).date()
    due = add_months(anchor, milestone.offset_months) + timedelta(days=milestone.offset_days)
    return Window(
        milestone, due - timedelta(days=milestone.days_before), due, due + timedelta(days=milestone.days_after)
    )


def windows_of(milestones: Iterable[Milestone], session_dates: Mapping[int, date], zone: tzinfo) -> tuple[Window, ...]:
    """All windows of a cohort, first due first. Raises Invalid as `window_of` does."""
    return tuple(sorted((window_of(one, session_dates, zone) for one in milestones), key=lambda window: window.due_on))


def battery(milestone: Milestone, *, item9_covered: bool, fallback: Mapping[str, str]) -> tuple[str, ...]:
    """The instruments to ask. Where no named clinician sees alerts the same working day, `fallback` replaces
    those it names (phq-9 by phq-8); nothing is asked twice."""
    if item9_covered:
        return milestone.instrument_ids
    return tuple(dict.fromkeys(fallback.get(name, name) for name in milestone.instrument_ids))


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last of that month where it is shorter: 30 November + 3 is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
