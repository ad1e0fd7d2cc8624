"""Queue what is due now. Each message has a key of its own, so that a tick that runs twice writes once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from backtolife.config import Settings
from backtolife.database.session import Db, reading, session_scope
from backtolife.mail import delivery
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.due import Due, due_of_each
from backtolife.outcomes.asking.readiness import unsigned_of, waits
from backtolife.outcomes.asking.schedule import asks_on
from backtolife.outcomes.asking.signing_needed import ask_for_signing
from backtolife.outcomes.forms.models import Reopening
from backtolife.outcomes.safety.escalating import escalate_late
from backtolife.people.access import System
from backtolife.people.drafts import services as drafts
from backtolife.people.models import Person, Service
from backtolife.programme.adopted.services import NotKept
from backtolife.programme.cohorts.enrolment import enrolled_in, left_but_asked
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.discharge.forgotten import by_rule, forgotten_groups
from backtolife.reminders.coming_dates import ComingDates, coming_dates
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.later_words import later_words_letters
from backtolife.reminders.messages.stale import forget_old_words, let_go
from backtolife.reminders.missed import missed_letters
from backtolife.reminders.offers import groups_with_offers, offer_letters
from backtolife.reminders.rules import (
    MISSED_WITHIN,
    WELCOME_WITHIN,
    newly_enrolled,
    quiet,
    reminders_due,
    second_is_due,
)
from backtolife.sessions.joining.running_late import not_coming
from backtolife.sessions.records.came import came_to, settle_let_in
from backtolife.sessions.records.closing import close_left_open, forget_ended
from backtolife.sessions.rehearsals import services as rehearsals
from backtolife.sessions.room.services import for_date, open_join_address
from backtolife.text.dates_in_words import clock_time, short_day

log = structlog.get_logger(__name__)
LOOK_AHEAD = timedelta(hours=24)
QUESTION_MINUTES = "10"
SECOND = "questionnaire-second-reminder"
FOLLOW_UP = "follow-up-due"
"""The words of the first message about questions some months after the end."""
AT_ONCE = frozenset({"reminder-1h"})
"""Late is worse than loud."""


def remind(engine: Engine, settings: Settings, now: datetime) -> int:
    """One tick: queue every reminder that is due and escalate late safety tasks. Returns how many were queued.

    Each step of each service and each cohort has a transaction of its own: one failure never stops the rest.
    """
    with alone(what="tidying"), session_scope(engine) as db:
        rehearsals.finish_forgotten(db, now=now)
    with alone(what="drafts"), session_scope(engine) as db:
        drafts.drop_old(db, now=now)
    with alone(what="old words"), session_scope(engine, reads_first=True) as db:
        forget_old_words(db, now=now)
    with Session(reading(engine)) as db:
        services = list(db.exec(select(Service.id).where(col(Service.rehearsal).is_(False))))
        cohorts = busy(db, service_ids=services, now=now)
        over = forgotten_groups(db, service_ids=services, now=now)
    for service_id in services:
        look_after(engine, settings, System("scheduler", service_id), now)
    for cohort_id in over:
        with alone(what="discharge", cohort_id=cohort_id), session_scope(engine) as db:
            discharge_by_rule(db, cohort_id=cohort_id, settings=settings, now=now)
    queued = 0
    for cohort_id in cohorts:
        with alone(cohort_id=cohort_id), session_scope(engine, reads_first=True) as db:
            queued += remind_cohort(db, cohort_id=cohort_id, settings=settings, now=now)
    return queued


def look_after(engine: Engine, settings: Settings, actor: System, now: datetime) -> None:
    """What is done for a service as a whole. The tasks of safety come first."""
    site, service_id = settings.public_url, actor.service_id
    with alone(what="tasks", service_id=service_id), session_scope(engine) as db:
        escalate_late(db, actor=actor, site=site, now=now)
    with alone(what="signing", service_id=service_id), session_scope(engine) as db:
        ask_for_signing(db, service_id=service_id, production=settings.production, site=site, now=now)
    with alone(what="stale messages", service_id=service_id), session_scope(engine, reads_first=True) as db:
        let_go(db, actor=actor, production=settings.production, now=now)
    with alone(what="closing", service_id=service_id), session_scope(engine) as db:
        close_left_open(db, actor=actor, now=now)
    with alone(what="forgetting", service_id=service_id), session_scope(engine) as db:
        forget_ended(db, actor=actor, now=now)
    with alone(what="let in", service_id=service_id), session_scope(engine, reads_first=True) as db:
        settle_let_in(db, actor=actor, now=now)


def discharge_by_rule(db: Db, *, cohort_id: str, settings: Settings, now: datetime) -> int:
    """Staff had time to discharge the people of a group that is over: now the programme's rule does."""
    cohort = db.get_one(Cohort, cohort_id)
    actor, came = System("scheduler", cohort.service_id), came_to(db, cohort, now)
    return by_rule(db, cohort=cohort, came=came, site=settings.public_url, actor=actor, now=now)


