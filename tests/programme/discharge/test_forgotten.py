"""Nobody discharged the people of a group: staff see it, and in the end the programme's rule does it."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaits
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife.database.session import session_scope
from backtolife.people.access import System
from backtolife.programme.cohorts.enrolment import change_state
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.discharge.forgotten import WAITS_FOR_STAFF, by_rule, forgotten_groups, groups_to_discharge
from backtolife.programme.discharge.services import open_discharge, over_at, take_back
from backtolife.programme.places.leaving import withdraw
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason
from backtolife.sessions.records.came import put_right
from backtolife.sessions.room.models import GroupSession
from tests.programme.discharge.group_at_its_end import SITE, Ended, ended
from tests.support.factories import Factory

LEFT = Leaving(DecidedBy.PATIENT, Reason.MOVED_AWAY)
SOON = timedelta(seconds=1)


@pytest.fixture
def group(db: Session, make: Factory) -> Ended:
    return ended(db, make)


def due(group: Ended) -> bool:
    last = over_at(group.db, group.cohort)
    assert last is not None
    group.now = last + WAITS_FOR_STAFF + SOON
    return forgotten_groups(group.db, service_ids=[group.cohort.service_id], now=group.now) == [group.cohort.id]


def rule(group: Ended) -> int:
    actor = System("scheduler", group.cohort.service_id)
    return by_rule(group.db, cohort=group.cohort, came=group.came(), site=SITE, actor=actor, now=group.now)


def test_a_group_that_ended_waits_on_the_page_of_its_facilitator_until_somebody_discharges(group: Ended) -> None:
    assert [each.id for each in groups_to_discharge(group.db, actor=group.lead, now=group.now)] == [group.cohort.id]
    before = group.now - timedelta(days=2)
    assert groups_to_discharge(group.db, actor=group.lead, now=before) == []
    group.discharge("Ann", "Ben")
    group.db.flush()
    assert groups_to_discharge(group.db, actor=group.lead, now=group.now) == []


def test_the_rule_is_used_ten_days_after_the_last_session_as_of_that_session(group: Ended) -> None:
    assert forgotten_groups(group.db, service_ids=[group.cohort.service_id], now=group.now) == []
    assert due(group)
    assert rule(group) == 2
    assert group.places["Ann"].state is EnrolmentState.COMPLETED
    assert group.dates("Ann")[EnrolmentState.COMPLETED] - over_at(group.db, group.cohort) < SOON  # type: ignore[operator]
    assert len(group.mails()) == 2


def test_who_was_let_in_and_came_to_nothing_does_not_count_as_come(group: Ended) -> None:
    cas, first = group.places["Cas"], group.now - timedelta(days=60)
    change_state(group.db, enrolment=cas, to=EnrolmentState.STARTED, actor=group.lead, now=first)
    due(group)
    assert rule(group) == 2
    assert cas.state is EnrolmentState.ENROLLED
    assert EnrolmentState.STARTED not in group.dates("Cas")
    group.db.flush()
    assert not due(group)


def test_who_leaves_while_the_rule_is_used_has_left(engine: Engine, now: datetime) -> None:
    """Somebody who came by telephone is about to be called started, and staff write down that they left."""
    with session_scope(engine) as db:
        group = ended(db, Factory(db, now))
        cas, cohort = group.places["Cas"].id, group.cohort.id
        came = {**group.came(), group.places["Cas"].person_id: 7}
        actor = System("scheduler", group.cohort.service_id)

    def use_rule() -> None:
        with session_scope(engine) as db:
            by_rule(db, cohort=db.get_one(Cohort, cohort), came=came, site=SITE, actor=actor, now=group.now)

    with ThreadPoolExecutor(1) as beside:
        with session_scope(engine) as db:
            withdraw(db, enrolment=db.get_one(Enrolment, cas), leaving=LEFT, actor=group.lead, now=group.now)
            db.flush()
            waits = beside.submit(use_rule)
            with pytest.raises(StillWaits):
                waits.result(timeout=0.5)
        waits.result(timeout=30)
    with session_scope(engine) as db:
        assert db.get_one(Enrolment, cas).state is EnrolmentState.WITHDRAWN


def test_a_second_turn_finds_nothing_to_do(group: Ended) -> None:
    due(group)
    rule(group)
    group.db.flush()
    assert not due(group)
    assert rule(group) == 0


def test_what_staff_took_back_the_rule_leaves_alone(group: Ended) -> None:
    group.discharge("Ann", "Ben")
    take_back(group.db, enrolment=group.places["Ann"], actor=group.lead, now=group.now + SOON)
    group.db.flush()
    assert not due(group)
    assert rule(group) == 0
    assert group.places["Ann"].state is EnrolmentState.STARTED


def put(group: Ended, name: str, minutes: int, at: datetime) -> None:
    """Somebody's attendance at the first session is put right."""
    held = select(GroupSession).where(GroupSession.cohort_id == group.cohort.id, GroupSession.number == 1)
    put_right(
        group.db, group_session=group.db.exec(held).one(), person_id=group.places[name].person_id, minutes=minutes,
        reason="Joined by telephone", actor=group.lead, now=at,
    )  # fmt: skip


def test_a_discharge_that_went_with_attendance_is_open_again_when_that_comes_back(group: Ended) -> None:
    put(group, "Cas", 60, group.now)
    group.discharge("Ann", "Ben", "Cas")
    put(group, "Cas", 0, group.now + SOON)
    assert groups_to_discharge(group.db, actor=group.lead, now=group.now + SOON) == []
    put(group, "Cas", 60, group.now + 2 * SOON)
    group.db.flush()
    later = group.now + 2 * SOON
    assert [each.id for each in groups_to_discharge(group.db, actor=group.lead, now=later)] == [group.cohort.id]
    assert due(group)
    assert rule(group) == 1
    assert open_discharge(group.db, group.places["Cas"]) is not None
    assert len(group.mails()) == 3, "nobody is thanked twice"


def test_people_of_a_group_of_long_ago_are_discharged_without_a_letter(group: Ended) -> None:
    due(group)
    group.now += timedelta(days=200)
    assert rule(group) == 2
    assert group.mails() == []
