"""Places moved, given and taken back in the same moment: nobody ends in two groups at one hour, or in two that run."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.errors import Conflict
from backtolife.people.models import Person, Role, Service
from backtolife.programme.changes import moving
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.timetable import elsewhere
from backtolife.programme.places import leaving, offers, transfer
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason
from tests.programme.changes.desk import Desk, desk_of
from tests.support.factories import Factory
from tests.support.people.at_once import at_once

NOON = Wish(ChangeKind.MOVED, 2, date(2026, 3, 17), time(12))
SITE, LAST_DAY = "http://localhost", date(2026, 3, 3)
LEFT = Leaving(DecidedBy.PATIENT, Reason.WORK, "")
WAIT_SECONDS = 2.0


def both_wait(monkeypatch: pytest.MonkeyPatch, name: str, *rooms: object) -> None:
    """Whoever has looked where people are waits for the other one to look, unless a lock keeps that one back."""
    looked, look = Barrier(2), getattr(rooms[0], name)

    def looking(*who: Any, **about: Any) -> Any:
        found = look(*who, **about)
        with suppress(BrokenBarrierError):
            looked.wait(WAIT_SECONDS)
        return found

    for room in rooms:
        monkeypatch.setattr(room, name, looking)


@dataclass
class Twice:
    """Ann has a place in the mornings and one in the evenings, as after two records were made one."""

    desk: Desk
    engine: Engine
    groups: dict[str, str]
    places: dict[str, str]

    def transfer(self, group: str, to: str) -> Callable[[Session], object]:
        return lambda db: transfer.transfer(
            db,
            enrolment=db.get_one(Enrolment, self.places[group]),
            to=db.get_one(Cohort, self.groups[to]),
            words="",
            site=SITE,
            actor=self.desk.lead,
            now=self.desk.now,
        )

    def hours(self) -> Sequence[datetime]:
        """When Ann is somewhere, session by session."""
        with Session(self.engine) as db:
            mine = select(Enrolment.cohort_id).where(Enrolment.id.in_([*self.places.values()]))  # type: ignore[attr-defined]
            wanted = select(SessionDate.starts_at).where(SessionDate.cohort_id.in_(db.exec(mine).all()))  # type: ignore[attr-defined]
            return db.exec(wanted).all()


@pytest.fixture
def ann(engine: Engine, settings: Settings, now: datetime) -> Twice:
    with session_scope(engine) as db:
        make = Factory(db, now)
        desk = desk_of(make, db, settings, now)
        service = db.get_one(Service, desk.cohort.service_id)
        lead = make.person(service, Role.CLINICAL_LEAD)
        desk.lead = make.actor(lead)
        groups = {"mornings": desk.cohort}
        for name, hour in (("evenings", 18), ("noon", 12), ("lunch", 12)):
            groups[name] = make.cohort(service, name.title())
            for each in db.exec(select(SessionDate).where(SessionDate.cohort_id == groups[name].id)):
                each.starts_at, each.ends_at = each.starts_at.replace(hour=hour), each.ends_at.replace(hour=hour + 2)
        place = make.enrolment(desk.cohort, "Annie")
        person = db.get_one(Person, place.person_id)
        second = enrol(db, patient=person, cohort=groups["evenings"], actor=desk.lead, now=now)
        places = {"mornings": place.id, "evenings": second.id}
        return Twice(desk, engine, {name: each.id for name, each in groups.items()}, places)


def test_of_two_places_moved_to_one_hour_at_once_one_is_refused_with_the_clash(
    ann: Twice, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_wait(monkeypatch, "elsewhere", transfer)
    said = at_once(ann.engine, ann.transfer("mornings", "noon"), ann.transfer("evenings", "lunch"))
    kept, refused = sorted(said)
    assert kept == ""
    assert "Annie Example is in" in refused
    assert len({*ann.hours()}) == 18


def test_a_place_moved_to_the_hour_to_which_another_group_of_theirs_moves_at_once_is_refused_one_of_them(
    ann: Twice, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Session(ann.engine) as db:
        here = Desk(db, db.get_one(Cohort, ann.groups["mornings"]), ann.desk.lead, ann.desk.around, ann.desk.now)
        agreed = here.ask(NOON).agreed
    both_wait(monkeypatch, "elsewhere", elsewhere, transfer)

    def move(db: Session) -> object:
        return moving.change_dates(
            db,
            cohort=db.get_one(Cohort, ann.groups["mornings"]),
            wish=NOON,
            agreed=agreed,
            actor=ann.desk.lead,
            around=ann.desk.around,
            now=ann.desk.now,
        )

    kept, refused = sorted(at_once(ann.engine, ann.transfer("evenings", "lunch"), move))
    assert kept == ""
    assert "Annie Example is in" in refused
    assert len({*ann.hours()}) == 18


def test_of_two_offers_to_one_person_at_once_one_is_refused(
    engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
        groups = [make.cohort(service, name).id for name in ("Mornings", "Evenings")]
        lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
        ben = make.person(service, Role.PATIENT, "Ben").id
    both_wait(monkeypatch, "refuse_two", offers)

    def offer(group: str) -> Callable[[Session], object]:
        return lambda db: offers.offer(
            db,
            patient=db.get_one(Person, ben),
            cohort=db.get_one(Cohort, group),
            answer_by=LAST_DAY,
            site=SITE,
            actor=lead,
            now=now,
        )

    kept, refused = sorted(at_once(engine, *map(offer, groups)))
    assert kept == ""
    assert "Nobody is in two groups at once" in refused
    with Session(engine) as db:
        assert len(db.exec(select(Enrolment).where(Enrolment.person_id == ben)).all()) == 1


def test_a_leaving_is_not_taken_back_while_they_have_a_place_in_another_group_that_runs(
    db: Session, make: Factory, now: datetime
) -> None:
    service = make.service()
    before, after = make.cohort(service, "Mornings"), make.cohort(service, "Evenings")
    place = make.enrolment(before)
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    leaving.withdraw(db, enrolment=place, leaving=LEFT, actor=lead, now=now)
    person = db.get_one(Person, place.person_id)
    again = offers.place_after_yes(db, patient=person, cohort=after, actor=lead, now=now)
    with pytest.raises(Conflict, match="Nobody is in two groups at once"):
        leaving.reinstate(db, enrolment=place, actor=lead, now=now)
    leaving.withdraw(db, enrolment=again, leaving=LEFT, actor=lead, now=now)
    assert leaving.reinstate(db, enrolment=place, actor=lead, now=now).taken_back_at == now
