"""Attendance is put right in the group where it was, also for somebody who has moved to another one since."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from backtolife.errors import NotFound
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.discharge.services import discharge
from backtolife.programme.places.transfer import transfer
from backtolife.sessions.records.attendance import attendance_of
from backtolife.sessions.records.came import came_to, put_right
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.summary.services import summary_of
from tests.support.factories import FIRST_DAY, Factory
from tests.support.reporting.attending import attend

SITE = "http://localhost"


@dataclass
class Moved:
    """Ann came to the first two of three sessions of `before`, is now in `group`, and came to three sessions there."""

    db: Session
    before: Cohort
    group: Cohort
    ann: Enrolment
    facilitator: Actor
    """Of the group before."""
    lead: Actor
    moved_at: datetime
    over: datetime

    def session(self, number: int) -> GroupSession:
        wanted = select(GroupSession).where(GroupSession.cohort_id == self.before.id)
        return self.db.exec(wanted.where(col(GroupSession.number) == number)).one()

    def put(self, number: int, minutes: int, now: datetime) -> None:
        put_right(
            self.db, group_session=self.session(number), person_id=self.ann.person_id, minutes=minutes,
            reason="Joined by telephone", actor=self.facilitator, now=now,
        )  # fmt: skip


@pytest.fixture
def moved(db: Session, make: Factory) -> Moved:
    service = make.service()
    before, group = make.cohort(service), make.cohort(service, first_day=FIRST_DAY + timedelta(days=7))
    ann, stays = make.enrolment(before, "Ann"), make.enrolment(before)
    facilitator = make.actor(make.facilitator(before))
    lead = make.actor(make.person(db.get_one(Service, service.id), Role.CLINICAL_LEAD))
    dates = dates_of(db, before.id)
    for number, people in ((1, [ann, stays]), (2, [ann, stays]), (3, [stays])):
        attend(db, before, number, people, dates[number - 1].starts_at)
    moved_at = dates[2].over_at + timedelta(hours=3)
    transfer(db, enrolment=ann, to=group, words="", site=SITE, actor=lead, now=moved_at)
    attend(db, before, 4, [stays], dates[3].starts_at)
    for number in (4, 5, 6):
        attend(db, group, number, [ann], dates_of(db, group.id)[number - 1].starts_at)
    return Moved(db, before, group, ann, facilitator, lead, moved_at, dates_of(db, group.id)[-1].over_at)


def test_what_was_put_right_in_the_group_before_counts_in_the_one_after(moved: Moved) -> None:
    moved.put(3, 70, moved.moved_at + timedelta(hours=1))
    brought = {each.session_number: each.minutes for each in attendance_of(moved.db, moved.group, now=moved.over)}
    assert brought[3] == 70


def test_who_came_to_enough_by_it_has_completed(moved: Moved) -> None:
    after = moved.over + timedelta(days=1)
    discharge(
        moved.db, cohort=moved.group, places=[moved.ann], came=came_to(moved.db, moved.group, after), site=SITE,
        actor=moved.lead, now=after,
    )  # fmt: skip
    assert moved.ann.state is EnrolmentState.STARTED, "five sessions"
    moved.put(3, 70, after + timedelta(hours=1))
    assert moved.ann.state is EnrolmentState.COMPLETED
    moved.put(3, 0, after + timedelta(hours=2))
    assert moved.ann.state is EnrolmentState.STARTED


def test_the_page_shows_them_for_what_was_before_they_moved_and_not_for_what_came_after(moved: Moved) -> None:
    def shown(number: int) -> bool:
        summary = summary_of(moved.db, group_session=moved.session(number), actor=moved.facilitator, now=moved.over)
        return moved.ann.person_id in {line.person.id for line in summary.people}

    assert [shown(number) for number in (1, 3, 4)] == [True, True, False]
    with pytest.raises(NotFound, match="not in the group"):
        moved.put(4, 70, moved.over)


def test_of_two_places_the_one_that_was_in_the_group_then_follows(moved: Moved, make: Factory) -> None:
    """Ann, who moved on, was given a place in the group before once more."""
    admin = make.actor(make.person(moved.db.get_one(Service, moved.before.service_id), Role.ADMINISTRATOR))
    patient = moved.db.get_one(Person, moved.ann.person_id)
    newer = enrol(moved.db, patient=patient, cohort=moved.before, actor=admin, now=moved.over)
    moved.put(3, 70, moved.over + timedelta(hours=1))
    assert newer.state is EnrolmentState.ENROLLED
