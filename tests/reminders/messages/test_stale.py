"""What waited for somebody until its hour was over is let go of; words that nobody needs are not kept."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaits
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from backtolife.database.session import session_scope
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.access import System
from backtolife.programme.cohorts.models import Enrolment, SessionDate
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.patients.models import CallOutcome
from backtolife.reminders.messages.acting import keep_call
from backtolife.reminders.messages.stale import forget_old_words, let_go
from tests.support.factories import Factory


def reminder(db: Session, place: Enrolment, date: SessionDate, now: datetime, **more: object) -> OutgoingMessage:
    found = delivery.queue(
        db,
        service_id=place.service_id,
        key=f"reminder-24h:{date.id}:{date.starts_at:%Y%m%d%H%M}:{place.id}",
        address="sam@example.org",
        subject="See you",
        body="Hello",
        text="See you",
        now=now,
        person_id=place.person_id,
        **more,  # type: ignore[arg-type]
    )
    assert found is not None
    return found


@pytest.mark.parametrize(
    "waits",
    [
        {"state": MessageState.HELD},
        {"channel": Channel.TELEPHONE},
    ],
)
def test_a_reminder_that_nobody_looked_at_is_dropped_when_its_session_has_begun(
    db: Session, make: Factory, now: datetime, waits: dict[str, object]
) -> None:
    cohort = make.cohort(make.service())
    place, date = make.enrolment(cohort), dates_of(db, cohort.id)[0]
    message = reminder(db, place, date, now, **waits)
    system = System("scheduler", place.service_id)
    assert let_go(db, actor=system, production=False, now=now) == 0
    assert let_go(db, actor=system, production=False, now=date.starts_at) == 1
    assert (message.state, message.body, message.text) == (MessageState.DROPPED, "", "")


def test_what_staff_see_to_at_that_moment_is_not_dropped(engine: Engine, now: datetime) -> None:
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service())
        place, date = make.enrolment(cohort), dates_of(db, cohort.id)[0]
        message, lead = reminder(db, place, date, now, channel=Channel.TELEPHONE), make.actor(make.facilitator(cohort))
        system, over = System("scheduler", cohort.service_id), date.starts_at

    def tick() -> int:
        with session_scope(engine, reads_first=True) as db:
            return let_go(db, actor=system, production=False, now=over)

    with ThreadPoolExecutor(1) as beside:
        with session_scope(engine) as db:
            keep_call(db, message_id=message.id, outcome=CallOutcome.SPOKE, words="", actor=lead, now=over)
            db.flush()
            ticks = beside.submit(tick)
            with pytest.raises(StillWaits):
                ticks.result(timeout=0.5)
        assert ticks.result(timeout=30) == 0
    with session_scope(engine) as db:
        assert db.get_one(OutgoingMessage, message.id).state is MessageState.SENT


def test_words_of_a_text_whose_receipt_never_came_are_forgotten(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    dates = dates_of(db, cohort.id)
    text, fresh = (reminder(db, make.enrolment(cohort), date, now) for date in dates[:2])
    text.state = fresh.state = MessageState.SENT
    text.sent_at, fresh.sent_at = now - timedelta(days=5), now
    db.flush()
    forget_old_words(db, now=now)
    db.expire_all()
    assert [(each.text, each.body) for each in (text, fresh)] == [("", ""), ("See you", "Hello")]
