"""Somebody says yes or no: once, twice, from two devices, to older words, on the telephone. Nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.database.session import open_engine, session_scope
from backtolife.errors import Conflict, NotPermitted
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.consent import texts
from backtolife.programme.consent.answering import Standing, answer, history_of, standings_of
from backtolife.programme.consent.asking import lacking, not_agreed, to_agree
from backtolife.programme.consent.models import ConsentAnswer, ConsentText
from backtolife.programme.consent.rules import GRACE, ConsentKind, Stand
from backtolife.programme.places.leaving import reinstate, withdraw
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason
from tests.support.factories import Factory

K = ConsentKind


def of(db: Session, person: Person, kind: ConsentKind = K.GROUP) -> Standing:
    return next(
        each for each in standings_of(db, person_id=person.id, service_id=person.service_id) if each.kind is kind
    )


def asked(db: Session, person: Person, kind: ConsentKind = K.GROUP) -> ConsentText:
    return texts.texts_of(db, person.service_id)[kind].newest


def say(
    make: Factory, person: Person, text: ConsentText, *, agreed: bool, now: datetime | None = None
) -> ConsentAnswer:
    return answer(
        make.db,
        person=person,
        kind=text.kind,
        text=text,
        agreed=agreed,
        actor=make.actor(person),
        now=now or make.now,
    )


@pytest.fixture
def linda(make: Factory) -> Person:
    """A patient who has not answered anything yet, beside one of the same group who has."""
    make.asks(make.db.get_one(Service, make.noise().service_id))
    service = make.service()
    make.asks(service)
    cohort = make.cohort(service)
    make.enrolment(cohort, "Joseph")
    return make.db.get_one(Person, make.enrolment(cohort, "Linda", agreed=False).person_id)


def cohort_of(db: Session, person: Person) -> Cohort:
    place = db.exec(select(Enrolment).where(Enrolment.person_id == person.id)).one()
    return db.get_one(Cohort, place.cohort_id)


def test_everything_is_open_until_it_is_answered_and_the_same_again_changes_nothing(
    db: Session, make: Factory, linda: Person
) -> None:
    assert {each.how for each in standings_of(db, person_id=linda.id, service_id=linda.service_id)} == {Stand.OPEN}
    for _ in range(2):
        say(make, linda, asked(db, linda), agreed=True)
    assert of(db, linda).how is Stand.AGREED
    assert [each.agreed for each, _ in history_of(db, linda.id)] == [True]
    entries = db.exec(select(AuditEntry).where(AuditEntry.subject_id == linda.id, AuditEntry.action == "consent_given"))
    assert [each.detail["kind"] for each in entries] == ["group_agreement"]


def test_a_yes_is_taken_back_and_given_again_and_all_of_it_is_kept(db: Session, make: Factory, linda: Person) -> None:
    text = asked(db, linda)
    for hour, agreed in enumerate((True, False, True)):
        say(make, linda, text, agreed=agreed, now=make.now + timedelta(hours=hour))
        assert of(db, linda).how is (Stand.AGREED if agreed else Stand.REFUSED)
    assert [each.agreed for each, _ in history_of(db, linda.id)] == [True, False, True]


def test_new_words_ask_again_only_where_they_say_so(db: Session, make: Factory, linda: Person) -> None:
    make.agrees(linda)
    lead = make.actor(make.person(db.get_one(Service, linda.service_id), Role.CLINICAL_LEAD))
    words = texts.Words("Our group agreement", "Be kind.")
    for seen, again, how in ((1, False, Stand.AGREED), (2, True, Stand.OPEN), (3, False, Stand.OPEN)):
        texts.publish(db, kind=K.GROUP, words=words, asks_again=again, seen=seen, actor=lead, now=make.now)
        assert of(db, linda).how is how
    say(make, linda, asked(db, linda), agreed=True)
    assert of(db, linda).how is Stand.AGREED


def test_a_yes_to_older_words_after_newer_ones_is_kept_and_does_not_count(
    db: Session, make: Factory, linda: Person
) -> None:
    old = asked(db, linda)
    make.asks(db.get_one(Service, linda.service_id), K.GROUP)
    say(make, linda, old, agreed=True)
    assert of(db, linda).how is Stand.OPEN, "the newer words ask again"
    say(make, linda, asked(db, linda), agreed=True)
    late = say(make, linda, old, agreed=True, now=make.now + timedelta(minutes=1))
    assert late.replaced_at == late.at
    assert of(db, linda).how is Stand.AGREED
    assert len(history_of(db, linda.id)) == 3
    say(make, linda, old, agreed=False)
    assert of(db, linda).how is Stand.REFUSED, "a no counts from whatever page it comes"


def test_who_lacks_a_needed_yes_is_named_and_others_are_not(db: Session, make: Factory, linda: Person) -> None:
    group = cohort_of(db, linda)
    members = [(db.exec(select(Enrolment).where(Enrolment.person_id == linda.id)).one(), linda)]
    assert lacking(db, person_ids=[linda.id], service_id=linda.service_id) == {linda.id: Stand.OPEN}
    make.agrees(linda, kinds=(K.GROUP, K.DATA))
    assert lacking(db, person_ids=[linda.id], service_id=linda.service_id) == {}, "the others are a free choice"
    make.agrees(linda, kinds=(K.DATA,), agreed=False)
    assert [how for *_, how in not_agreed(db, members=members, service_id=group.service_id)] == [Stand.REFUSED]


def test_who_is_in_the_middle_of_a_programme_has_fourteen_days(db: Session, make: Factory) -> None:
    service = make.service()
    group = make.cohort(service)  # its first session is on 10 March
    patient = db.get_one(Person, make.enrolment(group).person_id)
    began = make.now + timedelta(days=8)
    assert to_agree(db, person_id=patient.id, cohort=group, now=began).open == []
    make.asks(service, K.GROUP, now=began)
    soon = to_agree(db, person_id=patient.id, cohort=group, now=began)
    assert (soon.needed, soon.shuts, soon.until) == (True, [], began + GRACE)
    late = to_agree(db, person_id=patient.id, cohort=group, now=began + GRACE)
    assert [each.kind for each in late.shuts] == [K.GROUP]
    say(make, patient, asked(db, patient), agreed=False, now=began)
    assert to_agree(db, person_id=patient.id, cohort=group, now=began).shuts, "a no is honoured at once"


def test_before_the_first_session_there_is_no_other_way_in(db: Session, make: Factory, linda: Person) -> None:
    found = to_agree(db, person_id=linda.id, cohort=cohort_of(db, linda), now=make.now)
    assert [each.kind for each in found.shuts] == [K.GROUP, K.DATA]
    assert found.until is None


def test_the_words_at_leaving_and_the_page_are_one_rule(db: Session, make: Factory, linda: Person) -> None:
    place = db.exec(select(Enrolment).where(Enrolment.person_id == linda.id)).one()
    lead = make.actor(make.person(db.get_one(Service, linda.service_id), Role.CLINICAL_LEAD))
    say(make, linda, asked(db, linda, K.LATER), agreed=True)
    leaving = Leaving(DecidedBy.PATIENT, Reason.WORK)
    withdraw(db, enrolment=place, leaving=leaving, actor=lead, now=make.now)
    assert place.agreed_later, "nobody asked, so what they said before counts"
    say(make, linda, asked(db, linda, K.LATER), agreed=False, now=make.now + timedelta(hours=1))
    db.refresh(place)
    assert not place.agreed_later, "taken back with one press after they left"
    reinstate(db, enrolment=place, actor=lead, now=make.now)
    withdraw(
        db,
        enrolment=place,
        leaving=Leaving(DecidedBy.PATIENT, Reason.WORK, agreed_later=True),
        actor=lead,
        now=make.now + timedelta(hours=2),
    )
    assert place.agreed_later
    newest, by = history_of(db, linda.id)[0]
    assert (of(db, linda, K.LATER).how, newest.by_telephone) == (Stand.AGREED, True)
    assert by is not None


def test_only_whoever_may_publishes_and_nobody_over_a_version_they_have_not_seen(db: Session, make: Factory) -> None:
    service = make.service()
    make.asks(service, K.GP)
    words = texts.Words("May we?", "May we call?")
    admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    with pytest.raises(Conflict, match="version 1"):
        texts.publish(db, kind=K.GP, words=words, asks_again=False, seen=0, actor=admin, now=make.now)
    assert texts.publish(db, kind=K.GP, words=words, asks_again=False, seen=1, actor=admin, now=make.now).version == 2
    facilitator = make.actor(make.facilitator(make.cohort(service)))
    with pytest.raises(NotPermitted):
        texts.publish(db, kind=K.GP, words=words, asks_again=False, seen=2, actor=facilitator, now=make.now)


def test_yes_and_no_from_many_devices_at_once_leave_one_answer_that_stands(url: str, now: datetime) -> None:
    engine = open_engine(url, connections=12)
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
        make.asks(service, K.GROUP)
        patient = make.person(service)
        text, actor = asked(db, patient), make.actor(patient)

    def press(number: int) -> None:
        with session_scope(engine) as own:
            person = own.get_one(Person, patient.id)
            answer(own, person=person, kind=K.GROUP, text=text, agreed=bool(number % 2), actor=actor, now=now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(8)))
    with session_scope(engine) as db:
        said = db.exec(select(ConsentAnswer)).all()
        assert len([each for each in said if each.replaced_at is None]) == 1
        assert {each.agreed for each in said} == {True, False}
    engine.dispose()