@contextmanager
def alone(**of: str) -> Iterator[None]:
    """Whatever goes wrong inside is logged, and tried again at the next tick. A database that is away ends the tick."""
    try:
        yield
    except OperationalError:
        raise
    except Exception as error:
        log.error("reminders_failed", kind=type(error).__name__, exc_info=error, **of)


def busy(db: Db, *, service_ids: list[str], now: datetime) -> list[str]:
    """The groups that may be written to now, by their dates alone: most have no session near and no questions open.

    Six statements, however many groups there are. A group with somebody new or without an answer is written to as well.
    """
    on: dict[str, list[SessionDate]] = {}
    for date in db.exec(select(SessionDate).where(col(SessionDate.service_id).in_(service_ids))):
        on.setdefault(date.cohort_id, []).append(date)
    again = select(Enrolment.cohort_id).join(Reopening, col(Reopening.enrolment_id) == col(Enrolment.id))
    reopened = set(db.exec(again.where(col(Reopening.until) > now)))
    reopened |= not_welcomed(db, now)
    reopened |= groups_with_offers(db, service_ids, now)
    cohorts = db.exec(select(Cohort).where(col(Cohort.service_id).in_(service_ids)))
    return [each.id for each in cohorts if each.id in reopened or near(db, each, on.get(each.id, []), now)]


def not_welcomed(db: Db, now: datetime) -> set[str]:
    """The groups with somebody new who has not heard from us."""
    new = select(Enrolment).where(Enrolment.enrolled_at > now - WELCOME_WITHIN)
    keys = {f"welcome:{each.id}": each for each in db.exec(new)}
    told = set(db.exec(select(OutgoingMessage.key).where(col(OutgoingMessage.key).in_(list(keys)))))
    return {each.cohort_id for key, each in keys.items() if key not in told}


def near(db: Db, cohort: Cohort, dates: list[SessionDate], now: datetime) -> bool:
    """Whether a session comes within a day or was a day ago, a milestone's questions are open, or nobody can tell."""
    if any(now - MISSED_WITHIN < date.ends_at and date.starts_at <= now + LOOK_AHEAD for date in dates):
        return True
    try:
        asks = asks_on(db, cohort, dates, covered=True)
    except NotKept:
        return True  # and fails there, alone
    return any(not ask.after_session and ask.state(now) in ("due", "overdue") for ask in asks)


def remind_cohort(db: Db, *, cohort_id: str, settings: Settings, now: datetime) -> int:
    """Queue what is due to the cohort's patients now."""
    cohort = db.get_one(Cohort, cohort_id)
    members = enrolled_in(db, cohort.id)
    letters = [
        *welcome_letters(cohort, members, settings, now),
        *offer_letters(db, cohort, settings.public_url, now),
        *session_letters(db, cohort, members, settings, now),
        *missed_letters(db, cohort, members, settings, now),
        *later_words_letters(db, cohort, settings.public_url, now),
        *question_letters(db, cohort, members + left_but_asked(db, cohort.id), settings, now),
    ]
    known = delivery.known(db, service_id=cohort.service_id, keys=[letter.key for letter in letters])
    new = [letter for letter in letters if letter.key not in known]
    if not new:
        return 0
    coming = coming_dates(db, cohort, settings, now)
    return sum(send_letter(db, cohort, each, coming, now) for each in new)


def send_letter(db: Db, cohort: Cohort, letter: DueMessage, coming: ComingDates, now: datetime) -> bool:
    return tell(
        db,
        person=letter.person,
        cohort=cohort,
        template=letter.template,
        key=letter.key,
        values=letter.values,
        now=now,
        calendar=coming.file_for(letter.person) if letter.with_dates else "",
        at_once=letter.template in AT_ONCE,
    )


