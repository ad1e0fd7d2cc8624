"""Staff who knew somebody are told that a death or a leaving was taken back; the person is not."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.home.returning import returns_near
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.access import Actor
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.places.dying import record_death, take_back_death
from backtolife.programme.places.leaving import reinstate, withdraw
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason
from tests.support.factories import Factory

LEFT = Leaving(DecidedBy.PATIENT, Reason.WORK)


class Ward:
    """A group with Ann in it, its facilitator, and the clinical lead who takes things back."""

    def __init__(self, db: Session, make: Factory) -> None:
        make.noise()
        self.db, self.now = db, make.now
        self.cohort: Cohort = make.cohort(make.service(), "Tuesdays")
        self.place: Enrolment = make.enrolment(self.cohort, "Ann")
        service = db.get_one(Service, self.cohort.service_id)
        self.facilitator: Actor = make.actor(make.facilitator(self.cohort))
        self.other: Actor = make.actor(make.facilitator(make.cohort(service, "Fridays")))
        self.lead: Actor = make.actor(make.person(service, Role.CLINICAL_LEAD))
        self.admin: Actor = make.actor(make.person(service, Role.ADMINISTRATOR))

    def told(self, actor: Actor, now: datetime | None = None) -> list[tuple[str, bool, bool]]:
        found = returns_near(self.db, actor=actor, now=now or self.now)
        return [(each.person.shown_name, each.died, each.in_group) for each in found]


@pytest.fixture
def ward(db: Session, make: Factory) -> Ward:
    return Ward(db, make)


def test_a_death_taken_back_is_told_to_whoever_was_told_of_it_and_to_nobody_else(ward: Ward) -> None:
    record_death(ward.db, whose=ward.place, told_by="Her son", actor=ward.facilitator, now=ward.now)
    ward.db.flush()
    assert ward.told(ward.facilitator) == []
    take_back_death(ward.db, whose=ward.place, actor=ward.lead, now=ward.now)
    ward.db.flush()
    assert ward.told(ward.facilitator) == [("Ann", True, True)]
    assert ward.told(ward.other) == ward.told(ward.admin) == ward.told(ward.lead) == []
    assert ward.told(ward.facilitator, ward.now + timedelta(days=29)) == []
    assert ward.db.exec(select(OutgoingMessage)).all() == []


def test_who_is_back_in_the_group_is_told_until_they_leave_again(ward: Ward) -> None:
    withdraw(ward.db, enrolment=ward.place, leaving=LEFT, actor=ward.facilitator, now=ward.now)
    ward.db.flush()
    reinstate(ward.db, enrolment=ward.place, actor=ward.lead, now=ward.now)
    ward.db.flush()
    assert ward.told(ward.facilitator) == [("Ann", False, True)]
    withdraw(ward.db, enrolment=ward.place, leaving=LEFT, actor=ward.lead, now=ward.now + timedelta(hours=1))
    ward.db.flush()
    assert ward.told(ward.facilitator) == []
