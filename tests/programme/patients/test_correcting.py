"""Staff correct a patient's details: with a trace, never over somebody else's change, and a wrong address is shut."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.config import Settings
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.access import Actor
from backtolife.people.models import LinkPurpose, Person
from backtolife.people.signing_in import devices, signin
from backtolife.people.signing_in.messages import queue_link
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.patients.correcting import correct, details_of
from backtolife.reminders.services import remind_cohort
from tests.support.factories import Factory


@dataclass
class Corrected:
    """A patient of a group, and a facilitator who corrects what is known of them."""

    db: Session
    cohort: Cohort
    place: Enrolment
    linda: Person
    priya: Actor
    now: datetime

    def change(self, *, seen: str = "", send_again: bool = False, **to: str) -> list[str]:
        before = details_of(self.linda)
        details, seen = replace(before, **to), seen or before.mark
        return correct(
            self.db,
            actor=self.priya,
            whose=self.place,
            details=details,
            seen=seen,
            send_again=send_again,
            now=self.now,
        )

    def message(self, key: str, state: MessageState = MessageState.WAITING) -> OutgoingMessage:
        queued = delivery.queue(
            self.db,
            service_id=self.place.service_id,
            key=key,
            address=self.linda.email,
            subject="Hello",
            body="Words",
            now=self.now,
            person_id=self.linda.id,
        )
        assert queued is not None
        queued.state = state
        return queued


@pytest.fixture
def it(db: Session, make: Factory, now: datetime) -> Corrected:
    make.noise()
    cohort = make.cohort(make.service(), first_day=(now + timedelta(days=7)).date())
    place = make.enrolment(cohort, "Linda")
    priya = make.actor(make.facilitator(cohort, name="Priya"))
    return Corrected(db, cohort, place, db.get_one(Person, place.person_id), priya, now)


def test_what_was_corrected_is_kept_and_the_trace_names_the_fields_and_no_value(it: Corrected) -> None:
    assert it.change(full_name="Lynda Hall", phone="020 7946 0000") == ["full_name", "phone"]
    assert (it.linda.full_name, it.linda.phone) == ("Lynda Hall", "020 7946 0000")
    (entry,) = it.db.exec(select(AuditEntry).where(AuditEntry.action == "patient_corrected")).all()
    assert (entry.actor_id, entry.subject_id) == (it.priya.id, it.linda.id)
    assert "full_name phone" in str(entry.model_dump())
    assert "Lynda" not in str(entry.model_dump())


def test_nothing_changed_is_nothing_kept(it: Corrected) -> None:
    assert it.change() == []
    assert it.db.exec(select(AuditEntry).where(AuditEntry.action == "patient_corrected")).all() == []


def test_a_new_address_ends_every_link_sign_in_and_remembered_device_of_the_old_one(it: Corrected) -> None:
    issued = signin.issue_link(it.db, person=it.linda, purpose=LinkPurpose.SIGN_IN, now=it.now)
    signed_in = signin.begin(it.db, person=it.linda, now=it.now)
    device = devices.remember_device(it.db, person=it.linda, now=it.now)
    it.change(email="lynda@example.org")
    with pytest.raises(NotFound):
        signin.find_link(it.db, token=issued.token, purpose=LinkPurpose.SIGN_IN, now=it.now)
    assert signin.find_signed_in(it.db, token=signed_in, now=it.now) is None
    assert devices.person_of_device(it.db, token=device, now=it.now) is None


def test_another_field_ends_nothing(it: Corrected) -> None:
    signed_in = signin.begin(it.db, person=it.linda, now=it.now)
    it.change(phone="020 7946 0000")
    assert signin.find_signed_in(it.db, token=signed_in, now=it.now) is not None


def test_what_waits_goes_to_the_new_address_but_for_links(app: Flask, it: Corrected) -> None:
    waits = it.message("welcome:1")
    issued = signin.issue_link(it.db, person=it.linda, purpose=LinkPurpose.SIGN_IN, now=it.now)
    with app.app_context():
        queue_link(it.db, person=it.linda, issued=issued, address="http://localhost/link", now=it.now)
    it.change(email="lynda@example.org")
    left = it.db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == it.linda.id)).all()
    assert [(each.id, each.address) for each in left] == [(waits.id, "lynda@example.org")]


@pytest.mark.parametrize("send_again", [True, False])
def test_what_went_to_a_wrong_address_goes_again_once_only_where_it_is_asked_for(
    it: Corrected, settings: Settings, send_again: bool
) -> None:
    remind_cohort(it.db, cohort_id=it.cohort.id, settings=settings, now=it.now)
    first = it.db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == it.linda.id)).all()
    assert first
    for each in first:
        each.state = MessageState.SENT
    it.change(email="lynda@example.org", send_again=send_again)
    for _ in range(2):
        remind_cohort(it.db, cohort_id=it.cohort.id, settings=settings, now=it.now)
    wanted = select(OutgoingMessage).where(OutgoingMessage.address == "lynda@example.org")
    assert len(it.db.exec(wanted).all()) == (len(first) if send_again else 0)


@pytest.mark.parametrize("send_again", [True, False])
def test_what_is_held_dropped_or_failed_at_the_old_address_goes_at_most_once_to_the_new_one(
    it: Corrected, settings: Settings, send_again: bool
) -> None:
    remind_cohort(it.db, cohort_id=it.cohort.id, settings=settings, now=it.now)
    every = it.db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == it.linda.id)).all()
    states = (MessageState.HELD, MessageState.DROPPED)
    for each, state in zip(every, states, strict=False):
        each.state = state
    failed = it.message("place-ended:1", MessageState.FAILED)
    failed.trouble, failed.tries, old = "No such place.", 3, it.linda.email
    it.change(email="lynda@example.org", send_again=send_again)
    remind_cohort(it.db, cohort_id=it.cohort.id, settings=settings, now=it.now)
    keys = it.db.exec(select(OutgoingMessage.key).where(OutgoingMessage.person_id == it.linda.id)).all()
    assert set(keys) == {"place-ended:1", *(each.key for each in every)}, "nothing is written a second time"
    assert [each.state for each in every] == list(states)
    assert every[0].address == "lynda@example.org"
    told = (failed.state, failed.address, failed.trouble, failed.tries)
    if send_again:
        assert told == (MessageState.WAITING, "lynda@example.org", "", 0)
    else:
        assert told == (MessageState.FAILED, old, "No such place.", 3)


def test_what_was_told_in_a_call_is_not_told_again_by_mail(it: Corrected) -> None:
    told = it.message("place-ended:1", MessageState.SENT)
    told.channel = Channel.TELEPHONE
    it.change(email="lynda@example.org", send_again=True)
    assert told.key == "place-ended:1"


@pytest.mark.parametrize("was_wrong", [True, False])
@pytest.mark.parametrize(
    ("channel", "to", "ends"),
    [
        (Channel.SMS, "07700 900456", True),
        (Channel.SMS, "", True),
        (Channel.SMS, "+44 7700 900123", False),
        (Channel.EMAIL, "07700 900456", False),
    ],
)
def test_another_mobile_ends_the_links_of_who_takes_texts_and_a_wrong_one_their_sign_ins(
    app: Flask, it: Corrected, *, channel: Channel, to: str, ends: bool, was_wrong: bool
) -> None:
    it.linda.channel, it.linda.phone = channel, "07700 900123"
    issued = signin.issue_link(it.db, person=it.linda, purpose=LinkPurpose.SIGN_IN, now=it.now)
    signed_in = signin.begin(it.db, person=it.linda, now=it.now)
    with app.app_context():
        queue_link(it.db, person=it.linda, issued=issued, address="http://localhost/link", now=it.now)
    it.change(phone=to, send_again=was_wrong)
    assert (issued.link.spent_at is not None) is ends
    assert (signin.find_signed_in(it.db, token=signed_in, now=it.now) is None) is (ends and was_wrong)
    waiting = it.db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == it.linda.id)).all()
    assert (waiting == []) is ends


def test_an_address_that_somebody_else_has_is_refused_in_words(it: Corrected, make: Factory) -> None:
    other = it.db.get_one(Person, make.enrolment(it.cohort, "Joseph").person_id)
    with pytest.raises(Conflict, match="Another patient has this e-mail address"):
        it.change(email=other.email.upper())


def test_what_a_colleague_changed_meanwhile_is_not_overwritten(it: Corrected) -> None:
    seen = details_of(it.linda).mark
    it.change(phone="020 7946 0000")
    with pytest.raises(Conflict, match="changed these details"):
        it.change(seen=seen, phone="020 7946 0001")
    assert it.linda.phone == "020 7946 0000"


@pytest.mark.parametrize(
    ("field", "typed"),
    [("phone", "ring me"), ("full_name", " "), ("shown_name", "\u200b"), ("emergency_phone", "1")],
)
def test_what_cannot_be_kept_is_refused_by_its_field(it: Corrected, field: str, typed: str) -> None:
    with pytest.raises(Invalid):
        it.change(**{"emergency_name": "Brian", field: typed})


def test_a_number_for_an_emergency_needs_a_name(it: Corrected) -> None:
    with pytest.raises(Invalid) as refused:
        it.change(emergency_name="", emergency_phone="020 7946 0000")
    assert refused.value.field == "emergency_name"


def test_a_facilitator_of_another_group_finds_nobody(it: Corrected, make: Factory) -> None:
    other = make.facilitator(make.cohort(make.service()), name="Tom")
    with pytest.raises(NotFound):
        replace_actor(it, make.actor(other)).change(phone="020 7946 0000")


def replace_actor(it: Corrected, actor: Actor) -> Corrected:
    return replace(it, priya=actor)
