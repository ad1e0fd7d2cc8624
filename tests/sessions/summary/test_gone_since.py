"""Somebody left or died after a session: what they came to is put right all the same, and nobody rings for nothing."""

from datetime import datetime

import pytest
from sqlmodel import Session

from backtolife.errors import NotFound
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.places.dying import record_death, take_back_death
from backtolife.programme.places.leaving import withdraw
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason
from backtolife.programme.places.transfer import transfer, who_was_in
from backtolife.sessions.records.came import came_to, put_right
from tests.sessions.summary.test_summary import HOUR, Ended, hold_session
from tests.support.sessions.gathering import Gathering, gather

LINDA, JOSEPH, MAUREEN = range(3)


@pytest.fixture
def ended(db: Session, now: datetime) -> Ended:
    return hold_session(gather(db, now, ("Linda", "Joseph", "Maureen")), now)


def place_of(group: Gathering, person: int) -> Enrolment:
    return group.make.enrolment_of(group.patients[person], group.cohort)


def leave(group: Gathering, person: int, at: datetime) -> Enrolment:
    place, actor = place_of(group, person), group.make.actor(group.lead)
    leaving = Leaving(DecidedBy.PATIENT, Reason.WORK)
    withdraw(group.make.db, enrolment=place, leaving=leaving, actor=actor, now=at)
    return place


def die(group: Gathering, person: int, at: datetime) -> Enrolment:
    place, actor = place_of(group, person), group.make.actor(group.lead)
    record_death(group.make.db, whose=place, told_by="Her son rang", actor=actor, now=at)
    return place


def correct(ended: Ended, person: int, minutes: int) -> None:
    put_right(
        ended.group.db,
        group_session=ended.group.group_session,
        person_id=ended.group.patients[person].id,
        minutes=minutes,
        reason="By phone",
        actor=ended.group.make.actor(ended.group.lead),
        now=ended.ended + 3 * HOUR,
    )


@pytest.mark.parametrize("gone", [leave, die])
def test_what_somebody_came_to_is_put_right_also_when_they_are_gone_since(ended: Ended, gone: object) -> None:
    for person in (JOSEPH, MAUREEN):
        gone(ended.group, person, ended.ended + HOUR)  # type: ignore[operator]
    correct(ended, MAUREEN, 45)
    correct(ended, JOSEPH, 0)
    came = came_to(ended.group.db, ended.group.cohort, ended.ended + 4 * HOUR)
    assert set(came) == {ended.group.patients[LINDA].id, ended.group.patients[MAUREEN].id}


def test_who_left_before_the_session_was_not_in_it(ended: Ended) -> None:
    leave(ended.group, MAUREEN, ended.began - HOUR)
    with pytest.raises(NotFound):
        correct(ended, MAUREEN, 45)


def test_who_came_to_another_group_first_and_left_that_one_was_here_then(ended: Ended) -> None:
    group = ended.group
    service = group.db.get_one(Service, group.cohort.service_id)
    place, head = place_of(group, MAUREEN), group.make.actor(group.make.person(service, Role.CLINICAL_LEAD))
    other = group.make.cohort(service)
    transfer(group.db, enrolment=place, to=other, words="", site="http://x", actor=head, now=ended.ended + HOUR)
    leaving = Leaving(DecidedBy.PATIENT, Reason.WORK)
    withdraw(group.db, enrolment=place, leaving=leaving, actor=head, now=ended.ended + 2 * HOUR)
    names = [person.shown_name for _, person in who_was_in(group.db, group.cohort.id, ended.began)]
    assert names == ["Joseph", "Linda", "Maureen"]
    assert who_was_in(group.db, other.id, ended.began) == []


def test_who_has_a_newer_place_here_is_named_once_by_that(ended: Ended, now: datetime) -> None:
    group = ended.group
    leave(group, JOSEPH, ended.ended + HOUR)
    joseph, lead = group.patients[JOSEPH], group.make.actor(group.lead)
    newer = enrol(group.db, patient=joseph, cohort=group.cohort, actor=lead, now=ended.ended + 2 * HOUR)
    found = [place.id for place, person in who_was_in(group.db, group.cohort.id, now) if person.id == joseph.id]
    assert found == [newer.id]


def test_a_death_taken_back_into_a_full_group_leaves_them_among_who_was_in_it(ended: Ended) -> None:
    group = ended.group
    place = die(group, MAUREEN, ended.ended + HOUR)
    group.cohort.capacity = 2
    head = group.make.person(group.db.get_one(Service, group.cohort.service_id), Role.CLINICAL_LEAD)
    assert not take_back_death(
        group.db, whose=place, actor=group.make.actor(head), now=ended.ended + 2 * HOUR
    ).all_places
    correct(ended, MAUREEN, 45)
    assert ended.line(MAUREEN).minutes == 45
