"""The scheduler discharges the people of a group that staff forgot, once, and thanks each of them."""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import col, select

from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail.delivery import OutgoingMessage
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.discharge.models import PlaceDischarge
from backtolife.reminders.services import remind
from tests.programme.discharge.group_at_its_end import ended
from tests.support.factories import Factory


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
