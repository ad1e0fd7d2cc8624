"""The scheduler discharges the people of a group that staff forgot, once, and thanks each of them."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, delete
from sqlmodel import col, select

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.discharge.models import PlaceDischarge
from backtolife.reminders.services import remind
from backtolife.sessions.room.models import AttendanceSpan, GroupSession, GroupStatus, Seat
from tests.programme.discharge.group_at_its_end import ended
from tests.support.factories import Factory
from tests.support.reporting.attending import attend


def test_a_tick_ten_days_after_the_last_session_discharges_who_was_forgotten(
    engine: Engine, settings: Settings, now: datetime
) -> None:
    with session_scope(engine) as db:
        group = ended(db, Factory(db, now))
        over, ann = group.now, group.places["Ann"].id

    def discharged() -> tuple[int, int, EnrolmentState]:
        with session_scope(engine) as db:
            thanks = select(OutgoingMessage).where(col(OutgoingMessage.key).startswith("programme-over:"))
            rows, state = db.exec(select(PlaceDischarge)).all(), db.get_one(Enrolment, ann).state
            return len(rows), len(db.exec(thanks).all()), state

    remind(engine, settings, over)
    assert discharged() == (0, 0, EnrolmentState.STARTED)
    for _ in range(2):
        remind(engine, settings, over + timedelta(days=9, minutes=1))
        assert discharged() == (2, 2, EnrolmentState.COMPLETED)


def test_a_tick_after_a_session_looks_at_who_was_let_in_and_never_was_there(
    engine: Engine, settings: Settings, now: datetime
) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service())
        ann, ben, start = make.enrolment(cohort), make.enrolment(cohort), dates_of(db, cohort.id)[0].starts_at
        attend(db, cohort, 1, [ann, ben], start)
        held = db.exec(select(GroupSession).where(GroupSession.cohort_id == cohort.id)).one()
        held.status = GroupStatus.ENDED
        seat = db.exec(select(Seat).where(Seat.person_id == ben.person_id)).one()
        db.exec(delete(AttendanceSpan).where(col(AttendanceSpan.seat_id) == seat.id))
        over = start + timedelta(hours=3)
    remind(engine, settings, over)
    with session_scope(engine) as db:
        states = [db.get_one(Enrolment, each.id).state for each in (ann, ben)]
    assert states == [EnrolmentState.STARTED, EnrolmentState.ENROLLED]
