"""Reminders of a session. One that moved is announced anew: its start is in the key."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from backtolife.config import Settings
from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.rules import SESSION_REMINDERS
from backtolife.sessions.joining.running_late import not_coming
from backtolife.sessions.room.services import for_date, kept_for, open_join_address
from backtolife.text.dates_in_words import clock_time, short_day


def session_letters(
    db: Db,
    cohort: Cohort,
    members: list[tuple[Enrolment, Person]],
    dates: Sequence[SessionDate],
    settings: Settings,
    *,
    now: datetime,
    by: datetime,
) -> Iterator[DueMessage]:
    """Those of the sessions of which one goes from `now` until `by`, to who has not said that they cannot come."""
    for date in dates:
        windows = {each.template: each.window(date.starts_at) for each in SESSION_REMINDERS}
        goes = {name: window.goes_at(now, cohort.zone) for name, window in windows.items()}
        templates = [name for name, at in goes.items() if at is not None and at <= by]
        if date.left_out_at is not None or not templates:
            continue
        is_now = any(at == now for at in goes.values())
        held = for_date(db, date) if is_now else kept_for(db, date)  # to look ahead makes nothing
        link = open_join_address(held, settings) if held is not None else settings.public_url
        absent = not_coming(db, held) if held is not None else frozenset()
        values = {"date": short_day(date.starts_at, cohort.zone), "time": clock_time(date.starts_at, cohort.zone)}
        for enrolment, person in members:
            if enrolment.state in MAY_JOIN and person.id not in absent:
                for template in templates:
                    key = f"{template}:{date.id}:{date.starts_at:%Y%m%d%H%M}:{enrolment.id}"
                    filled, about = values | {"link": link}, f"Session {date.number}."
                    yield DueMessage(person, template, key, filled, windows[template], about=about)
