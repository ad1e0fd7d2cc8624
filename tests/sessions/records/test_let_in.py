"""Whoever was let into a session and never was in it has not started the programme."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.people.access import Actor, System
from backtolife.people.models import Role, Service
from backtolife.programme.cohorts.enrolment import change_state
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange
from backtolife.programme.cohorts.place_dates import place_dates
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places.leaving import reinstate, withdraw
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason
from backtolife.sessions.records.attendance import begin_span
from backtolife.sessions.records.came import put_right, settle_let_in
from backtolife.sessions.records.closing import GRACE
from backtolife.sessions.room.models import GroupSession, GroupStatus, Seat
from backtolife.sessions.room.services import for_date
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

    @property
    def planned_end(self) -> datetime:
        return dates_of(self.make.db, self.cohort.id)[self.held.number - 1].ends_at

    def tick(self, after: timedelta = timedelta()) -> None:
        """The scheduler looks, so long after the planned end."""
        self.make.db.flush()
        actor = System("scheduler", self.cohort.service_id)
        settle_let_in(self.make.db, actor=actor, now=self.planned_end + after)

    def dates(self) -> dict[EnrolmentState, datetime]:
        """When Ben came to each step."""
        self.make.db.flush()
        wanted = select(EnrolmentChange).where(EnrolmentChange.enrolment_id == self.ben.id)
        return place_dates((each.state, each.at, each.reason) for each in self.make.db.exec(wanted))

    def lead(self) -> Actor:
        service = self.make.db.get_one(Service, self.cohort.service_id)
        return self.make.actor(self.make.person(service, Role.CLINICAL_LEAD))


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
    assert evening.held.ended_at is not None
    assert evening.held.ended_at + GRACE < evening.planned_end, "it was ended early"
    evening.tick(timedelta(minutes=-1))
    assert evening.ben.state is EnrolmentState.STARTED
    evening.tick()
    assert (ann.state, evening.ben.state) == (EnrolmentState.STARTED, EnrolmentState.ENROLLED)


def test_an_end_pressed_late_can_be_undone_for_some_minutes_yet(evening: Evening) -> None:
    others_came(evening)
    evening.held.ended_at = evening.planned_end
    evening.tick(GRACE - timedelta(minutes=1))
    assert evening.ben.state is EnrolmentState.STARTED
    evening.tick(GRACE)
    assert evening.ben.state is EnrolmentState.ENROLLED


def test_who_sits_in_the_next_room_already_is_asked_about_after_it(evening: Evening, db: Session) -> None:
    others_came(evening)
    following = for_date(db, dates_of(db, evening.cohort.id)[1])
    following.status, following.started_at = GroupStatus.RUNNING, evening.planned_end
    before = db.exec(select(Seat).where(Seat.person_id == evening.ben.person_id)).one()
    seat = {name: getattr(before, name) for name in ("service_id", "cohort_id", "person_id", "role", "camera")}
    db.add(Seat(group_session_id=following.id, status=SeatStatus.ADMITTED, lobby_at=evening.planned_end, **seat))
    evening.tick()
    assert evening.ben.state is EnrolmentState.STARTED


def test_who_was_connected_has_started_also_where_their_place_says_otherwise(evening: Evening) -> None:
    ann = others_came(evening)
    change_state(
        evening.make.db, enrolment=ann, to=EnrolmentState.ENROLLED, actor=evening.lead(), now=evening.planned_end
    )
    evening.tick(timedelta(days=3))
    assert ann.state is EnrolmentState.STARTED


def test_who_left_the_same_evening_had_not_started_and_left_when_they_did(evening: Evening, db: Session) -> None:
    others_came(evening)
    leaving, lead = Leaving(DecidedBy.PATIENT, Reason.TECHNOLOGY), evening.lead()
    assert evening.held.ended_at is not None
    withdraw(db, enrolment=evening.ben, leaving=leaving, actor=lead, now=evening.held.ended_at)
    assert EnrolmentState.STARTED in evening.dates()
    evening.tick()
    dates = evening.dates()
    assert (evening.ben.state, EnrolmentState.STARTED in dates) == (EnrolmentState.WITHDRAWN, False)
    assert dates[EnrolmentState.WITHDRAWN] - evening.held.ended_at < timedelta(seconds=1)
    evening.tick(GRACE)
    assert evening.dates() == dates, "said once"
    reinstate(db, enrolment=evening.ben, actor=lead, now=evening.planned_end + GRACE)
    assert evening.ben.state is EnrolmentState.ENROLLED


def test_who_came_and_left_the_same_evening_had_started(evening: Evening, db: Session) -> None:
    others_came(evening)
    assert evening.held.started_at is not None
    seat = db.exec(select(Seat).where(Seat.person_id == evening.ben.person_id)).one()
    begin_span(db, group_session=evening.held, seat=seat, connection="ben", at=evening.held.started_at)
    evening.make.withdrawn(evening.ben)
    evening.tick()
    assert EnrolmentState.STARTED in evening.dates()


def test_an_evening_without_media_says_nothing_of_anybody(evening: Evening) -> None:
    evening.tick()
    assert evening.ben.state is EnrolmentState.STARTED


def test_who_is_written_down_as_having_come_by_telephone_has_started(evening: Evening) -> None:
    others_came(evening)
    facilitator = evening.make.actor(evening.make.facilitator(evening.cohort))
    assert evening.held.ended_at is not None
    put_right(
        evening.make.db, group_session=evening.held, person_id=evening.ben.person_id, minutes=60,
        reason="Joined by telephone", actor=facilitator, now=evening.held.ended_at,
    )  # fmt: skip
    evening.tick()
    assert evening.ben.state is EnrolmentState.STARTED
