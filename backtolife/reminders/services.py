"""Queue what is due now. Each message has a key of its own, so that a tick that runs twice writes once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from backtolife.config import Settings
from backtolife.database.asked_once import ask_once
from backtolife.database.session import Db, reading, session_scope
from backtolife.mail import delivery
from backtolife.outcomes.asking.signing_needed import ask_for_signing
from backtolife.outcomes.safety.escalating import escalate_late
from backtolife.people.access import System
from backtolife.people.drafts import services as drafts
from backtolife.people.models import Service
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.calendars.feeds import address_for_text
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.discharge.forgotten import by_rule, forgotten_groups
from backtolife.reminders.coming_dates import ComingDates, coming_dates
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.letters.busy import busy
from backtolife.reminders.letters.loading import facts_of
from backtolife.reminders.letters.planning import planned
from backtolife.reminders.letters.sessions import reminded_now
from backtolife.reminders.messages.stale import forget_old_words, let_go
from backtolife.reminders.rules import AT_ONCE, after_quiet
from backtolife.sessions.records.came import came_to, settle_let_in
from backtolife.sessions.records.closing import close_left_open, forget_ended
from backtolife.sessions.rehearsals import services as rehearsals
from backtolife.sessions.room.services import for_date

log = structlog.get_logger(__name__)


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
    with ask_once(Session(reading(engine))) as db:
        cohorts = with_news(db, cohorts, settings, now)
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
    """Staff had time to discharge the people of a group that is over: now the programme's rule does, by day, for it
    writes to them.
    """
    cohort = db.get_one(Cohort, cohort_id)
    if after_quiet(now, cohort.zone) != now:
        return 0
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


def with_news(db: Db, cohort_ids: Sequence[str], settings: Settings, now: datetime) -> list[str]:
    """Those of these groups to which something goes now that was not queued before: most have nothing, and all are
    looked at together. Where that fails, each is looked at alone, and the one that it was fails there.
    """
    try:
        cohorts = db.exec(select(Cohort).where(col(Cohort.id).in_(cohort_ids))).all()
        facts = facts_of(db, cohorts, production=settings.production, now=now, by=now)
        letters = {key: planned(each, settings.public_url, now=now, by=now) for key, each in facts.items()}
        known: set[str] = set()
        for service_id in {each.service_id for each in cohorts}:
            here = [each.id for each in cohorts if each.service_id == service_id and each.id in letters]
            keys = [letter.key for key in here for _, letter in letters[key]]
            known |= delivery.known(db, service_id=service_id, keys=keys)
    except OperationalError:
        raise
    except Exception as error:
        log.warning("reminders_looked_at_alone", kind=type(error).__name__, exc_info=error)
        return list(cohort_ids)
    nothing = {key for key, those in letters.items() if all(letter.key in known for _, letter in those)}
    return [each for each in cohort_ids if each not in nothing]


def remind_cohort(db: Db, *, cohort_id: str, settings: Settings, now: datetime) -> int:
    """Queue what is due to the cohort's patients now. Raises NotKept where its programme cannot be read."""
    cohort = db.get_one(Cohort, cohort_id)
    programme_of(db, cohort)
    for date in reminded_now(dates_of(db, cohort.id), cohort.zone, now):
        for_date(db, date)
    facts = facts_of(db, [cohort], production=settings.production, now=now, by=now)[cohort.id]
    letters = [letter for _, letter in planned(facts, settings.public_url, now=now, by=now)]
    known = delivery.known(db, service_id=cohort.service_id, keys=[letter.key for letter in letters])
    new = [letter for letter in letters if letter.key not in known]
    if not new:
        return 0
    coming = coming_dates(db, cohort, settings, now)
    return sum(send_letter(db, cohort, each, coming, now) for each in new)


def send_letter(db: Db, cohort: Cohort, letter: DueMessage, coming: ComingDates, now: datetime) -> bool:
    site, person = coming.sender.site, letter.person
    return tell(
        db,
        person=person,
        cohort=cohort,
        template=letter.template,
        key=letter.key,
        values=letter.values,
        now=now,
        calendar=coming.file_for(person) if letter.with_dates else "",
        calendar_link=address_for_text(db, person=person, site=site, now=now) if letter.with_dates else "",
        at_once=letter.template in AT_ONCE,
    )
