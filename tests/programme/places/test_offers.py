"""A place is offered and answered: once, twice, late, by telephone, and by sixteen at once for the last one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.database.session import open_engine, session_scope
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.access import Actor, OutOfReach
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.enrolment import enrol, enrolled_in, places_taken
from backtolife.programme.cohorts.left import HasLeft
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import cohorts_of
from backtolife.programme.places import offers
from backtolife.programme.places.leaving import withdraw
from backtolife.programme.places.models import OfferAnswer
from backtolife.programme.places.offer_lists import open_offers, own_offers
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason, Said, last_moment, usual_answer_by
from backtolife.reminders.letters.busy import busy
from backtolife.reminders.services import remind_cohort
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory
from tests.support.statements import statements_of

S = EnrolmentState
SITE = "http://localhost"
LAST_DAY = date(2026, 3, 9)


def offered(make: Factory, cohort: Cohort, name: str = "") -> tuple[Enrolment, Actor, Actor]:
    """A place that was offered; its patient and a clinical lead."""
    service = make.db.get_one(Service, cohort.service_id)
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    patient = make.person(service, Role.PATIENT, name)
    admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    place = offers.offer(
        make.db, patient=patient, cohort=cohort, answer_by=LAST_DAY, site=SITE, actor=admin, now=make.now
    )
    return place, make.actor(patient), lead


def say(make: Factory, place: Enrolment, said: Said, who: Actor, now: datetime | None = None) -> offers.Answered:
    by_telephone = not who.is_patient
    return offers.answer(make.db, enrolment=place, said=said, actor=who, by_telephone=by_telephone, now=now or make.now)


def test_an_offer_holds_a_place_writes_once_and_lets_nobody_in_yet(db: Session, make: Factory) -> None:
    make.noise()
    cohort = make.cohort(make.service(), capacity=1)
    place, patient, _ = offered(make, cohort, "Linda")
    assert place.state is S.INVITED
    assert places_taken(db, [cohort.id]) == {cohort.id: 1}
    assert enrolled_in(db, cohort.id) == []
    assert cohorts_of(db, db.get_one(Person, patient.id)) == frozenset()
    message = db.exec(select(OutgoingMessage)).one()
    assert message.key == f"invitation:{place.id}"
    for words in ("Hello Linda", "Tue 10 Mar at 10am", "answer by Mon 9 Mar", "http://localhost/offer"):
        assert words in message.body
    with pytest.raises(Conflict, match="full"):
        offered(make, cohort)


@pytest.mark.parametrize(("said", "state"), [(Said.YES, S.ENROLLED), (Said.NO, S.DECLINED), (Said.NOT_NOW, S.DECLINED)])
def test_the_first_answer_counts_and_is_kept(db: Session, make: Factory, said: Said, state: S) -> None:
    place, patient, _ = offered(make, make.cohort(make.service()))
    later = make.now + timedelta(days=1)
    assert say(make, place, said, patient, later).counted
    assert place.state is state
    kept = db.exec(select(OfferAnswer)).one()
    assert (kept.said, kept.counted, kept.by_telephone, kept.at, kept.by) == (said, True, False, later, patient.id)
    assert (place.enrolled_at == later) == (said is Said.YES), "whoever says yes has their place from then on"


def test_yes_twice_from_two_devices_is_one_yes(make: Factory) -> None:
    place, patient, _ = offered(make, make.cohort(make.service()))
    say(make, place, Said.YES, patient)
    again = say(make, place, Said.YES, patient)
    assert not again.counted
    assert again.words == "You said yes on Tuesday 3 March 2026, and you have your place."


def test_no_after_yes_changes_nothing_and_says_whom_to_call(make: Factory) -> None:
    place, patient, _ = offered(make, make.cohort(make.service()))
    say(make, place, Said.YES, patient)
    assert "call us on 01632 960000" in say(make, place, Said.NO, patient).words
    assert place.state is S.ENROLLED


def test_yes_after_no_is_not_lost_and_staff_are_asked_to_call(db: Session, make: Factory) -> None:
    cohort = make.cohort(make.service(), capacity=1)
    place, patient, lead = offered(make, cohort)
    say(make, place, Said.NO, patient)
    assert open_offers(db, actor=lead, now=make.now) == []
    other = make.enrolment(cohort)
    told = say(make, place, Said.YES, patient, make.now + timedelta(hours=1))
    assert (told.counted, "have kept that you would like to come" in told.words) == (False, True)
    assert [each.call_because for each in open_offers(db, actor=lead, now=make.now)] == [
        "Said yes after the offer had ended"
    ]
    with pytest.raises(Conflict, match="full"):
        say(make, place, Said.YES, lead)
    make.withdrawn(other)
    assert say(make, place, Said.YES, lead, make.now + timedelta(hours=2)).counted
    assert place.state is S.ENROLLED
    assert open_offers(db, actor=lead, now=make.now) == []


def test_an_answer_after_its_date_counts_while_the_place_is_held(db: Session, make: Factory) -> None:
    place, patient, lead = offered(make, make.cohort(make.service()))
    late = make.now + timedelta(days=8)
    assert [each.call_because for each in open_offers(db, actor=lead, now=late)] == ["No answer"]
    assert say(make, place, Said.YES, patient, late).counted


def test_staff_free_a_place_that_nobody_answers_for(db: Session, make: Factory) -> None:
    cohort = make.cohort(make.service(), capacity=1)
    place, _, lead = offered(make, cohort)
    assert say(make, place, Said.NOTHING, lead).counted
    assert place.state is S.DECLINED
    kept = db.exec(select(OfferAnswer)).one()
    assert (kept.by_telephone, kept.by) == (True, lead.id)
    assert make.enrolment(cohort)


def test_nobody_answers_for_somebody_else(make: Factory) -> None:
    cohort = make.cohort(make.service())
    place, _, _ = offered(make, cohort)
    _, stranger, _ = offered(make, cohort)
    with pytest.raises(OutOfReach):
        say(make, place, Said.YES, stranger)


def test_a_place_that_was_never_offered_has_nothing_to_answer(db: Session, make: Factory) -> None:
    place = make.enrolment(make.cohort(make.service()))
    with pytest.raises(NotFound, match="offer"):
        say(make, place, Said.YES, make.actor(db.get_one(Person, place.person_id)))


def test_who_was_withdrawn_meanwhile_reads_that_and_whom_to_call(db: Session, make: Factory) -> None:
    place, patient, lead = offered(make, make.cohort(make.service()))
    withdraw(db, enrolment=place, leaving=Leaving(DecidedBy.TEAM, Reason.ILL), actor=lead, now=make.now)
    with pytest.raises(HasLeft, match="call us on"):
        say(make, place, Said.YES, patient)


def test_two_places_at_once_are_refused_until_the_other_group_is_over(db: Session, make: Factory) -> None:
    service = make.service()
    running, other = make.cohort(service, "Mornings"), make.cohort(service, "Evenings")
    place = make.enrolment(running)
    patient = db.get_one(Person, place.person_id)
    admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    with pytest.raises(Conflict, match=r"has a place in Mornings, which still runs"):
        offers.offer(db, patient=patient, cohort=other, answer_by=LAST_DAY, site=SITE, actor=admin, now=make.now)
    over = make.now + timedelta(days=200)
    offers.place_after_yes(db, patient=patient, cohort=other, actor=admin, now=over)


def test_a_yes_does_not_make_two_places_either(db: Session, make: Factory) -> None:
    service = make.service()
    place, patient, _ = offered(make, make.cohort(service, "Evenings"))
    other = make.cohort(service, "Mornings")
    admin = make.actor(make.person(service, Role.ADMINISTRATOR))
    enrol(db, patient=db.get_one(Person, patient.id), cohort=other, actor=admin, now=make.now)
    with pytest.raises(Conflict, match="Mornings, which still runs"):
        say(make, place, Said.YES, patient)
    assert place.state is S.INVITED


def test_whoever_does_not_answer_is_reminded_once_half_way(db: Session, make: Factory, settings: Settings) -> None:
    cohort = make.cohort(make.service())
    quiet, _, _ = offered(make, cohort)
    quick, patient, _ = offered(make, cohort)
    say(make, quick, Said.NO, patient)

    def reminded(now: datetime) -> list[str]:
        remind_cohort(db, cohort_id=cohort.id, settings=settings, now=now)
        keys = db.exec(select(OutgoingMessage.key)).all()
        return [key for key in keys if key.startswith("invitation-reminder")]

    assert reminded(make.now + timedelta(days=3)) == []
    half_way = make.now + timedelta(days=4)
    assert cohort.id in busy(db, service_ids=[cohort.service_id], now=half_way)
    for days in (4, 5, 6):
        assert reminded(make.now + timedelta(days=days)) == [f"invitation-reminder:{quiet.id}"]
    waiting = {each.key: each for each in db.exec(select(OutgoingMessage))}
    assert still_wanted(db, waiting[f"invitation:{quiet.id}"], half_way)
    assert not still_wanted(db, waiting[f"invitation:{quick.id}"], half_way), "it is answered"


def test_the_usual_last_day_is_a_week_ahead_and_before_the_first_session() -> None:
    today = date(2026, 3, 3)
    assert usual_answer_by(today, date(2026, 5, 1)) == date(2026, 3, 10)
    assert usual_answer_by(today, date(2026, 3, 8)) == date(2026, 3, 7)
    assert usual_answer_by(today, date(2026, 3, 4)) == date(2026, 3, 4)
    assert usual_answer_by(today, date(2026, 2, 1)) == date(2026, 3, 10), "the group has begun"


@pytest.mark.parametrize(("last", "words"), [(date(2026, 3, 2), "is over"), (date(2026, 6, 1), "in the next 60 days")])
def test_a_last_day_that_is_over_or_far_is_refused(now: datetime, last: date, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        last_moment(last, now, "Europe/London")


def test_the_lists_take_the_same_statements_for_two_offers_and_for_ten(db: Session, make: Factory) -> None:
    cohort, counts = make.cohort(make.service(), capacity=14), []
    for many in (2, 8):
        for _ in range(many):
            _, patient, lead = offered(make, cohort)
        db.flush()
        db.expire_all()
        with statements_of(db.connection()) as seen:
            found = open_offers(db, actor=lead, now=make.now)
            own_offers(db, actor=patient, now=make.now)
        counts.append(len(seen))
    assert len(found) == 10
    assert counts[0] == counts[1] <= 15, seen


def test_sixteen_at_once_offer_the_last_place_and_one_person_has_it(url: str, now: datetime) -> None:
    engine = open_engine(url, connections=20)
    with session_scope(engine) as db:
        make = Factory(db, now)
        service = make.service()
        cohort = make.cohort(service, capacity=3)
        for _ in range(2):
            make.enrolment(cohort)
        people = [make.person(service) for _ in range(16)]
        admin = make.actor(make.person(service, Role.ADMINISTRATOR))

    def one(person: Person) -> str:
        try:
            with session_scope(engine) as db:
                own, group = db.get_one(Person, person.id), db.get_one(Cohort, cohort.id)
                offers.offer(db, patient=own, cohort=group, answer_by=LAST_DAY, site=SITE, actor=admin, now=now)
        except Conflict as error:
            return error.message
        return "offered"

    with ThreadPoolExecutor(16) as at_once:
        told = list(at_once.map(one, people))
    assert told.count("offered") == 1
    assert all("This group is full" in each for each in told if each != "offered")
    with session_scope(engine) as db:
        assert places_taken(db, [cohort.id]) == {cohort.id: 3}
        assert len(db.exec(select(OutgoingMessage)).all()) == 1
    engine.dispose()


def test_sixteen_answers_at_once_are_one_answer_and_all_are_kept(url: str, now: datetime) -> None:
    engine = open_engine(url, connections=20)
    with session_scope(engine) as db:
        make = Factory(db, now)
        place, patient, _ = offered(make, make.cohort(make.service()))

    def one(said: Said) -> bool:
        with session_scope(engine) as db:
            own = db.get_one(Enrolment, place.id)
            return offers.answer(db, enrolment=own, said=said, actor=patient, by_telephone=False, now=now).counted

    with ThreadPoolExecutor(16) as at_once:
        counted = list(at_once.map(one, [Said.YES, Said.NO] * 8))
    assert counted.count(True) == 1
    with session_scope(engine) as db:
        assert len(db.exec(select(OfferAnswer)).all()) == 16
        first = db.exec(select(OfferAnswer).where(OfferAnswer.counted)).one()
        state = db.get_one(Enrolment, place.id).state
        assert state is (S.ENROLLED if first.said is Said.YES else S.DECLINED)
    engine.dispose()
