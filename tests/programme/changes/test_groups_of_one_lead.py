"""Two groups of one lead who are moved, or given to them, at the same moment: they never meet at the same hour."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, datetime, time
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.database.session import Db, session_scope
from backtolife.errors import Clashes
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role, Service
from backtolife.programme.changes import moving
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.models import Cohort, CohortStaff, SessionDate, StaffPlace
from backtolife.programme.cohorts.timetable import elsewhere
from backtolife.programme.cohorts.timetable.overlaps import Elsewhere
from backtolife.programme.staffing import services
from tests.programme.changes.desk import Desk, desk_of
from tests.support.factories import Factory

NOON = Wish(ChangeKind.MOVED, 2, date(2026, 3, 19), time(12))
WAIT_SECONDS = 2.0


@pytest.fixture
def both_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has looked at where people are waits for the other one to look, unless a lock keeps that one back."""
    looked, look = Barrier(2), elsewhere.elsewhere

    def looking(db: Db, **about: Any) -> list[Elsewhere]:
        found = look(db, **about)
        with suppress(BrokenBarrierError):
            looked.wait(WAIT_SECONDS)
        return found

    monkeypatch.setattr(elsewhere, "elsewhere", looking)
    monkeypatch.setattr(services, "elsewhere", looking)


def at_once(engine: Engine, works: Sequence[Callable[[Session], object]]) -> list[str]:
    """Each work on a connection of its own, at the same moment: "kept", or the words it was refused with."""

    def one(work: Callable[[Session], object]) -> str:
        try:
            with session_scope(engine) as db:
                work(db)
        except Clashes as error:
            return error.reasons[0]
        return "kept"

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(one, works), key=len)


def two_groups(engine: Engine, settings: Settings, now: datetime) -> tuple[Desk, list[str], str]:
    """The desk, two groups that meet at other hours with one lead, and a colleague who leads nothing yet."""
    with session_scope(engine) as db:
        make = Factory(db, now)
        desk = desk_of(make, db, settings, now)
        service = db.get_one(Service, desk.cohort.service_id)
        other = make.cohort(service, "Evenings")
        for each in db.exec(select(SessionDate).where(SessionDate.cohort_id == other.id)):
            each.starts_at, each.ends_at = each.starts_at.replace(hour=18), each.ends_at.replace(hour=20)
        lead = db.exec(select(CohortStaff).where(CohortStaff.cohort_id == desk.cohort.id)).first()
        assert lead is not None
        db.add(CohortStaff(service_id=service.id, cohort_id=other.id, person_id=lead.person_id, place=StaffPlace.LEAD))
        free = make.person(service, Role.FACILITATOR, "Max")
        return desk, [desk.cohort.id, other.id], free.id


def test_of_two_groups_of_one_lead_moved_to_one_hour_at_once_one_is_refused_with_the_clash(
    engine: Engine, settings: Settings, now: datetime, both_look: None
) -> None:
    desk, groups, _ = two_groups(engine, settings, now)
    seen: list[tuple[str, str]] = []
    for group in groups:
        with Session(engine) as db:
            seen.append((group, Desk(db, db.get_one(Cohort, group), desk.lead, desk.around, now).ask(NOON).agreed))

    def move(group: str, agreed: str) -> Callable[[Session], object]:
        return lambda db: moving.change_dates(
            db,
            cohort=db.get_one(Cohort, group),
            wish=NOON,
            agreed=agreed,
            actor=desk.lead,
            around=desk.around,
            now=now,
        )

    kept, refused = at_once(engine, [move(*each) for each in seen])
    assert kept == "kept"
    assert "Jo" in refused


def test_of_two_groups_at_one_hour_given_to_one_lead_at_once_one_is_refused_with_the_clash(
    engine: Engine, settings: Settings, now: datetime, both_look: None
) -> None:
    desk, groups, free = two_groups(engine, settings, now)
    with session_scope(engine) as db:
        first, second = (
            db.exec(select(SessionDate).where(SessionDate.cohort_id == group, SessionDate.number == 2)).one()
            for group in groups
        )
        second.starts_at, second.ends_at = first.starts_at, first.ends_at

    def give(group: str, actor: Actor) -> Callable[[Session], object]:
        return lambda db: services.change_staff(
            db,
            cohort=db.get_one(Cohort, group),
            place=StaffPlace.LEAD,
            person=db.get_one(Person, free),
            actor=actor,
            now=now,
        )

    kept, refused = at_once(engine, [give(group, desk.lead) for group in groups])
    assert kept == "kept"
    assert "Max" in refused
