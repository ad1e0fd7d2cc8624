"""Reminders of a session. One that moved is announced anew: its start is in the key."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from backtolife.programme.cohorts.models import SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.letters.facts import Facts
from backtolife.reminders.rules import SESSION_REMINDERS, Window
from backtolife.sessions.joining.running_late import not_coming
from backtolife.sessions.room.services import join_address
from backtolife.text.dates_in_words import clock_time, short_day


def session_letters(facts: Facts, site: str, *, now: datetime, by: datetime) -> Iterator[DueMessage]:
    """Those of the sessions of which one goes from `now` until `by`, to who has not said that they cannot come."""
    zone = facts.cohort.zone
    for date in facts.dates:
        windows = windows_of(date)
        templates = going(windows, zone, now=now, by=by)
        if date.left_out_at is not None or not templates:
            continue
        held = facts.held.get(date.id)
        link = join_address(held, site) if held is not None else site
        absent = not_coming(held) if held is not None else frozenset()
        values = {"date": short_day(date.starts_at, zone), "time": clock_time(date.starts_at, zone)}
        for enrolment, person in facts.members:
            if enrolment.state in MAY_JOIN and person.id not in absent:
                for template in templates:
                    key = f"{template}:{date.id}:{date.starts_at:%Y%m%d%H%M}:{enrolment.id}"
                    filled, about = values | {"link": link}, f"Session {date.number}."
                    yield DueMessage(person, template, key, filled, windows[template], about=about)


def reminded_now(dates: Iterable[SessionDate], zone: str, now: datetime) -> list[SessionDate]:
    """The sessions of which somebody is to be reminded at `now`: their address has to be known."""
    return [each for each in dates if each.left_out_at is None and going(windows_of(each), zone, now=now, by=now)]


def windows_of(date: SessionDate) -> dict[str, Window]:
    """When each reminder of a session may go, by template."""
    return {each.template: each.window(date.starts_at) for each in SESSION_REMINDERS}


def going(windows: Mapping[str, Window], zone: str, *, now: datetime, by: datetime) -> list[str]:
    """Which of these go from `now` until `by`."""
    goes = {name: window.goes_at(now, zone) for name, window in windows.items()}
    return [name for name, at in goes.items() if at is not None and at <= by]
