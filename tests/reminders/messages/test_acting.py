"""What staff do about one message goes by the rules of whoever gets it."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Kind, Person, Role, Service
from backtolife.reminders.messages import acting
from tests.support.factories import Factory

MOBILE = "07700 900123"


def failed(db: Session, person: Person, now: datetime, **more: object) -> OutgoingMessage:
    message = delivery.queue(
        db,
        service_id=person.service_id,
        key=f"welcome:{person.id}",
        address=person.email,
        subject="Welcome",
        body="Hello",
        text="Hello",
        now=now,
        person_id=person.id,
        state=MessageState.FAILED,
        **more,  # type: ignore[arg-type]
    )
    assert message is not None
    return message


@pytest.mark.parametrize(
    ("by", "at_once", "hours"), [(Channel.SMS, False, 23), (Channel.SMS, True, 0), (Channel.EMAIL, False, 0)]
)
def test_a_text_that_is_tried_again_at_night_waits_for_the_morning_where_it_is_of_use_then(
    make: Factory, now: datetime, by: Channel, at_once: bool, hours: int
) -> None:
    db, cohort = make.db, make.cohort(make.service())
    person = db.get_one(Person, make.enrolment(cohort).person_id)
    person.phone = MOBILE
    message, night = failed(db, person, now, at_once=at_once), now + timedelta(hours=14)
    lead = make.actor(make.facilitator(cohort))
    acting.send_again(db, message_id=message.id, by=by, actor=lead, now=night)
    assert message.not_before == (now + timedelta(hours=hours) if hours else None)


def test_what_failed_to_reach_a_guest_is_tried_where_it_was_sent(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    guest = make.person(db.get_one(Service, cohort.service_id))
    guest.kind, guest.email = Kind.OBSERVER, "1@guest.invalid"
    message = failed(db, guest, now)
    message.address = "eve@example.org"
    lead = make.actor(make.person(db.get_one(Service, cohort.service_id), Role.CLINICAL_LEAD))
    acting.send_again(db, message_id=message.id, by=Channel.EMAIL, actor=lead, now=now)
    assert message.address == "eve@example.org"
