"""Who moves between groups has the fourteen days of the group in which the new words asked them, and of no other."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from backtolife.people.models import Role
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.consent.asking import ToAgree, to_agree
from backtolife.programme.consent.rules import GRACE, ConsentKind
from backtolife.programme.places.transfer import transfer
from tests.support.factories import Factory

DAY = timedelta(days=1)


class Groups:
    """One group meets from 10 March on, another one from 7 April; new words come into force on 12 March."""

    def __init__(self, db: Session, make: Factory) -> None:
        self.db, self.make, self.service = db, make, make.service()
        self.early = make.cohort(self.service)
        self.late = make.cohort(self.service, first_day=self.early.first_day + 28 * DAY)
        self.published = make.now + 9 * DAY
        self.lead = make.actor(make.person(self.service, Role.CLINICAL_LEAD))

    def place_in(self, cohort: Cohort) -> Enrolment:
        """Somebody who has not answered the words that are published then."""
        place = self.make.enrolment(cohort, agreed=False)
        self.make.asks(self.service, ConsentKind.GROUP, now=self.published)
        return place

    def move(self, place: Enrolment, to: Cohort, at: datetime) -> None:
        transfer(self.db, enrolment=place, to=to, words="", site="http://localhost", actor=self.lead, now=at)

    def asked(self, place: Enrolment, at: datetime) -> ToAgree:
        cohort = self.db.get_one(Cohort, place.cohort_id)
        return to_agree(self.db, person_id=place.person_id, cohort=cohort, now=at)


@pytest.fixture
def groups(db: Session, make: Factory) -> Groups:
    make.noise()
    return Groups(db, make)


def test_who_was_in_the_middle_and_moves_to_a_later_group_keeps_their_days(groups: Groups) -> None:
    place = groups.place_in(groups.early)
    groups.move(place, groups.late, groups.published + DAY)
    found = groups.asked(place, groups.published + 2 * DAY)
    assert (found.needed, found.shuts, found.until) == (True, [], groups.published + GRACE)
    assert groups.asked(place, groups.published + GRACE).shuts


def test_who_had_not_begun_and_moves_to_a_group_under_way_answers_before_they_come_in(groups: Groups) -> None:
    place = groups.place_in(groups.late)
    groups.move(place, groups.early, groups.published + DAY)
    found = groups.asked(place, groups.published + 2 * DAY)
    assert ([each.kind for each in found.shuts], found.until) == ([ConsentKind.GROUP], None)


def test_who_moved_before_was_asked_in_the_group_they_came_to(groups: Groups) -> None:
    place = groups.place_in(groups.late)
    groups.move(place, groups.early, groups.published - DAY)
    assert groups.asked(place, groups.published + DAY).until == groups.published + GRACE


def test_who_moved_twice_was_asked_in_the_group_between(groups: Groups) -> None:
    place = groups.place_in(groups.late)
    groups.move(place, groups.early, groups.published - DAY)
    groups.move(place, groups.late, groups.published + DAY)
    assert groups.asked(place, groups.published + 2 * DAY).until == groups.published + GRACE
