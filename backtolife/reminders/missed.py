"""Whoever missed a session without a word hears from us once, and how to catch up."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.letters.facts import Facts, Member
from backtolife.reminders.rules import MISSED_FOR, Window, missed_window
from backtolife.sessions.joining.running_late import not_coming
from backtolife.text.dates_in_words import short_day


def missed_letters(facts: Facts, site: str, *, now: datetime) -> Iterator[DueMessage]:
    """To those who did not come to a session that took place within a day, and had a place then. Nobody is written to
    who had told us that they cannot come, nor where nobody came.
    """
    for date in facts.dates:
        came = facts.came.get(date.id, set())
        if came and may_be_missed(date, facts.dates, now):
            day = short_day(date.starts_at, facts.cohort.zone)
            values = {"date": day, "link": site, "staff_name": facts.signs}
            for place, person in expected(facts, date):
                if person.id not in came:
                    key, about = f"missed-session:{date.id}:{place.id}", f"Session {date.number}."
                    window = window_of(date, facts.dates)
                    yield DueMessage(person, "missed-session", key, values, window, about=about)


def may_be_missed(date: SessionDate, dates: Sequence[SessionDate], now: datetime) -> bool:
    """Whether the session is over, and it is of use to write to who missed it."""
    return date.left_out_at is None and date.over_at <= now < window_of(date, dates).until


def would_miss(facts: Facts, *, now: datetime, by: datetime) -> Iterator[tuple[SessionDate, Window, list[Person]]]:
    """Who would be written to if they did not come, for each session that is not over and after which somebody may be
    until `by`.
    """
    for date in facts.dates:
        window = window_of(date, facts.dates)
        if date.left_out_at is None and now < date.over_at and window.since <= by and window.since < window.until:
            yield date, window, [person for _, person in expected(facts, date)]


def expected(facts: Facts, date: SessionDate) -> list[Member]:
    """Who had a place in the group when this session began and has not said that they cannot come."""
    held = facts.held.get(date.id)
    told = not_coming(held) if held is not None else frozenset()
    return [
        (place, person)
        for place, person in facts.members
        if had_a_place(place, facts.since, date) and person.id not in told
    ]


def window_of(date: SessionDate, dates: Sequence[SessionDate]) -> Window:
    return missed_window(date.over_at, missed_until(date, dates))


def had_a_place(enrolment: Enrolment, since: Mapping[str, datetime], date: SessionDate) -> bool:
    return enrolment.state in MAY_JOIN and since[enrolment.id] <= date.starts_at


def missed_until(date: SessionDate, dates: Sequence[SessionDate]) -> datetime:
    """When it is of no use any more to write that somebody was missed: the group meets again, or it is long ago."""
    later = [each.starts_at for each in dates if each.starts_at > date.starts_at and each.left_out_at is None]
    return min([*later, date.over_at + MISSED_FOR])
