"""Whoever was let into a session and never was in it has not started the programme."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from backtolife.people.access import System
from backtolife.programme.cohorts.enrolment import change_state
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.sessions.records.came import put_right, settle_let_in
from backtolife.sessions.records.closing import GRACE
from backtolife.sessions.room.models import GroupSession, GroupStatus, Seat
from backtolife.sessions.state.rules import Camera, SeatRole, SeatStatus
from tests.support.factories import Factory
from tests.support.reporting.attending import attend


@dataclass
class Evening:
    """Session 1 is over. Ben was let in, and his sound and picture never came."""

    make: Factory
    cohort: Cohort
    held: GroupSession
    ben: Enrolment

    def tick(self, after: timedelta) -> None:
        actor = System("scheduler", self.cohort.service_id)
        assert self.held.ended_at is not None
        settle_let_in(self.make.db, actor=actor, now=self.held.ended_at + after)


@pytest.fixture
def evening(make: Factory, db: Session) -> Evening:
    cohort = make.cohort(make.service())
    ben, start = make.enrolment(cohort, "Ben"), dates_of(db, cohort.id)[0].starts_at
    attend(db, cohort, 1, [], start)
    held = db.exec(select(GroupSession).where(GroupSession.cohort_id == cohort.id)).one()
    held.status = GroupStatus.ENDED
    db.add(
        Seat(
            service_id=cohort.service_id,
            group_session_id=held.id,
            cohort_id=cohort.id,
            person_id=ben.person_id,
            role=SeatRole.PATIENT,
            status=SeatStatus.LEFT,
            camera=Camera.OFF,
            lobby_at=start,
        )
    )
    change_state(db, enrolment=ben, to=EnrolmentState.STARTED, actor=System("door", cohort.service_id), now=start)
    db.flush()
    return Evening(make, cohort, held, ben)


def others_came(evening: Evening) -> Enrolment:
    ann = evening.make.enrolment(evening.cohort, "Ann")
    assert evening.held.started_at is not None
    attend(evening.make.db, evening.cohort, 1, [ann], evening.held.started_at)
    return ann


def test_their_place_is_as_before_once_the_end_can_be_undone_no_more(evening: Evening) -> None:
    ann = others_came(evening)
    evening.tick(GRACE - timedelta(minutes=1))
    assert evening.ben.state is EnrolmentState.STARTED
    evening.tick(GRACE)
    assert (ann.state, evening.ben.state) == (EnrolmentState.STARTED, EnrolmentState.ENROLLED)


def test_an_evening_without_media_says_nothing_of_anybody(evening: Evening) -> None:
    evening.tick(GRACE)
    assert evening.ben.state is EnrolmentState.STARTED


def test_who_is_written_down_as_having_come_by_telephone_has_started(evening: Evening) -> None:
    others_came(evening)
    facilitator = evening.make.actor(evening.make.facilitator(evening.cohort))
    assert evening.held.ended_at is not None
    put_right(
        evening.make.db, group_session=evening.held, person_id=evening.ben.person_id, minutes=60,
        reason="Joined by telephone", actor=facilitator, now=evening.held.ended_at,
    )  # fmt: skip
    evening.tick(GRACE)
    assert evening.ben.state is EnrolmentState.STARTED
