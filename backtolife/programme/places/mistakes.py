"""What was recorded of an offer by mistake: the offer itself is taken back, or an answer that staff wrote down."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backtolife import audit
from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.errors import Conflict
from backtolife.mail import delivery
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.programme.cohorts import rules as cohort_rules
from backtolife.programme.cohorts.enrolment import change_state, hold, places_taken
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import TAKEN_BACK, EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.cohorts.timetable.elsewhere import one_timetable_at_a_time
from backtolife.programme.places import offers, rules
from backtolife.programme.places.leaving import refuse_second, refuse_two
from backtolife.programme.places.letters.answered import LETTERS, tell_answered
from backtolife.programme.places.models import OfferAnswer, PlaceOffer
from backtolife.programme.places.queue.listed import hold_list, leave_list, list_again
from backtolife.programme.places.rules import Said

AFTER = {EnrolmentState.ENROLLED: ("welcome",), EnrolmentState.DECLINED: tuple(LETTERS.values())}
"""Which letters follow an answer, by where it led."""
TICK = timedelta(microseconds=1)
"""Between two changes of a place that are made in one go: they are read in the order of their moments."""


class Correction(StrEnum):
    """What is true in place of an answer that was written down by mistake."""

    YES = "yes"
    NO = "no"
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True)
class TakenBack:
    """What became of an offer that is taken back."""

    told: bool
    """Whether its person had been written to, and is written to again."""
    waits_again: bool


def take_back_offer(db: Db, *, enrolment: Enrolment, actor: Actor, now: datetime) -> TakenBack:
    """The offer counts as never made: the place is free, and what waits to be sent about it goes no more.

    Who came to it from the waiting list is on it again as before. Raises Conflict once it is answered or taken back.
    """
    authorise(actor, "place.answer", enrolment)
    hold_list(db, enrolment.service_id)
    hold(db, enrolment)
    if enrolment.state is not EnrolmentState.INVITED or offers.offer_of(db, enrolment) is None:
        raise Conflict("This offer waits for no answer any more, so it cannot be taken back. See how it stands now.")
    change_state(db, enrolment=enrolment, to=EnrolmentState.OFFER_TAKEN_BACK, actor=actor, now=now, reason=TAKEN_BACK)
    delivery.drop_waiting(db, person_ids=[enrolment.person_id], urgent=False, about={enrolment.id})
    audit.record(db, actor=actor, action="offer_taken_back", subject_type="enrolment", subject_id=enrolment.id, now=now)
    waits_again, told = list_again(db, place=enrolment, actor=actor, now=now), offers.was_told(db, enrolment)
    if told:
        key, person = f"offer-taken-back:{enrolment.id}", db.get_one(Person, enrolment.person_id)
        cohort = db.get_one(Cohort, enrolment.cohort_id)
        tell(db, person=person, cohort=cohort, template="offer-taken-back", key=key, values={}, now=now)
    return TakenBack(told, waits_again)


def may_correct(enrolment: Enrolment, stands: OfferAnswer | None) -> list[Correction]:
    """What an answer can be corrected to; nothing where the patient gave it, or it led to more since."""
    if stands is None or not stands.by_telephone:
        return []
    return {
        EnrolmentState.ENROLLED: [Correction.NOT_ANSWERED, Correction.NO],
        EnrolmentState.DECLINED: [Correction.NOT_ANSWERED, Correction.YES],
    }.get(enrolment.state, [])


def correct_answer(db: Db, *, enrolment: Enrolment, to: Correction, actor: Actor, now: datetime) -> bool:
    """Put right an answer that staff wrote down. It is kept as taken back, and counts no more.

    Without a true one the offer waits as before; a place given at once is offered from now on. Returns whether the
    person had a letter about the answer already, so that somebody must tell them. Raises Conflict where the patient
    answered, came to a session since, or the place that they would have is gone.
    """
    authorise(actor, "place.answer", enrolment)
    one_timetable_at_a_time(db, enrolment.service_id)
    hold_list(db, enrolment.service_id)
    cohort, stands = hold(db, enrolment), offers.first_answer(db, enrolment)
    if to not in may_correct(enrolment, stands) or stands is None:
        raise Conflict("This answer cannot be corrected any more. See how the place stands now.")
    before, person = enrolment.state, db.get_one(Person, enrolment.person_id)
    if to is not Correction.NO:
        offers.refuse_over(db, person, cohort, now)
    if before is EnrolmentState.DECLINED:
        refuse_second(db, enrolment, person)
        refuse_two(db, person, cohort, now)
        cohort_rules.take_place(places_taken(db, [cohort.id]).get(cohort.id, 0), cohort.capacity)
    stands.taken_back_at, stands.taken_back_by = now, actor.id
    change_state(db, enrolment=enrolment, to=EnrolmentState.INVITED, actor=actor, now=now, reason=TAKEN_BACK)
    delivery.drop_waiting(db, person_ids=[enrolment.person_id], urgent=False, about={enrolment.id})
    audit.record(
        db,
        actor=actor,
        action="offer_answer_corrected",
        subject_type="enrolment",
        subject_id=enrolment.id,
        now=now,
        before=stands.said.value,
        after=to.value,
    )
    if to is not Correction.NO:
        leave_list(db, place=enrolment, actor=actor, now=now)
    if to is Correction.NOT_ANSWERED:
        enrolment.enrolled_at = waits_for_answer(db, enrolment, cohort, actor, now).offered_at
    else:
        said = Said(to.value)
        state = EnrolmentState.ENROLLED if said is Said.YES else EnrolmentState.DECLINED
        if state is EnrolmentState.ENROLLED:
            enrolment.enrolled_at = now
        change_state(db, enrolment=enrolment, to=state, actor=actor, now=now + TICK, reason=said.value)
        kept = offers.keep_answer(db, enrolment, said, counted=True, by_telephone=True, actor=actor, now=now + TICK)
        tell_answered(db, place=enrolment, cohort=cohort, answer=kept, now=now + TICK)
    return any(offers.was_told(db, enrolment, each) for each in AFTER[before])


def waits_for_answer(db: Db, enrolment: Enrolment, cohort: Cohort, actor: Actor, now: datetime) -> PlaceOffer:
    """The offer of a place; one from now on where it was given at once. What is due about it, the scheduler writes."""
    made = offers.offer_of(db, enrolment)
    if made is not None:
        return made
    first = offers.first_session(dates_of(db, cohort.id), now)
    today = in_zone(now, cohort.zone).date()
    by = rules.usual_answer_by(today, in_zone(first or now, cohort.zone).date())
    return offers.keep_offer(db, enrolment, rules.last_moment(by, now, cohort.zone, first), actor, now)
