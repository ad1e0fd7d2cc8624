"""A message goes the way that a patient chose, in hours that suit them, and held where others may read it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.clock import end_of_quiet
from backtolife.errors import Invalid
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people import services
from backtolife.people.contact.choosing import Contact, choose, contact_of
from backtolife.people.contact.routes import route_for
from backtolife.people.models import Person, Role
from tests.support.factories import Factory

LONDON, NEW_YORK = "Europe/London", "America/New_York"
MOBILE = "07700 900123"


def someone(
    make: Factory, *, channel: Channel = Channel.EMAIL, phone: str = MOBILE, others_read: bool = False
) -> Person:
    person = make.person(make.service())
    person.channel, person.phone, person.others_read = channel, phone, others_read
    return person


def way(person: Person, now: datetime, text: str = "See you") -> tuple[Channel, str, MessageState]:
    found = route_for(person, text=text, zone=LONDON, now=now)
    return found.channel, found.address, found.state


def test_each_channel_has_its_address(make: Factory, now: datetime) -> None:
    by_mail, by_text, by_phone = (someone(make, channel=channel) for channel in Channel)
    assert way(by_mail, now) == (Channel.EMAIL, by_mail.email, MessageState.WAITING)
    assert way(by_text, now) == (Channel.SMS, "+447700900123", MessageState.WAITING)
    assert way(by_phone, now) == (Channel.TELEPHONE, MOBILE, MessageState.WAITING)


def test_a_text_that_cannot_be_one_goes_by_mail(make: Factory, now: datetime) -> None:
    landline, wordless = someone(make, channel=Channel.SMS, phone="01632 960001"), someone(make, channel=Channel.SMS)
    assert way(landline, now)[0] is Channel.EMAIL
    assert way(wordless, now, text="")[0] is Channel.EMAIL


def test_what_others_may_read_is_held_and_what_is_rung_is_not(make: Factory, now: datetime) -> None:
    assert way(someone(make, others_read=True), now)[2] is MessageState.HELD
    assert way(someone(make, channel=Channel.SMS, others_read=True), now)[2] is MessageState.HELD
    assert way(someone(make, channel=Channel.TELEPHONE, others_read=True), now)[2] is MessageState.WAITING


def test_staff_get_mail_whatever_is_written_about_them(make: Factory, now: datetime) -> None:
    person = make.person(make.service(), Role.FACILITATOR)
    person.channel, person.others_read = Channel.TELEPHONE, True
    assert way(person, now) == (Channel.EMAIL, person.email, MessageState.WAITING)


@pytest.mark.parametrize(
    ("moment", "zone", "until"),
    [
        ("2026-03-03T09:00", LONDON, ""),
        ("2026-03-03T19:59", LONDON, ""),
        ("2026-03-03T20:00", LONDON, "2026-03-04T08:00"),
        ("2026-03-03T07:59", LONDON, "2026-03-03T08:00"),
        ("2026-10-24T21:00", LONDON, "2026-10-25T08:00"),  # the clocks go back in that night
        ("2026-03-28T21:00", LONDON, "2026-03-29T07:00"),  # and forward in this one
        ("2026-03-08T05:00", NEW_YORK, "2026-03-08T12:00"),
    ],
)
def test_quiet_hours_end_at_the_same_hour_of_the_wall_whatever_the_clocks_do(
    moment: str, zone: str, until: str
) -> None:
    end = end_of_quiet(datetime.fromisoformat(moment).replace(tzinfo=UTC), zone, first=8, last=20)
    assert (end.astimezone(UTC).isoformat()[:16] if end else "") == until


def test_a_text_at_night_waits_for_the_morning_unless_it_is_of_no_use_then(make: Factory) -> None:
    person, night = someone(make, channel=Channel.SMS), datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    assert route_for(person, text="x", zone=LONDON, now=night).not_before is not None
    assert route_for(person, text="x", zone=LONDON, now=night, at_once=True).not_before is None


def queued(db: Session, person: Person, now: datetime, *, urgent: bool = False, state: MessageState) -> OutgoingMessage:
    found = delivery.queue(
        db,
        service_id=person.service_id,
        key=f"welcome:{person.id}:{urgent}:{state}",
        address=person.email,
        subject="Welcome",
        body="Hello",
        text="Welcome",
        now=now,
        person_id=person.id,
        urgent=urgent,
        state=state,
    )
    assert found is not None
    return found


def test_what_waits_goes_the_way_that_is_wanted_now_and_what_is_held_stays_held(
    make: Factory, db: Session, now: datetime
) -> None:
    person, other = someone(make), someone(make)
    waiting = queued(db, person, now, state=MessageState.WAITING)
    held = queued(db, person, now, state=MessageState.HELD)
    asked_for = queued(db, person, now, urgent=True, state=MessageState.WAITING)
    out = queued(db, person, now, state=MessageState.SENT)
    foreign = queued(db, other, now, state=MessageState.WAITING)
    assert choose(db, person=person, wanted=Contact(Channel.SMS, False, 8, 20), actor=make.actor(person), now=now)
    assert (waiting.channel, waiting.address, waiting.state) == (Channel.SMS, "+447700900123", MessageState.WAITING)
    assert (held.channel, held.state) == (Channel.SMS, MessageState.HELD)
    assert {each.channel for each in (asked_for, out, foreign)} == {Channel.EMAIL}
    assert choose(db, person=person, wanted=Contact(Channel.SMS, True, 8, 20), actor=make.actor(person), now=now)
    assert waiting.state is MessageState.HELD


def test_a_new_number_takes_what_waits_with_it(make: Factory, db: Session, now: datetime) -> None:
    person = someone(make, channel=Channel.SMS)
    waiting = queued(db, person, now, state=MessageState.WAITING)
    services.change_details(
        db, actor=make.actor(person), person=person, shown_name="Sam", phone="07700 900456", emergency=None, now=now
    )
    assert (waiting.channel, waiting.address) == (Channel.SMS, "+447700900456")


def correct_number(db: Session, make: Factory, person: Person, phone: str, now: datetime) -> None:
    services.change_details(
        db, actor=make.actor(person), person=person, shown_name="Sam", phone=phone, emergency=None, now=now
    )


def test_a_call_stays_a_call_at_the_new_number_until_another_way_is_chosen(
    make: Factory, db: Session, now: datetime
) -> None:
    person, later = someone(make, channel=Channel.SMS), now + timedelta(days=3)
    call = queued(db, person, now, state=MessageState.WAITING)
    call.channel, call.tries = Channel.TELEPHONE, 4
    correct_number(db, make, person, "07700 900456", later)
    choose(db, person=person, wanted=Contact(Channel.SMS, True, 9, 18), actor=make.actor(person), now=later)
    assert (call.channel, call.address, call.queued_at) == (Channel.TELEPHONE, "07700 900456", now)
    choose(db, person=person, wanted=Contact(Channel.EMAIL, False, 9, 18), actor=make.actor(person), now=later)
    assert (call.channel, call.address, call.state) == (Channel.EMAIL, person.email, MessageState.WAITING)
    assert (call.tries, call.queued_at, call.try_at) == (0, later, later), "and it has a day of its own"


def test_what_is_on_its_way_keeps_its_claim_when_the_number_changes(make: Factory, db: Session, now: datetime) -> None:
    person, until = someone(make, channel=Channel.SMS), now + timedelta(minutes=3)
    on_its_way = queued(db, person, now, state=MessageState.WAITING)
    on_its_way.channel, on_its_way.address = Channel.SMS, "+447700900123"
    on_its_way.tries, on_its_way.try_at = 1, until
    correct_number(db, make, person, "07700 900456", now)
    assert on_its_way.address == "+447700900456"
    assert (on_its_way.tries, on_its_way.try_at) == (1, until)


def test_what_is_of_no_use_in_the_morning_goes_at_night_after_a_correction_too(make: Factory, db: Session) -> None:
    night = datetime(2026, 3, 3, 22, 30, tzinfo=UTC)
    person = someone(make, channel=Channel.SMS)
    soon = queued(db, person, night, state=MessageState.WAITING)
    soon.at_once = True
    correct_number(db, make, person, "07700 900456", night)
    assert (soon.address, soon.not_before) == ("+447700900456", None)


@pytest.mark.parametrize(
    ("phone", "wanted", "field"),
    [
        ("01632 960001", Contact(Channel.SMS, False, 8, 20), "channel"),
        ("", Contact(Channel.TELEPHONE, False, 8, 20), "channel"),
        (MOBILE, Contact(Channel.SMS, False, 20, 20), "text_until"),
        (MOBILE, Contact(Channel.SMS, False, 8, 25), "text_until"),
    ],
)
def test_a_channel_without_a_number_and_hours_that_are_none_are_refused(
    make: Factory, now: datetime, phone: str, wanted: Contact, field: str
) -> None:
    db = make.db
    person = someone(make, phone=phone)
    before = contact_of(person)
    with pytest.raises(Invalid) as refused:
        choose(db, person=person, wanted=wanted, actor=make.actor(person), now=now)
    assert refused.value.field == field
    assert contact_of(person) == before
    assert db.exec(select(OutgoingMessage)).all() == []