def session_letters(
    db: Db, cohort: Cohort, members: list[tuple[Enrolment, Person]], settings: Settings, now: datetime
) -> Iterator[DueMessage]:
    """Reminders of the sessions within a day. A session that moved is announced anew: its start is in the key."""
    near = select(SessionDate).where(
        SessionDate.cohort_id == cohort.id,
        col(SessionDate.starts_at) > now,
        col(SessionDate.starts_at) <= now + LOOK_AHEAD,
        col(SessionDate.left_out_at).is_(None),
    )
    for date in db.exec(near):
        templates = reminders_due(date.starts_at, now, cohort.zone)
        if not templates:
            continue
        group_session = for_date(db, date)
        link, absent = open_join_address(group_session, settings), not_coming(db, group_session)
        values = {"date": short_day(date.starts_at, cohort.zone), "time": clock_time(date.starts_at, cohort.zone)}
        for enrolment, person in members:
            if enrolment.state in MAY_JOIN and person.id not in absent:
                for template in templates:
                    key = f"{template}:{date.id}:{date.starts_at:%Y%m%d%H%M}:{enrolment.id}"
                    yield DueMessage(person, template, key, values | {"link": link})


def question_letters(
    db: Db, cohort: Cohort, members: list[tuple[Enrolment, Person]], settings: Settings, now: datetime
) -> Iterator[DueMessage]:
    """That questions are open, and once more when they are late. Nobody who has answered is written to, and nobody
    before the questions can be asked.
    """
    if quiet(now, cohort.zone):
        return
    dues_of = due_of_each(db, cohort=cohort, enrolments=[enrolment for enrolment, _ in members], now=now)
    asked = [(enrolment, person, dues_of[enrolment.id]) for enrolment, person in members]
    every = [due for _, _, dues in asked for due in dues if question_template(due)]
    not_ready = unsigned_of(db, service_id=cohort.service_id, dues=every, production=settings.production, now=now)
    late = [
        first_of(due, enrolment) for enrolment, _, dues in asked for due in dues if question_template(due) == SECOND
    ]
    told = delivery.queued_at(db, service_id=cohort.service_id, keys=late)
    for enrolment, person, dues in asked:
        for due in dues:
            template = first_things_first(due, told.get(first_of(due, enrolment)), now)
            if template and not waits(due, not_ready):
                values = {
                    "question_minutes": QUESTION_MINUTES,
                    "close_date": short_day(due.ask.closes_at - timedelta(minutes=1), cohort.zone),
                    "link": f"{settings.public_url}/questions",
                }
                words = FOLLOW_UP if due.ask.later and template != SECOND else template
                yield DueMessage(person, words, f"{template}:{due.ask.id}:{enrolment.id}", values)


def welcome_letters(
    cohort: Cohort, members: list[tuple[Enrolment, Person]], settings: Settings, now: datetime
) -> Iterator[DueMessage]:
    """The first thing that anybody hears from us, also whoever got a place when the group had begun."""
    if quiet(now, cohort.zone):
        return
    for enrolment, person in members:
        if newly_enrolled(enrolment.enrolled_at, now) and enrolment.state in MAY_JOIN:
            link = {"link": settings.public_url}
            yield DueMessage(person, "welcome", f"welcome:{enrolment.id}", link, with_dates=True)


def first_of(due: Due, enrolment: Enrolment) -> str:
    """The key of the first message about these questions."""
    return f"questionnaire-due:{due.ask.id}:{enrolment.id}"


def first_things_first(due: Due, told_at: datetime | None, now: datetime) -> str:
    """Nobody is reminded of what they were never told: the second message waits until the first one is old.

    Whoever began to answer without a message knows of the questions since then, and may be answering just now.
    """
    template = question_template(due)
    known_since = told_at or due.begun_at
    if template != SECOND:
        return template
    if known_since is None:
        return "questionnaire-due"
    return template if second_is_due(known_since, now) else ""


def question_template(due: Due) -> str:
    """Which message fits; the few questions after a session are asked on the page and never chased."""
    if due.finished or due.ask.after_session:
        return ""
    return {"due": "questionnaire-due", "overdue": SECOND}.get(due.state, "")
