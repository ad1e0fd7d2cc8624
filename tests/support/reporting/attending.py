"""Attendance as the live room leaves it: seats, and what the media engine's webhooks noted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from backtolife.people.access import System
from backtolife.programme.cohorts.enrolment import change_state
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.sessions.records.attendance import begin_span, end_span
from backtolife.sessions.room.models import Seat
from backtolife.sessions.room.services import for_date
from backtolife.sessions.state.rules import Camera, SeatRole, SeatStatus

MINUTES = 45


def attend(db: Session, cohort: Cohort, number: int, people: Iterable[Enrolment], start: datetime) -> None:
    """Session `number` ran from `start` for an hour; each of `people` was connected for its first 45 minutes."""
    group_session = for_date(db, dates_of(db, cohort.id)[number - 1])
    group_session.started_at, group_session.ended_at = start, start + timedelta(hours=1)
    for enrolment in people:
        seat = Seat(
            service_id=cohort.service_id,
            group_session_id=group_session.id,
            cohort_id=cohort.id,
            person_id=enrolment.person_id,
            role=SeatRole.PATIENT,
            status=SeatStatus.LEFT,
            camera=Camera.OFF,
            lobby_at=start,
        )
        db.add(seat)
        db.flush()
        connection = f"{group_session.id}:{enrolment.id}"[:64]
        begin_span(db, group_session=group_session, seat=seat, connection=connection, at=start)
        db.flush()
        end_span(db, connection=connection, at=start + timedelta(minutes=MINUTES))
        if enrolment.state is EnrolmentState.ENROLLED:
            actor = System("live room", cohort.service_id)
            change_state(db, enrolment=enrolment, to=EnrolmentState.STARTED, actor=actor, now=start)
    db.flush()
