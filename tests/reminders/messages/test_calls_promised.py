"""Whoever missed a session was promised a call: staff see whom to ring and by when, until they have."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, queue
from backtolife.outcomes.safety.rota_models import BankHoliday
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.enrolment import change_state
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.patients.calling.calls import record_call
from backtolife.reminders.messages.calls_promised import after_working_days, calls_promised
from tests.support.factories import Factory

LONDON = "Europe/London"
FRIDAY = datetime(2026, 3, 6, 20, 30, tzinfo=UTC)
Missed = Callable[..., Enrolment]


@pytest.fixture
def cohort(make: Factory) -> Cohort:
    return make.cohort(make.service())


@pytest.fixture
def lead(make: Factory, cohort: Cohort) -> Actor:
    return make.actor(make.facilitator(cohort))


@pytest.fixture
def missed(db: Session, make: Factory, cohort: Cohort) -> Missed:
    def add(channel: Channel = Channel.EMAIL) -> Enrolment:
        place = make.enrolment(cohort, "Linda")
        message = queue(
            db,
            service_id=cohort.service_id,
            key=f"missed-session:date:{place.id}",
            address="linda@example.com",
            subject="Sorry we missed you",
            body="We missed you.",
            now=FRIDAY,
            person_id=place.person_id,
            channel=channel,
        )
        assert message is not None
        message.state, message.sent_at = MessageState.SENT, FRIDAY
        return place

    return add


def names(db: Session, actor: Actor, now: datetime = FRIDAY) -> list[str]:
    return [each.person.full_name for each in calls_promised(db, actor=actor, zone=LONDON, now=now)]


def test_who_missed_a_session_is_to_be_rung_within_two_working_days(db: Session, lead: Actor, missed: Missed) -> None:
    missed()
    [call] = calls_promised(db, actor=lead, zone=LONDON, now=FRIDAY)
    assert call.person.full_name == "Linda Example"
    assert call.by == FRIDAY + timedelta(days=4), "Monday and Tuesday are the two"


def test_a_bank_holiday_is_no_working_day(db: Session, lead: Actor, missed: Missed) -> None:
    missed()
    db.add(BankHoliday(service_id=lead.service_id, day=date(2026, 3, 9), name="A day off"))
    db.flush()
    [call] = calls_promised(db, actor=lead, zone=LONDON, now=FRIDAY)
    assert call.by == FRIDAY + timedelta(days=5)


@pytest.mark.parametrize(
    ("outcome", "still"),
    [("spoke", False), ("left_word", False), ("they_rang", False), ("no_answer", True), ("wrong_number", True)],
)
def test_a_call_in_which_they_heard_of_us_is_the_end_of_it(
    db: Session, lead: Actor, missed: Missed, outcome: str, still: bool
) -> None:
    later, place = FRIDAY + timedelta(hours=1), missed()
    record_call(db, whose=place, outcome=outcome, words="", actor=lead, now=later)
    db.flush()
    assert (names(db, lead, later) != []) is still


def test_a_call_from_before_they_missed_it_keeps_no_promise(db: Session, lead: Actor, missed: Missed) -> None:
    place = missed()
    record_call(db, whose=place, outcome="spoke", words="", actor=lead, now=FRIDAY - timedelta(days=1))
    db.flush()
    assert names(db, lead) == ["Linda Example"]


def test_who_left_or_died_is_rung_about_no_session(db: Session, lead: Actor, missed: Missed) -> None:
    gone, dead = missed(), missed()
    change_state(db, enrolment=gone, to=EnrolmentState.WITHDRAWN, actor=lead, now=FRIDAY)
    db.get_one(Person, dead.person_id).died_at = FRIDAY
    db.flush()
    assert names(db, lead) == []


def test_who_takes_calls_alone_stands_there_once_already(db: Session, lead: Actor, missed: Missed) -> None:
    missed(Channel.TELEPHONE)
    assert names(db, lead) == []


def test_another_groups_facilitator_sees_no_call_and_the_services_lead_does(
    db: Session, make: Factory, cohort: Cohort, missed: Missed
) -> None:
    missed()
    service = db.get_one(Service, cohort.service_id)
    other = make.actor(make.facilitator(make.cohort(service)))
    head = make.actor(make.person(service, Role.CLINICAL_LEAD))
    stranger = make.actor(make.facilitator(make.noise()))
    assert (names(db, other), names(db, stranger), names(db, head)) == ([], [], ["Linda Example"])


def test_nobody_is_listed_for_ever(db: Session, lead: Actor, missed: Missed) -> None:
    missed()
    assert names(db, lead, FRIDAY + timedelta(days=20)) != []
    assert names(db, lead, FRIDAY + timedelta(days=22)) == []


def test_two_working_days_after_a_weekend_begin_on_monday() -> None:
    saturday = datetime(2026, 3, 7, 10, tzinfo=UTC)
    assert after_working_days(saturday, ()) == datetime(2026, 3, 10, 10, tzinfo=UTC)
