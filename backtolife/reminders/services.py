"""Queue what is due now. Each message has a key of its own, so that a tick that runs twice writes once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlmodel import col, select

from backtolife import delivery
from backtolife.config import Settings
from backtolife.db import Db, session_scope
from backtolife.errors import BacktolifeError
from backtolife.outcomes.due import Due, due_for
from backtolife.outcomes.escalating import escalate_late
from backtolife.people.access import System
from backtolife.people.models import Person, Service
from backtolife.programme.enrolment import enrolled_in
from backtolife.programme.loading import shipped
from backtolife.programme.message_text import message
from backtolife.programme.models import Cohort, Enrolment, SessionDate
from backtolife.programme.rules import MAY_JOIN
from backtolife.reminders.rules import quiet, reminders_due
from backtolife.sessions import rehearsals
from backtolife.sessions.closing import close_left_open
from backtolife.sessions.services import for_date, open_join_address
from backtolife.wording import clock_time, short_day

log = structlog.get_logger(__name__)
LOOK_AHEAD = timedelta(hours=24)
QUESTION_MINUTES = "10"


@dataclass(frozen=True)
class Letter:
    """One message that is due: who gets it, which words, what fills them, and the key that makes it happen once."""

    person: Person
    template: str
    key: str
    values: dict[str, str]


def remind(engine: Engine, settings: Settings, now: datetime) -> int:
    """One tick: queue every reminder that is due and escalate late safety tasks. Returns how many were queued.

    Each cohort has a transaction of its own: one failure never stops the rest.
    """
    with session_scope(engine) as db:
        rehearsals.finish_forgotten(db, now=now)
        services = list(db.exec(select(Service.id).where(col(Service.rehearsal).is_(False))))
        cohorts = list(db.exec(select(Cohort.id).where(col(Cohort.service_id).in_(services))))
    for service_id in services:
        with session_scope(engine) as db:
            escalate_late(db, actor=System("scheduler", service_id), site=settings.public_url, now=now)
            close_left_open(db, actor=System("scheduler", service_id), now=now)
    queued = 0
    for cohort_id in cohorts:
        try:
            with session_scope(engine) as db:
                queued += remind_cohort(db, cohort_id=cohort_id, settings=settings, now=now)
        except BacktolifeError as error:
            log.warning("reminders_failed", cohort_id=cohort_id, error=type(error).__name__)
    return queued


def remind_cohort(db: Db, *, cohort_id: str, settings: Settings, now: datetime) -> int:
    """Queue what is due to the cohort's patients now."""
    cohort = db.get_one(Cohort, cohort_id)
    service = db.get_one(Service, cohort.service_id)
    members = enrolled_in(db, cohort.id)
    letters = [
        *session_letters(db, cohort, members, settings, now),
        *question_letters(db, cohort, members, settings, now),
    ]
    return sum(queue(db, service, letter, now) for letter in letters)


def session_letters(
    db: Db, cohort: Cohort, members: list[tuple[Enrolment, Person]], settings: Settings, now: datetime
) -> Iterator[Letter]:
    """Reminders of the sessions within a day. A session that moved is announced anew: its start is in the key."""
    near = select(SessionDate).where(
        SessionDate.cohort_id == cohort.id,
        col(SessionDate.starts_at) > now,
        col(SessionDate.starts_at) <= now + LOOK_AHEAD,
    )
    for date in db.exec(near):
        templates = reminders_due(date.starts_at, now, cohort.zone)
        if not templates:
            continue
        link = open_join_address(for_date(db, date), settings)
        values = {"date": short_day(date.starts_at, cohort.zone), "time": clock_time(date.starts_at, cohort.zone)}
        for enrolment, person in members:
            if enrolment.state in MAY_JOIN:
                for template in templates:
                    key = f"{template}:{date.id}:{date.starts_at:%Y%m%d%H%M}:{enrolment.id}"
                    yield Letter(person, template, key, values | {"link": link})


def question_letters(
    db: Db, cohort: Cohort, members: list[tuple[Enrolment, Person]], settings: Settings, now: datetime
) -> Iterator[Letter]:
    """That questions are open, and once more when they are late. Nobody who has answered is written to."""
    if quiet(now, cohort.zone):
        return
    for enrolment, person in members:
        for due in due_for(db, enrolment=enrolment, now=now):
            template = question_template(due)
            if template:
                values = {
                    "question_minutes": QUESTION_MINUTES,
                    "close_date": short_day(due.ask.closes_at - timedelta(minutes=1), cohort.zone),
                    "link": f"{settings.public_url}/questions",
                }
                yield Letter(person, template, f"{template}:{due.ask.id}:{enrolment.id}", values)


def question_template(due: Due) -> str:
    """Which message fits; the few questions after a session are asked on the page and never chased."""
    if due.finished or due.ask.after_session:
        return ""
    return {"due": "questionnaire-due", "overdue": "questionnaire-second-reminder"}.get(due.state, "")


def queue(db: Db, service: Service, letter: Letter, now: datetime) -> bool:
    values = {
        "first_name": letter.person.shown_name,
        "service_name": service.name,
        "service_short_name": service.short_name,
        "service_phone": service.phone,
        **letter.values,
    }
    words = message(shipped(), letter.template, "email", values)
    queued = delivery.queue(
        db,
        service_id=service.id,
        key=letter.key,
        address=letter.person.email,
        subject=words.subject,
        body=words.body,
        now=now,
        person_id=letter.person.id,
    )
    return queued is not None
