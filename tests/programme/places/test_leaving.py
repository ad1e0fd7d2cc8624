"""Somebody leaves a group, agrees to be asked later or not, and comes back."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaits
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backtolife.audit import AuditEntry
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.errors import Conflict, Invalid
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.outcomes.asking.due import due_for, due_for_actor
from backtolife.people.access import OutOfReach
from backtolife.people.models import Person, Role
from backtolife.programme.cohorts.enrolment import enrol, enrolment_of
from backtolife.programme.cohorts.left import HasLeft
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.consent.answering import answer
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.places.leaving import open_ending, reinstate, withdraw
from backtolife.programme.places.models import EndKind, PlaceEnding
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason
from backtolife.reminders.services import remind_cohort
from tests.support.factories import Factory
from tests.support.outcomes.sheets import a_patient

WENT = Leaving(DecidedBy.PATIENT, Reason.TECHNOLOGY, "The sound broke off each time.")


def test_who_left_is_kept_with_the_reason_and_who_decided(db: Session, make: Factory, now: datetime) -> None:
    make.noise()
    cohort = make.cohort(make.service())
    place, lead = make.enrolment(cohort), make.actor(make.facilitator(cohort))
    withdraw(db, enrolment=place, leaving=WENT, actor=lead, now=now)
    ending = db.exec(select(PlaceEnding).where(PlaceEnding.enrolment_id == place.id)).one()
    assert place.state is EnrolmentState.WITHDRAWN
    assert (ending.decided_by, ending.reason, ending.words) == (WENT.decided_by, WENT.reason, WENT.words)
    assert (ending.state_before, ending.at, ending.by) == (EnrolmentState.ENROLLED, now, lead.id)
    entry = db.exec(select(AuditEntry).where(AuditEntry.action == "enrolment_withdrawn")).one()
    assert (entry.actor_id, entry.subject_id) == (lead.id, place.id)


def test_staff_write_down_that_somebody_left_while_they_answer_on_their_own_page(engine: Engine, now: datetime) -> None:
    """Both hold their own lock and want the place; neither waits for the other for ever."""
    with session_scope(engine) as db:
        make = Factory(db, now)
        cohort = make.cohort(make.service())
        place, lead = make.enrolment(cohort), make.actor(make.facilitator(cohort))
        person = db.get_one(Person, place.person_id)
        linda = make.actor(person)

    def leave() -> None:
        with session_scope(engine) as db:
            leaving = Leaving(DecidedBy.PATIENT, Reason.WORK, agreed_later=True)
            withdraw(db, enrolment=db.get_one(Enrolment, place.id), leaving=leaving, actor=lead, now=now)

    def say(db: Session, kind: ConsentKind) -> None:
        answer(db, person=db.get_one(Person, person.id), kind=kind, text=None, agreed=False, actor=linda, now=now)

    with ThreadPoolExecutor(1) as beside:
        with session_scope(engine) as db:
            say(db, ConsentKind.GP)
            leaves = beside.submit(leave)
            with pytest.raises(StillWaits):
                leaves.result(timeout=0.5)
            say(db, ConsentKind.LATER)
        leaves.result(timeout=30)
    with session_scope(engine) as db:
        left = db.get_one(Enrolment, place.id)
        assert (left.state, left.agreed_later) == (EnrolmentState.WITHDRAWN, True)


def test_another_groups_facilitator_cannot_end_a_place(db: Session, make: Factory, now: datetime) -> None:
    service = make.service()
    place = make.enrolment(make.cohort(service))
    stranger = make.actor(make.facilitator(make.cohort(service)))
    with pytest.raises(OutOfReach):
        withdraw(db, enrolment=place, leaving=WENT, actor=stranger, now=now)


def test_something_else_needs_words(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    place, lead = make.enrolment(cohort), make.actor(make.facilitator(cohort))
    with pytest.raises(Invalid, match="what the reason was"):
        withdraw(db, enrolment=place, leaving=Leaving(DecidedBy.TEAM, Reason.OTHER, " "), actor=lead, now=now)


def test_nobody_leaves_twice(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service())
    place, lead = make.withdrawn(make.enrolment(cohort)), make.actor(make.facilitator(cohort))
    with pytest.raises(Conflict, match="already withdrawn"):
        withdraw(db, enrolment=place, leaving=WENT, actor=lead, now=now)


def test_what_waits_for_who_left_is_taken_out_of_the_line_but_not_their_link_to_sign_in(
    db: Session, make: Factory, now: datetime
) -> None:
    cohort = make.cohort(make.service())
    place, stays = make.enrolment(cohort), make.enrolment(cohort)
    for person_id in (place.person_id, stays.person_id):
        for urgent in (True, False):
            delivery.queue(
                db,
                service_id=cohort.service_id,
                key=f"{person_id}:{urgent}",
                address="sam@example.org",
                subject="",
                body="",
                now=now,
                person_id=person_id,
                urgent=urgent,
            )
    make.withdrawn(place)
    left = {(each.person_id, each.urgent) for each in db.exec(select(OutgoingMessage))}
    assert left == {(place.person_id, True), (stays.person_id, True), (stays.person_id, False)}


def test_who_leaves_one_group_still_hears_what_another_place_owes_them(
    db: Session, make: Factory, now: datetime
) -> None:
    service = make.service()
    left, lead = make.enrolment(make.cohort(service)), make.actor(make.person(service, Role.CLINICAL_LEAD))
    patient = db.get_one(Person, left.person_id)
    first = withdraw(db, enrolment=left, leaving=WENT, actor=lead, now=now)
    reinstate(db, enrolment=left, actor=lead, now=now)
    kept = enrol(db, patient=patient, cohort=make.cohort(service), actor=lead, now=now)
    owed = {f"programme-over:{kept.id}", f"questionnaire-due:month-3:{kept.id}", "group-changed:theirs"}
    for key in (*owed, f"welcome:{left.id}", f"questionnaire-due:baseline:{left.id}", f"place-ended:{first.id}"):
        delivery.queue(
            db,
            service_id=service.id,
            key=key,
            address=patient.email,
            subject="",
            body="",
            now=now,
            person_id=patient.id,
        )
    withdraw(db, enrolment=left, leaving=WENT, actor=lead, now=now)
    assert set(db.exec(select(OutgoingMessage.key))) == owed
    second = open_ending(db, left, EndKind.WITHDRAWN)
    assert second is not None
    goodbye = db.exec(select(OutgoingMessage).where(OutgoingMessage.key == "group-changed:theirs")).one()
    goodbye.key = f"place-ended:{second.id}"
    withdraw(db, enrolment=kept, leaving=WENT, actor=lead, now=now)
    assert db.exec(select(OutgoingMessage)).all() == [goodbye], "with the last place nothing else is owed"


def test_what_failed_or_was_to_be_rung_about_goes_no_more_and_is_made_anew_when_they_are_back(
    db: Session, make: Factory, settings: Settings, now: datetime
) -> None:
    cohort = make.cohort(make.service())
    place, lead = make.enrolment(cohort), make.actor(make.facilitator(cohort))
    soon = dates_of(db, cohort.id)[0].starts_at - timedelta(hours=20)
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=soon)
    before = db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == place.person_id)).all()
    keys = {each.key for each in before}
    failed, call, *_ = before
    failed.state, call.channel = MessageState.FAILED, Channel.TELEPHONE
    withdraw(db, enrolment=place, leaving=WENT, actor=lead, now=soon)
    left = db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == place.person_id)).all()
    assert {(each.id, each.state, each.body) for each in left} == {
        (each.id, MessageState.DROPPED, "") for each in (failed, call)
    }
    reinstate(db, enrolment=place, actor=lead, now=soon)
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=soon)
    waiting = select(OutgoingMessage.key).where(
        OutgoingMessage.person_id == place.person_id, OutgoingMessage.state == MessageState.WAITING
    )
    assert set(db.exec(waiting)) == keys


@pytest.mark.parametrize("agreed", [True, False])
def test_who_left_is_asked_months_later_if_they_agreed_and_nothing_else(
    db: Session, make: Factory, settings: object, agreed: bool
) -> None:
    patient = a_patient(make)
    place = make.withdrawn(patient.enrolment, agreed_later=agreed)
    dues = due_for(db, enrolment=place, now=patient.now)
    assert [due.ask.id for due in dues] == (["month-3", "month-6", "month-12"] if agreed else [])
    assert [each.id for each, _ in due_for_actor(db, actor=patient.actor, now=patient.now)] == [place.id] * agreed
    later = dates_of(db, place.cohort_id)[7].starts_at + timedelta(days=85)
    remind_cohort(db, cohort_id=place.cohort_id, settings=settings, now=later)  # type: ignore[arg-type]
    own = select(OutgoingMessage).where(col(OutgoingMessage.person_id) == place.person_id)
    assert [each.key for each in db.exec(own)] == [f"questionnaire-due:month-3:{place.id}"] * agreed
    if agreed:
        response = patient.open("peg-3", "month-3", later)
        assert patient.say(response, "1", 4, now=later).closed == ""


def test_who_left_reads_since_when_and_whom_to_call(db: Session, make: Factory) -> None:
    make.noise()
    place = make.withdrawn(make.enrolment(make.cohort(make.service(), "Tuesdays")), agreed_later=True)
    actor = make.actor(db.get_one(Person, place.person_id))
    with pytest.raises(
        HasLeft, match=r"You left your group, Tuesdays, on Tuesday 3 March 2026\..* call us on 01632 960000"
    ) as told:
        enrolment_of(db, actor=actor)
    assert "as you agreed" in told.value.message


def test_a_leaving_is_taken_back_to_where_they_stood(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service(), capacity=1)
    place, lead = make.enrolment(cohort), make.actor(make.facilitator(cohort))
    make.withdrawn(place, agreed_later=True)
    reinstate(db, enrolment=place, actor=lead, now=now)
    assert (place.state, place.agreed_later) == (EnrolmentState.ENROLLED, True), "what they agreed to stays"
    ending = db.exec(select(PlaceEnding).where(PlaceEnding.enrolment_id == place.id)).one()
    assert (ending.taken_back_at, ending.taken_back_by) == (now, lead.id)
    with pytest.raises(Conflict, match="has not left"):
        reinstate(db, enrolment=place, actor=lead, now=now)


def test_a_leaving_is_not_taken_back_into_a_group_that_filled(db: Session, make: Factory, now: datetime) -> None:
    cohort = make.cohort(make.service(), capacity=1)
    place, lead = make.withdrawn(make.enrolment(cohort)), make.actor(make.facilitator(cohort))
    make.enrolment(cohort)
    with pytest.raises(Conflict, match="group is full"):
        reinstate(db, enrolment=place, actor=lead, now=now)
    assert place.state is EnrolmentState.WITHDRAWN


def test_who_comes_back_later_has_a_new_place_and_the_old_one_stays_as_it_ended(
    db: Session, make: Factory, now: datetime
) -> None:
    cohort = make.cohort(make.service())
    old, lead = make.withdrawn(make.enrolment(cohort)), make.actor(make.facilitator(cohort))
    patient = db.get_one(Person, old.person_id)
    new = enrol(db, patient=patient, cohort=cohort, actor=lead, now=now)
    assert (new.id != old.id, new.code != old.code) == (True, True)
    assert (old.state, new.state) == (EnrolmentState.WITHDRAWN, EnrolmentState.ENROLLED)
    with pytest.raises(Conflict, match="newer place"):
        reinstate(db, enrolment=old, actor=lead, now=now)
    held = select(Enrolment).where(Enrolment.person_id == patient.id)
    assert len(db.exec(held).all()) == 2
