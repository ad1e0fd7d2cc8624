"""Somebody has died: everything stops that minute, staff are told, and a mistake can be taken back."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.config import Settings
from backtolife.database.session import open_engine, session_scope
from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.mail import delivery
from backtolife.mail.delivery import OutgoingMessage
from backtolife.mail.sending import ORDINARY, URGENT, Sender
from backtolife.people.models import LinkPurpose, Person, Role, Service
from backtolife.people.signing_in import devices, signin
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.places.dying import TOLD_FOR, deaths_near, record_death, take_back_death
from backtolife.sessions.guests.courses import book
from backtolife.sessions.guests.services import by_token
from backtolife.sessions.guests.services import take_back as cancel
from tests.support.factories import Factory
from tests.support.mail import Inbox


def lead_of(make: Factory, place: Enrolment) -> Person:
    return make.person(make.db.get_one(Service, place.service_id), Role.CLINICAL_LEAD)


def die(make: Factory, place: Enrolment) -> None:
    lead = make.actor(lead_of(make, place))
    record_death(make.db, whose=place, told_by="His daughter rang today", actor=lead, now=make.now)


def queue(db: Session, person: Person, now: datetime, *, urgent: bool = False) -> OutgoingMessage | None:
    return delivery.queue(
        db,
        service_id=person.service_id,
        key=f"{person.id}:{urgent}:{now.isoformat()}",
        address=person.email,
        subject="See you",
        body="Hello.",
        now=now,
        person_id=person.id,
        urgent=urgent,
    )


def test_every_place_ends_and_the_record_stays(db: Session, make: Factory, now: datetime) -> None:
    make.noise()
    service = make.service()
    place, other = make.enrolment(make.cohort(service)), make.cohort(service)
    person = db.get_one(Person, place.person_id)
    admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    second = enrol(db, patient=person, cohort=other, actor=admin, now=now)
    die(make, place)
    assert (place.state, second.state) == (EnrolmentState.DIED, EnrolmentState.DIED)
    assert (person.died_at, person.active) == (now, False)
    entry = db.exec(select(AuditEntry).where(AuditEntry.action == "death_recorded")).one()
    assert entry.subject_id == person.id
    with pytest.raises(Conflict, match="having died"):
        enrol(db, patient=person, cohort=other, actor=admin, now=now)
    with pytest.raises(Conflict, match=r"recorded already that .* has died, today at .*, by "):
        die(make, place)


def test_it_is_said_who_told_us(db: Session, make: Factory, now: datetime) -> None:
    place = make.enrolment(make.cohort(make.service()))
    with pytest.raises(Invalid, match="who told you"):
        record_death(db, whose=place, told_by=" ", actor=make.actor(lead_of(make, place)), now=now)


def test_nobody_signs_in_as_them_any_more_by_what_they_had(db: Session, make: Factory, now: datetime) -> None:
    place = make.enrolment(make.cohort(make.service()))
    person = db.get_one(Person, place.person_id)
    cookie, device = signin.begin(db, person=person, now=now), devices.remember_device(db, person=person, now=now)
    link = signin.issue_link(db, person=person, purpose=LinkPurpose.SIGN_IN, now=now)
    die(make, place)
    db.expire_all()
    assert signin.find_signed_in(db, token=cookie, now=now) is None
    assert devices.person_of_device(db, token=device, now=now) is None
    assert signin.find_by_email(db, person.email) == []
    with pytest.raises(NotFound):
        signin.spend_link(db, token=link.token, purpose=LinkPurpose.SIGN_IN, now=now)


def test_what_waits_goes_out_of_the_line_and_nothing_new_gets_in(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    cohort = make.cohort(service)
    place, lives = make.enrolment(cohort), make.enrolment(cohort)
    person, alive = (db.get_one(Person, each.person_id) for each in (place, lives))
    guest = make.person(service, Role.COMPANION)
    guest.beside_id = person.id
    for each in (person, guest, alive):
        queue(db, each, now)
        queue(db, each, now, urgent=True)
    die(make, place)
    assert {each.person_id for each in db.exec(select(OutgoingMessage))} == {alive.id}
    assert queue(db, person, now + timedelta(days=1), urgent=True) is None
    assert not guest.active, "whoever was to sit beside them is put out too"


@pytest.mark.parametrize("lane", [URGENT, ORDINARY])
def test_a_message_that_was_claimed_and_did_not_get_out_is_never_tried_again(
    url: str, settings: Settings, mail_server: Inbox, now: datetime, lane: object
) -> None:
    engine = open_engine(url)
    with session_scope(engine) as db:
        make = Factory(db, now)
        place = make.enrolment(make.cohort(make.service()))
        queue(db, db.get_one(Person, place.person_id), now, urgent=lane is URGENT)
    here = replace(settings, smtp_host="127.0.0.1", smtp_port=1, smtp_starttls=False)
    away = Sender(engine, here, lane)  # type: ignore[arg-type]
    claimed = away.due(now)
    assert len(claimed) == 1
    away.send(claimed, now)
    with session_scope(engine) as db:
        die(Factory(db, now), db.get_one(Enrolment, place.id))
    later = now + timedelta(hours=1)
    back = Sender(engine, replace(here, smtp_port=mail_server.port), lane)  # type: ignore[arg-type]
    assert back.send(claimed, later) == 0
    assert mail_server.mails == []
    engine.dispose()


def test_a_message_that_slipped_into_the_line_is_thrown_away_when_it_would_go(
    url: str, settings: Settings, mail_server: Inbox, now: datetime
) -> None:
    """Queued by somebody whose transaction began before the death was recorded."""
    engine = open_engine(url)
    with session_scope(engine) as db:
        make = Factory(db, now)
        place = make.enrolment(make.cohort(make.service()))
        person = db.get_one(Person, place.person_id)
        queue(db, person, now)
        person.died_at = now
    here = replace(settings, smtp_host="127.0.0.1", smtp_port=mail_server.port, smtp_starttls=False)
    Sender(engine, here, ORDINARY).turn(now)
    assert mail_server.mails == []
    with session_scope(engine) as db:
        assert db.exec(select(OutgoingMessage)).all() == []
    engine.dispose()


def test_staff_who_knew_them_are_told_for_some_weeks(db: Session, make: Factory, now: datetime) -> None:
    make.noise()
    service = make.service()
    cohort = make.cohort(service)
    place, knew = make.enrolment(cohort, "Colin"), make.actor(make.facilitator(cohort))
    stranger = make.actor(make.facilitator(make.cohort(service)))
    admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    die(make, place)
    assert [each.person.shown_name for each in deaths_near(db, actor=knew, now=now)] == ["Colin"]
    assert deaths_near(db, actor=stranger, now=now) == deaths_near(db, actor=admin, now=now) == []
    assert deaths_near(db, actor=knew, now=now + TOLD_FOR + timedelta(days=1)) == []


def test_a_mistake_is_taken_back_by_a_clinical_lead_alone(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    place, facilitator = make.enrolment(cohort), make.actor(make.facilitator(cohort))
    person, lead = db.get_one(Person, place.person_id), make.actor(lead_of(make, place))
    with pytest.raises(Conflict, match="not recorded"):
        take_back_death(db, whose=place, actor=lead, now=now)
    die(make, place)
    with pytest.raises(NotPermitted):
        take_back_death(db, whose=place, actor=facilitator, now=now)
    assert take_back_death(db, whose=place, actor=lead, now=now).all_places
    assert (person.died_at, person.active, place.state) == (None, True, EnrolmentState.ENROLLED)
    assert deaths_near(db, actor=lead, now=now) == []
    assert queue(db, person, now) is not None


def test_who_lives_after_all_has_no_place_in_a_group_that_filled_meanwhile(
    db: Session, make: Factory, now: datetime
) -> None:
    cohort = make.cohort(make.service(), capacity=1)
    place = make.enrolment(cohort)
    die(make, place)
    make.enrolment(cohort)
    assert not take_back_death(db, whose=place, actor=make.actor(lead_of(make, place)), now=now).all_places
    assert db.get_one(Person, place.person_id).active
    assert place.state is EnrolmentState.WITHDRAWN


def test_who_came_with_them_comes_again_by_the_old_link_when_a_mistake_is_taken_back(
    db: Session, make: Factory, now: datetime
) -> None:
    cohort = make.cohort(make.service())
    place, lead = make.enrolment(cohort), make.actor(make.facilitator(cohort))
    booked = {name: book(db, enrolment=place, name=name, actor=lead, now=now) for name in ("Ana Ruiz", "Ben Ali")}
    cancelled = booked["Ben Ali"].person
    cancel(db, person=cancelled, actor=lead, now=now)
    head = make.actor(lead_of(make, place))
    record_death(db, whose=place, told_by="His daughter", actor=lead, now=now + timedelta(hours=1))
    assert not booked["Ana Ruiz"].person.active
    with pytest.raises(NotFound):
        by_token(db, token=booked["Ana Ruiz"].token, now=now + timedelta(hours=2))
    back = take_back_death(db, whose=place, actor=head, now=now + timedelta(hours=2))
    assert back.companions == ("Ana Ruiz",)
    assert back.words.endswith("They have their place again. Ana Ruiz comes with them again, by the link they had.")
    assert by_token(db, token=booked["Ana Ruiz"].token, now=now + timedelta(hours=2)) is booked["Ana Ruiz"].person
    assert not cancelled.active, "whoever was cancelled before stays cancelled"
