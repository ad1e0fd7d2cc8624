"""A place is offered, and answered: by the patient on their page, or by staff for somebody on the telephone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.errors import Conflict, NotFound
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.programme.cohorts import rules as cohort_rules
from backtolife.programme.cohorts.enrolment import change_state, enrol, hold, invite, places_taken
from backtolife.programme.cohorts.left import HasLeft, left_words
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.cohorts.timetable.elsewhere import one_timetable_at_a_time
from backtolife.programme.places import rules
from backtolife.programme.places.leaving import refuse_two
from backtolife.programme.places.letters.answer_words import Before, answered_words
from backtolife.programme.places.letters.answered import tell_answered
from backtolife.programme.places.models import OfferAnswer, PlaceOffer
from backtolife.programme.places.queue.listed import hold_list, leave_list
from backtolife.programme.places.rules import Said
from backtolife.programme.places.transfer import refuse_late_start
from backtolife.text.catalogues.worded import worded
from backtolife.text.dates_in_words import clock_time, short_day

NO_OFFER = worded("We could not find this offer. If you think that you have one, please call us.")
DATES_MOVED = worded("The dates have changed since you opened this page. Please look at the new dates.")


class DatesMoved(Conflict):
    """Somebody says yes to dates that are others now; the message asks them to look again."""


@dataclass(frozen=True)
class Answered:
    """What became of an answer, in words for whoever gave it."""

    counted: bool
    words: str
    told: bool = False
    """Whether a letter about it goes to them."""


def offer(
    db: Db,
    *,
    patient: Person,
    cohort: Cohort,
    answer_by: date,
    site: str,
    actor: Actor,
    now: datetime,
    jump: str | None = None,
) -> Enrolment:
    """Hold a place for the patient and write to them; they wait no more, with `jump` as `leave_list` takes it.
    `site` is the address of our pages.

    Raises Conflict when the group is full or too far on, the patient is in it, or in another one that still runs;
    Invalid for a last day that is over or very far.
    """
    first = first_session(dates_of(db, cohort.id), now)
    until = rules.last_moment(answer_by, now, cohort.zone, first)
    refuse_late_start(db, cohort, now)
    one_timetable_at_a_time(db, cohort.service_id)
    refuse_two(db, patient, cohort, now)
    place = invite(db, patient=patient, cohort=cohort, actor=actor, now=now)
    leave_list(db, place=place, jump=jump, actor=actor, now=now)
    made = keep_offer(db, place, until, actor, now)
    by = db.get(Person, actor.id)
    tell(
        db,
        person=patient,
        cohort=cohort,
        template="invitation",
        key=invitation_key(place.id),
        values=offer_values(dates_of(db, cohort.id), cohort, made, site, now) | offered_by(by),
        now=now,
    )
    return place


def keep_offer(db: Db, place: Enrolment, until: datetime, actor: Actor, now: datetime) -> PlaceOffer:
    """The offer of a place from now on, to be answered until then."""
    made = PlaceOffer(
        service_id=place.service_id,
        enrolment_id=place.id,
        offered_at=now,
        offered_by=actor.id,
        answer_by=until,
        remind_at=rules.remind_at(now, until),
    )
    db.add(made)
    db.flush()
    return made


def place_after_yes(db: Db, *, patient: Person, cohort: Cohort, actor: Actor, now: datetime) -> Enrolment:
    """Give a place to somebody who said yes to staff before. Raises as `offer` does."""
    refuse_late_start(db, cohort, now)
    one_timetable_at_a_time(db, cohort.service_id)
    refuse_two(db, patient, cohort, now)
    place = enrol(db, patient=patient, cohort=cohort, actor=actor, now=now)
    leave_list(db, place=place, actor=actor, now=now)
    keep_answer(db, place, Said.YES, counted=True, by_telephone=True, actor=actor, now=now)
    return place


def why_nobody(db: Db, cohort: Cohort, now: datetime) -> str:
    """Why nobody new can come into this group, in words; empty where somebody can."""
    try:
        cohort_rules.refuse_closed(cohort.closed_at)
        refuse_late_start(db, cohort, now)
        cohort_rules.take_place(places_taken(db, [cohort.id]).get(cohort.id, 0), cohort.capacity)
    except Conflict as error:
        return error.message
    return ""


def invitation_key(place_id: str) -> str:
    """Names the cause of the first message about an offer."""
    return f"invitation:{place_id}"


def offered_by(by: Person | None) -> dict[str, str]:
    """What fills the first message about an offer as well: who made it."""
    return {"staff_name": isolated(by.full_name) if by is not None else ""}


def first_session(dates: Sequence[SessionDate], now: datetime) -> datetime | None:
    """When somebody who says yes now comes for the first time; None where the group meets no more."""
    return cohort_rules.first_start(((each.starts_at, each.left_out_at is not None) for each in dates), now)


def offer_values(
    dates: Sequence[SessionDate], cohort: Cohort, made: PlaceOffer, site: str, now: datetime
) -> dict[str, str]:
    """What fills the messages about an offer."""
    first = first_session(dates, now) or dates[0].starts_at
    return {
        "first_session_date": short_day(first, cohort.zone),
        "time": clock_time(first, cohort.zone),
        "close_date": short_day(made.answer_by, cohort.zone),
        "link": f"{site}/offer",
    }


def refuse_over(db: Db, person: Person, cohort: Cohort, now: datetime) -> None:
    """Raise Conflict where nobody can be given a place any more after a no: the person has died, or the group is
    closed, has no session to come, or has gone too far.
    """
    if person.died_at is not None:
        raise Conflict(f"{isolated(person.full_name)} is recorded as having died. Nothing was changed.")
    cohort_rules.refuse_closed(cohort.closed_at)
    if first_session(dates_of(db, cohort.id), now) is None:
        raise Conflict("This group has no session to come. Nothing was changed.")
    refuse_late_start(db, cohort, now)


def answer(
    db: Db,
    *,
    enrolment: Enrolment,
    said: Said,
    actor: Actor,
    by_telephone: bool,
    now: datetime,
    seen: str | None = None,
) -> Answered:
    """Take an answer to an offer. The first one counts; each is kept, and who gave a later one reads what stands.

    `seen` names the dates that the person had before them. Raises DatesMoved for a yes to others than there are now,
    NotFound where nothing was offered, Conflict when staff take a yes and the group has filled.
    """
    authorise(actor, "place.answer" if by_telephone else "offer.answer", enrolment)
    if said is Said.NOT_NOW:
        hold_list(db, enrolment.service_id)
    cohort = hold(db, enrolment)
    made = offer_of(db, enrolment)
    if made is None:
        raise NotFound(NO_OFFER)
    if enrolment.state is EnrolmentState.WITHDRAWN and not by_telephone:
        raise HasLeft(left_words(db, person_id=enrolment.person_id, cohort_id=cohort.id))
    before = enrolment.state
    to = rules.moves_to(before, said, by_staff=by_telephone)
    if to is not None:
        if to is EnrolmentState.ENROLLED:
            if seen is not None and seen != dates_stamp(cohort):
                raise DatesMoved(DATES_MOVED)
            refuse_two(db, db.get_one(Person, enrolment.person_id), cohort, now)
            if before is EnrolmentState.DECLINED:
                refuse_over(db, db.get_one(Person, enrolment.person_id), cohort, now)
                cohort_rules.take_place(places_taken(db, [cohort.id]).get(cohort.id, 0), cohort.capacity)
            enrolment.enrolled_at = now
            leave_list(db, place=enrolment, actor=actor, now=now)
        change_state(db, enrolment=enrolment, to=to, actor=actor, now=now, reason=said.value)
    counts = to is not None
    kept = keep_answer(db, enrolment, said, counted=counts, by_telephone=by_telephone, actor=actor, now=now)
    told = tell_answered(db, place=enrolment, cohort=cohort, answer=kept, now=now)
    return Answered(counts, words_for(db, enrolment, cohort, said, counted=counts), told)


def dates_stamp(cohort: Cohort) -> str:
    """Names the dates of the group as they are, for a page that shows them."""
    return str(cohort.version)


def keep_answer(
    db: Db, enrolment: Enrolment, said: Said, *, counted: bool, by_telephone: bool, actor: Actor, now: datetime
) -> OfferAnswer:
    kept = OfferAnswer(
        service_id=enrolment.service_id,
        enrolment_id=enrolment.id,
        said=said,
        counted=counted,
        by_telephone=by_telephone,
        at=now,
        by=actor.id,
    )
    db.add(kept)
    audit.record(
        db,
        actor=actor,
        action="offer_answered",
        subject_type="enrolment",
        subject_id=enrolment.id,
        now=now,
        said=said.value,
        counted=counted,
        by_telephone=by_telephone,
    )
    return kept


def words_for(db: Db, enrolment: Enrolment, cohort: Cohort, said: Said, *, counted: bool) -> str:
    """What somebody reads who has just answered."""
    phone = db.get_one(Service, enrolment.service_id).phone
    first = None if counted else first_answer(db, enrolment)
    before = Before(first.said, in_zone(first.at, cohort.zone).date()) if first is not None else None
    return answered_words(enrolment.state, said, phone, before, counted=counted)


def first_answer(db: Db, enrolment: Enrolment) -> OfferAnswer | None:
    """The answer that counted last, and was not written down by mistake."""
    counted = select(OfferAnswer).where(
        OfferAnswer.enrolment_id == enrolment.id,
        col(OfferAnswer.counted).is_(True),
        col(OfferAnswer.taken_back_at).is_(None),
    )
    return db.exec(counted.order_by(col(OfferAnswer.at).desc())).first()


def offer_of(db: Db, enrolment: Enrolment) -> PlaceOffer | None:
    """The offer of this place; None for one that was given at once."""
    return db.exec(select(PlaceOffer).where(PlaceOffer.enrolment_id == enrolment.id)).first()


def was_told(db: Db, enrolment: Enrolment, kind: str = "invitation") -> bool:
    """Whether a message about this place whose name begins so has gone out."""
    sent = select(OutgoingMessage.key).where(
        OutgoingMessage.person_id == enrolment.person_id,
        OutgoingMessage.state == MessageState.SENT,
        col(OutgoingMessage.key).startswith(kind),
    )
    return any(enrolment.id in key.split(":") for key in db.exec(sent))
