"""An offer made by mistake is taken back, and an answer that staff wrote down by mistake is put right."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.config import Settings
from backtolife.errors import Conflict, NotPermitted
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.access import Actor, OutOfReach
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.enrolment import change_state, places_taken
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places import offers
from backtolife.programme.places.mistakes import Correction, correct_answer, take_back_offer
from backtolife.programme.places.models import OfferAnswer
from backtolife.programme.places.offer_lists import open_offers, own_offers
from backtolife.programme.places.queue import waiting
from backtolife.programme.places.rules import Said, Wishes
from backtolife.reminders.services import remind_cohort
from backtolife.reporting.dataset.loading import load
from tests.programme.places.test_offers import LAST_DAY, SITE, offered, say
from tests.reminders.still_wanted import still_wanted
from tests.support.factories import Factory

S = EnrolmentState
HOUR = timedelta(hours=1)
STATES = {Correction.NOT_ANSWERED: S.INVITED, Correction.NO: S.DECLINED, Correction.YES: S.ENROLLED}


def about(db: Session, place: Enrolment) -> dict[str, OutgoingMessage]:
    """The messages about a place, by kind."""
    return {each.key.split(":")[0]: each for each in db.exec(select(OutgoingMessage)) if place.id in each.key}


def steps(db: Session, place: Enrolment, make: Factory) -> set[str] | None:
    """The steps that the figures know of a place; None where they know nothing of it."""
    members = load(db, service_id=place.service_id, now=make.now + timedelta(days=1)).members
    return next((set(each.dates) for each in members if each.code == place.code), None)


def put_right(make: Factory, place: Enrolment, to: Correction, lead: Actor) -> bool:
    return correct_answer(make.db, enrolment=place, to=to, actor=lead, now=make.now + HOUR)


def actions(db: Session) -> list[str]:
    return [each.action for each in db.exec(select(AuditEntry))]


def test_an_offer_taken_back_frees_the_place_sends_nothing_and_counts_as_never_made(db: Session, make: Factory) -> None:
    cohort = make.cohort(make.service(), capacity=1)
    place, patient, lead = offered(make, cohort)
    assert steps(db, place, make) == {"offered"}
    done = take_back_offer(db, enrolment=place, actor=lead, now=make.now + HOUR)
    assert (done.told, about(db, place), places_taken(db, [cohort.id])) == (False, {}, {})
    assert (own_offers(db, actor=patient, now=make.now), open_offers(db, actor=lead, now=make.now)) == ([], [])
    data = load(db, service_id=place.service_id, now=make.now + timedelta(days=1))
    assert (data.members, len(data.waiting)) == ((), 1), "referred, and offered nothing"
    assert "offer_taken_back" in actions(db)
    assert make.enrolment(cohort)


def test_who_had_the_invitation_is_told_kindly_and_once(db: Session, make: Factory, settings: Settings) -> None:
    cohort = make.cohort(make.service())
    place, patient, lead = offered(make, cohort, "Linda")
    about(db, place)["invitation"].state = MessageState.SENT
    assert take_back_offer(db, enrolment=place, actor=lead, now=make.now).told
    letter = about(db, place)["offer-taken-back"]
    assert "Hello Linda" in letter.body and "by mistake" in letter.body
    assert still_wanted(db, letter, make.now)
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=make.now + timedelta(days=4))
    assert set(about(db, place)) == {"invitation", "offer-taken-back"}, "nobody is reminded of it"
    answered = say(make, place, Said.YES, patient, make.now + HOUR)
    assert not answered.counted and answered.words.startswith("We are sorry. We offered you a place by mistake")
    with pytest.raises(Conflict, match="waits for no answer any more"):
        take_back_offer(db, enrolment=place, actor=lead, now=make.now)
    person = db.get_one(Person, place.person_id)
    offers.offer(db, patient=person, cohort=cohort, answer_by=LAST_DAY, site=SITE, actor=lead, now=make.now)
    assert not still_wanted(db, letter, make.now), "they would take it for the new offer"


def test_who_was_on_the_waiting_list_is_on_it_again_as_before(db: Session, make: Factory) -> None:
    service = make.service()
    cohort, ann = make.cohort(service), make.person(service)
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    row = waiting.wait(db, person=ann, wishes=Wishes(), actor=lead, now=make.now, since=make.now - timedelta(days=9))
    place = offers.offer(db, patient=ann, cohort=cohort, answer_by=LAST_DAY, site=SITE, actor=lead, now=make.now)
    assert waiting.waiting_list(db, actor=lead) == []
    assert take_back_offer(db, enrolment=place, actor=lead, now=make.now).waits_again
    assert [each.row.id for each in waiting.waiting_list(db, actor=lead)] == [row.id]
    assert row.since == make.now - timedelta(days=9)


def test_an_answered_offer_is_not_taken_back_and_nobody_does_it_out_of_reach(db: Session, make: Factory) -> None:
    cohort = make.cohort(make.service())
    place, patient, lead = offered(make, cohort)
    elsewhere = make.actor(make.facilitator(make.cohort(db.get_one(Service, cohort.service_id), "Other")))
    for who in (patient, elsewhere):
        with pytest.raises((NotPermitted, OutOfReach)):
            take_back_offer(db, enrolment=place, actor=who, now=make.now)
    say(make, place, Said.NO, patient)
    with pytest.raises(Conflict):
        take_back_offer(db, enrolment=place, actor=lead, now=make.now)


@pytest.mark.parametrize(
    ("said", "to", "counted"),
    [
        (Said.YES, Correction.NOT_ANSWERED, {"offered"}),
        (Said.YES, Correction.NO, {"offered", "declined"}),
        (Said.NO, Correction.YES, {"offered", "accepted"}),
        (Said.NOTHING, Correction.NOT_ANSWERED, {"offered"}),
    ],
)
def test_an_answer_that_staff_wrote_down_by_mistake_is_put_right_and_counts_no_more(
    make: Factory, said: Said, to: Correction, counted: set[str]
) -> None:
    db, (place, _, lead) = make.db, offered(make, make.cohort(make.service()))
    say(make, place, said, lead)
    put_right(make, place, to, lead)
    assert (place.state, steps(db, place, make)) == (STATES[to], counted)
    wrong = db.exec(select(OfferAnswer).where(OfferAnswer.said == said)).one()
    assert (wrong.taken_back_at, wrong.taken_back_by) == (make.now + HOUR, lead.id)
    stands = offers.first_answer(db, place)
    assert (stands.said.value if stands else "not_answered") == to.value
    assert "offer_answer_corrected" in actions(db)


def test_after_a_mistaken_yes_the_patient_answers_as_if_nobody_had(db: Session, make: Factory) -> None:
    place, patient, lead = offered(make, make.cohort(make.service()))
    say(make, place, Said.YES, lead)
    put_right(make, place, Correction.NOT_ANSWERED, lead)
    assert [each.enrolment.id for each in open_offers(db, actor=lead, now=make.now)] == [place.id]
    assert say(make, place, Said.NO, patient, make.now + 2 * HOUR).counted
    assert steps(db, place, make) == {"offered", "declined"}


def test_a_place_given_at_once_by_mistake_is_offered_by_letter(db: Session, make: Factory, settings: Settings) -> None:
    service = make.service()
    cohort, lead = make.cohort(service), make.actor(make.person(service, Role.CLINICAL_LEAD))
    place = offers.place_after_yes(db, patient=make.person(service), cohort=cohort, actor=lead, now=make.now)
    put_right(make, place, Correction.NOT_ANSWERED, lead)
    remind_cohort(db, cohort_id=cohort.id, settings=settings, now=make.now + 2 * HOUR)
    assert (place.state, set(about(db, place))) == (S.INVITED, {"invitation"})


def test_who_had_a_welcome_must_be_told_by_somebody(db: Session, make: Factory) -> None:
    place, _, lead = offered(make, make.cohort(make.service()))
    say(make, place, Said.YES, lead)
    letter = about(db, place)["invitation"]
    letter.key, letter.state = f"welcome:{place.id}", MessageState.SENT
    assert put_right(make, place, Correction.NO, lead)


def test_who_read_that_they_said_no_must_be_told_and_what_waits_of_it_goes_no_more(db: Session, make: Factory) -> None:
    cohort = make.cohort(make.service())
    waits, _, lead = offered(make, cohort)
    say(make, waits, Said.NO, lead)
    assert "offer-declined" in about(db, waits)
    assert not put_right(make, waits, Correction.NOT_ANSWERED, lead)
    assert "offer-declined" not in about(db, waits)
    read, _, lead = offered(make, cohort)
    say(make, read, Said.NO, lead)
    about(db, read)["offer-declined"].state = MessageState.SENT
    assert put_right(make, read, Correction.NOT_ANSWERED, lead)


def test_a_yes_put_right_to_a_no_is_followed_by_the_letter_of_a_no(db: Session, make: Factory) -> None:
    place, _, lead = offered(make, make.cohort(make.service()))
    say(make, place, Said.YES, lead)
    put_right(make, place, Correction.NO, lead)
    letter = about(db, place)["offer-declined"]
    assert still_wanted(db, letter, make.now + 2 * HOUR)


def test_what_the_patient_said_themselves_or_what_led_to_a_session_is_not_corrected(make: Factory, db: Session) -> None:
    cohort = make.cohort(make.service())
    place, patient, lead = offered(make, cohort)
    say(make, place, Said.YES, patient)
    with pytest.raises(Conflict, match="cannot be corrected any more"):
        put_right(make, place, Correction.NOT_ANSWERED, lead)
    came, _, lead = offered(make, cohort)
    say(make, came, Said.YES, lead)
    change_state(db, enrolment=came, to=S.STARTED, actor=lead, now=make.now)
    with pytest.raises(Conflict, match="cannot be corrected any more"):
        put_right(make, came, Correction.NO, lead)


def test_a_no_is_not_made_a_yes_in_a_group_that_filled_meanwhile(make: Factory) -> None:
    cohort: Cohort = make.cohort(make.service(), capacity=1)
    place, _, lead = offered(make, cohort)
    say(make, place, Said.NO, lead)
    make.enrolment(cohort)
    with pytest.raises(Conflict, match="full"):
        put_right(make, place, Correction.YES, lead)
    assert place.state is S.DECLINED


@pytest.mark.parametrize("to", [Correction.YES, Correction.NOT_ANSWERED])
@pytest.mark.parametrize(("gone", "words"), [("died", "having died"), ("closed", "is closed"), ("over", "no session")])
def test_nobody_gets_a_place_after_a_no_where_there_is_none_any_more(
    make: Factory, to: Correction, gone: str, words: str
) -> None:
    db, cohort = make.db, make.cohort(make.service())
    place, _, lead = offered(make, cohort)
    say(make, place, Said.NO, lead)
    if gone == "died":
        db.get_one(Person, place.person_id).died_at = make.now
    elif gone == "closed":
        cohort.closed_at = make.now
    else:
        for each in dates_of(db, cohort.id):
            each.left_out_at = make.now
    db.flush()
    with pytest.raises(Conflict, match=words):
        put_right(make, place, to, lead)
    assert (place.state, places_taken(db, [cohort.id])) == (S.DECLINED, {})
    with pytest.raises(Conflict, match=words):
        say(make, place, Said.YES, lead)


def test_who_had_a_place_last_year_is_told_too_that_the_offer_is_taken_back(db: Session, make: Factory) -> None:
    service = make.service()
    cohort = make.cohort(service)
    place, _, lead = offered(make, cohort)
    about(db, place)["invitation"].state = MessageState.SENT
    earlier = make.enrolment(make.cohort(service), "Linda")
    earlier.person_id, earlier.state, earlier.enrolled_at = place.person_id, S.COMPLETED, make.now - timedelta(days=300)
    db.flush()
    take_back_offer(db, enrolment=place, actor=lead, now=make.now)
    assert still_wanted(db, about(db, place)["offer-taken-back"], make.now)
