"""Many of staff invite guests at one moment: no more come in than may."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

from sqlalchemy import Engine
from sqlmodel import Session

from backtolife.database.session import session_scope
from backtolife.errors import Conflict, Invalid
from backtolife.people.models import Role
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.sessions.guests import courses
from backtolife.sessions.guests import services as guests
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.room.services import for_date
from tests.support.factories import Factory

MANY = 8


def succeed(engine: Engine, act: Callable[[Session], object]) -> int:
    """How many of those who do this at one moment can."""
    start = Barrier(MANY)

    def one(_: int) -> bool:
        start.wait()
        try:
            with session_scope(engine) as db:
                act(db)
        except (Conflict, Invalid):
            return False
        return True

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(one, range(MANY))).count(True)


def test_two_at_most_are_booked_beside_one_patient(engine: Engine, now: datetime) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service())
        place, lead = make.enrolment(cohort, "Linda"), make.actor(make.facilitator(cohort))
    booked = succeed(
        engine,
        lambda db: courses.book(db, enrolment=db.get_one(Enrolment, place.id), name="Marek", actor=lead, now=now),
    )
    assert booked == courses.MOST
    with Session(engine) as db:
        assert len(courses.companions_of(db, place.id)) == courses.MOST


def test_four_at_most_are_invited_to_one_session(engine: Engine, now: datetime) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service())
        lead = make.actor(make.facilitator(cohort))
        held = for_date(db, dates_of(db, cohort.id)[0])
    invited = succeed(
        engine,
        lambda db: guests.invite(
            db,
            group_session=db.get_one(GroupSession, held.id),
            role=Role.OBSERVER,
            name="Ewa",
            beside="",
            actor=lead,
            now=now,
        ),
    )
    assert invited == guests.MOST
