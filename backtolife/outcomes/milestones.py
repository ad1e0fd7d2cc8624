"""When questionnaires are asked: windows that hang on a cohort's session dates and move with them."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Literal

from backtolife.errors import Invalid

State = Literal["upcoming", "due", "overdue", "closed"]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A point in the programme at which a battery of instruments is asked.

    Due `offset_days` and `offset_months` after (below 0: before) group session `anchor_session`; open `before` days
    earlier to `after` days later, both included.
    """

    id: str
    label: str
    anchor_session: int
    offset_days: int
    offset_months: int
    before: int
    after: int
    instruments: tuple[str, ...]
    patient_text: str


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


def read_milestone(data: Mapping[str, Any]) -> Milestone:
    """A milestone from its part of the programme template. Raises Invalid naming the milestone and the field."""
    name = data.get("id")
    try:
        due, window = data["due"], data["window_days"]
        milestone = Milestone(
            id=data["id"],
            label=data["label"],
            anchor_session=due["anchor_session"],
            offset_days=due.get("offset_days", 0),
            offset_months=due.get("offset_months", 0),
            before=window["before"],
            after=window["after"],
            instruments=tuple(data["instruments"]),
            patient_text=data["patient_text"],
        )
    except KeyError as error:
        raise Invalid(f"Milestone “{name}” must have “{error.args[0]}”.", field=str(error.args[0])) from error
    if milestone.before < 0 or milestone.after < 0:
        raise Invalid(f"Milestone “{name}”: window_days must not be below 0.", field="window_days")
    if not milestone.instruments:
        raise Invalid(f"Milestone “{name}” must ask at least one instrument.", field="instruments")
    return milestone


def after_each_session(
    numbers: Iterable[int], instruments: Sequence[str], patient_text: str, *, days_open: int = 7
) -> tuple[Milestone, ...]:
    """A small milestone for each group session: due on its day and open for `days_open` days after."""
    return tuple(
        Milestone(
            f"session-{number}", f"After session {number}", number, 0, 0, 0, days_open, tuple(instruments), patient_text
        )
        for number in numbers
    )


def window_of(milestone: Milestone, session_dates: Mapping[int, date]) -> Window:
    """Where `milestone` falls for a cohort.

    `session_dates` gives each session's day: a date, or an aware datetime in the cohort's zone. Raises Invalid when
    the anchor session has no date, or a datetime says nothing about its zone.
    """
    anchor = session_dates.get(milestone.anchor_session)
    if anchor is None:
        raise Invalid(f"“{milestone.label}” hangs on session {milestone.anchor_session}, which has no date yet.")
    if isinstance(anchor, datetime):
        if anchor.tzinfo is None:
            raise Invalid(f"Session {milestone.anchor_session} must have a time zone.")
        anchor = anchor.date()
    due = add_months(anchor, milestone.offset_months) + timedelta(days=milestone.offset_days)
    return Window(milestone, due - timedelta(days=milestone.before), due, due + timedelta(days=milestone.after))


def windows_of(milestones: Iterable[Milestone], session_dates: Mapping[int, date]) -> tuple[Window, ...]:
    """All windows of a cohort, first due first. Raises Invalid as `window_of` does."""
    return tuple(sorted((window_of(one, session_dates) for one in milestones), key=lambda window: window.due_on))


def by_state(windows: Iterable[Window], now: datetime, zone: tzinfo) -> dict[State, tuple[Window, ...]]:
    """The windows sorted by their state on the day it is in `zone` at `now` (aware)."""
    if now.tzinfo is None:
        raise Invalid("The present time must have a time zone.")
    today = now.astimezone(zone).date()
    sorted_: dict[State, list[Window]] = {"overdue": [], "due": [], "upcoming": [], "closed": []}
    for window in windows:
        sorted_[window.state(today)].append(window)
    return {state: tuple(found) for state, found in sorted_.items()}


def battery(milestone: Milestone, *, item9_covered: bool, fallback: Mapping[str, str]) -> tuple[str, ...]:
    """The instruments to ask. Where no named clinician sees alerts the same working day, `fallback` replaces
    those it names (phq-9 by phq-8); nothing is asked twice."""
    if item9_covered:
        return milestone.instruments
    return tuple(dict.fromkeys(fallback.get(name, name) for name in milestone.instruments))


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or the last of that month where it is shorter: 30 November + 3 is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
