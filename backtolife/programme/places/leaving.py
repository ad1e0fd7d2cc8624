"""Somebody leaves a group, and a leaving that was a mistake is taken back."""

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.errors import Conflict
from backtolife.mail import delivery
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.cohorts import rules
from backtolife.programme.cohorts.enrolment import change_state, hold, places_taken
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange, PlaceMove, SessionDate
from backtolife.programme.cohorts.rules import TAKEN_BACK, EnrolmentState
from backtolife.programme.cohorts.timetable.elsewhere import one_timetable_at_a_time
from backtolife.programme.consent import answering as consents
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.consent.texts import texts_of
from backtolife.programme.discharge.forgotten import TICK
from backtolife.programme.places.models import EndKind, PlaceEnding
from backtolife.programme.places.queue.listed import leave_list
from backtolife.programme.places.rules import Leaving, check_leaving

ENDED = (EnrolmentState.WITHDRAWN, EnrolmentState.DIED)
NOT_LEFT = "This person has not left the group. Nothing was changed."


def withdraw(db: Db, *, enrolment: Enrolment, leaving: Leaving, actor: Actor, now: datetime) -> PlaceEnding:
    """End a place: its person hears nothing more from us but, where they agreed, the later questions. Answers are kept.

    What they say to the later questions is an answer to that consent, as on their own page: the newest one counts.

    What waits to be sent to them is taken out of the line, but for what another place of theirs owes them, also its
    goodbye; what they asked for themselves stays. Raises Conflict when they left before, Invalid for a reason without
    words.
    """
    authorise(actor, "place.change", enrolment)
    check_leaving(leaving)
    hold(db, enrolment)
    # Before the place is changed: an answer on their own page holds this, and then waits for the place.
    consents.hold_answers(db, enrolment.person_id)
    before = enrolment.state
    change_state(
        db, enrolment=enrolment, to=EnrolmentState.WITHDRAWN, actor=actor, now=now, reason=leaving.reason.value
    )
    if leaving.agreed_later is not None:
        asked = texts_of(db, enrolment.service_id).get(ConsentKind.LATER)
        consents.answer(
            db,
            person=db.get_one(Person, enrolment.person_id),
            kind=ConsentKind.LATER,
            text=asked.newest if asked is not None else None,
            agreed=leaving.agreed_later,
            actor=actor,
            now=now,
        )
    enrolment.agreed_later = consents.agreed_later(db, enrolment.person_id)
    ending = PlaceEnding(
        service_id=enrolment.service_id,
        enrolment_id=enrolment.id,
        kind=EndKind.WITHDRAWN,
        state_before=before,
        decided_by=leaving.decided_by,
        reason=leaving.reason,
        words=leaving.words.strip(),
        at=now,
        by=actor.id,
    )
    db.add(ending)
    about = causes_of(db, enrolment) if holds_another(db, enrolment) else None
    spare = endings_elsewhere(db, enrolment)
    delivery.drop_waiting(db, person_ids=[enrolment.person_id], urgent=False, about=about, spare=spare)
    return ending


def endings_elsewhere(db: Db, enrolment: Enrolment) -> set[str]:
    """How other places of the same person ended: what they are told of that is not about this place."""
    others = select(PlaceEnding.id).join(Enrolment, col(Enrolment.id) == col(PlaceEnding.enrolment_id))
    return set(db.exec(others.where(Enrolment.person_id == enrolment.person_id, Enrolment.id != enrolment.id)))


def holds_another(db: Db, enrolment: Enrolment) -> bool:
    """Whether the person holds another place, in whichever group: that one goes on writing to them."""
    other = select(Enrolment.id).where(
        Enrolment.person_id == enrolment.person_id,
        Enrolment.id != enrolment.id,
        col(Enrolment.state).in_(rules.HOLDS_A_PLACE),
    )
    return db.exec(other).first() is not None


def causes_of(db: Db, enrolment: Enrolment) -> set[str]:
    """What the keys of messages about this place name: itself, its moves and endings. That its group has other dates
    is dropped in the moment of sending: they come there no more.
    """
    moves = db.exec(select(PlaceMove.id).where(PlaceMove.enrolment_id == enrolment.id))
    endings = db.exec(select(PlaceEnding.id).where(PlaceEnding.enrolment_id == enrolment.id))
    return {enrolment.id, *moves, *endings}


def reinstate(db: Db, *, enrolment: Enrolment, actor: Actor, now: datetime) -> PlaceEnding:
    """Take a leaving back: the person stands where they stood. Raises Conflict when the group filled meanwhile, when
    they have a newer place in it or in another one that still runs, when they have died or did not leave.
    """
    authorise(actor, "place.change", enrolment)
    one_timetable_at_a_time(db, enrolment.service_id)
    cohort = hold(db, enrolment)
    ending = open_ending(db, enrolment, EndKind.WITHDRAWN)
    if enrolment.state is not EnrolmentState.WITHDRAWN or ending is None:
        raise Conflict(NOT_LEFT)
    person = db.get_one(Person, enrolment.person_id)
    if person.died_at is not None:
        raise Conflict(f"{isolated(person.full_name)} is recorded as having died. Nothing was changed.")
    refuse_second(db, enrolment, person)
    refuse_two(db, person, cohort, now)
    rules.take_place(places_taken(db, [cohort.id]).get(cohort.id, 0), cohort.capacity)
    ending.taken_back_at, ending.taken_back_by = now, actor.id
    change_state(db, enrolment=enrolment, to=ending.state_before, actor=actor, now=now, reason=rules.TAKEN_BACK)
    leave_list(db, place=enrolment, actor=actor, now=now)
    return ending


def correct_reason(db: Db, *, enrolment: Enrolment, leaving: Leaving, actor: Actor, now: datetime) -> None:
    """Put right who decided and why somebody left. The place stays ended, and nobody is written to again.

    Raises Conflict for who has not left, Invalid for a reason without words.
    """
    authorise(actor, "place.change", enrolment)
    check_leaving(leaving)
    hold(db, enrolment)
    ending = open_ending(db, enrolment, EndKind.WITHDRAWN)
    if enrolment.state is not EnrolmentState.WITHDRAWN or ending is None:
        raise Conflict(NOT_LEFT)
    before = ending.reason
    ending.decided_by, ending.reason, ending.words = leaving.decided_by, leaving.reason, leaving.words.strip()
    audit.record(
        db,
        actor=actor,
        action="leaving_corrected",
        subject_type="enrolment",
        subject_id=enrolment.id,
        now=now,
        before=before.value if before is not None else "",
        after=leaving.reason.value,
    )


def refuse_second(db: Db, enrolment: Enrolment, person: Person) -> None:
    """Raise Conflict when the person holds another place in the same group."""
    other = select(Enrolment).where(
        Enrolment.cohort_id == enrolment.cohort_id,
        Enrolment.person_id == enrolment.person_id,
        Enrolment.id != enrolment.id,
        col(Enrolment.state).in_(rules.HOLDS_A_PLACE),
    )
    if db.exec(other).first():
        raise Conflict(f"{isolated(person.full_name)} has a newer place in this group. Nothing was changed.")


def refuse_two(db: Db, patient: Person, cohort: Cohort, now: datetime) -> None:
    """Raise Conflict while the patient has a place in another group that still runs."""
    running = select(SessionDate.id).where(SessionDate.cohort_id == Cohort.id, SessionDate.ends_at > now)
    other = (
        select(Cohort)
        .join(Enrolment, col(Enrolment.cohort_id) == col(Cohort.id))
        .where(
            Enrolment.person_id == patient.id,
            Cohort.id != cohort.id,
            col(Enrolment.state).in_(rules.UNDER_WAY),
            running.correlate(Cohort).exists(),
        )
    )
    found = db.exec(other).first()
    if found is not None:
        raise Conflict(
            f"{isolated(patient.full_name)} has a place in {isolated(found.name)}, which still runs. "
            "Nobody is in two groups at once: end that place first."
        )


def open_ending(db: Db, enrolment: Enrolment, kind: EndKind) -> PlaceEnding | None:
    """The newest ending of this kind that nobody has taken back."""
    wanted = select(PlaceEnding).where(
        PlaceEnding.enrolment_id == enrolment.id, PlaceEnding.kind == kind, col(PlaceEnding.taken_back_at).is_(None)
    )
    return db.exec(wanted.order_by(col(PlaceEnding.at).desc())).first()


def left_as(state: EnrolmentState) -> SelectOfScalar[str]:
    """Of a statement about places: the endings, not taken back, of those that stood at `state` before."""
    return select(PlaceEnding.id).where(
        PlaceEnding.enrolment_id == Enrolment.id,
        col(Enrolment.state).in_(ENDED),
        PlaceEnding.state_before == state,
        col(PlaceEnding.taken_back_at).is_(None),
    )


def left_before_starting(db: Db, *, place: Enrolment, actor: Acting) -> None:
    """The place ended as it did and when it did, and never started. The caller holds it, and knows that they came to
    nothing. Nothing changes for who had not started or has not left.
    """
    db.flush()
    wanted = select(PlaceEnding).where(PlaceEnding.enrolment_id == place.id, col(PlaceEnding.taken_back_at).is_(None))
    ending = db.exec(wanted.order_by(col(PlaceEnding.at).desc())).first()
    if place.state not in ENDED or ending is None or ending.state_before is not EnrolmentState.STARTED:
        return
    changes = select(EnrolmentChange).where(EnrolmentChange.enrolment_id == place.id)
    last, ended = db.exec(changes.order_by(col(EnrolmentChange.at).desc())).first(), place.state
    at, reason = (last.at, last.reason) if last is not None else (ending.at, "")
    # A step at a time, in the moment in which they left: the day of leaving stays what it was.
    for step, (to, why) in enumerate(
        ((EnrolmentState.STARTED, TAKEN_BACK), (EnrolmentState.ENROLLED, TAKEN_BACK), (ended, reason)), start=1
    ):
        change_state(db, enrolment=place, to=to, actor=actor, now=at + step * TICK, reason=why)
    ending.state_before = EnrolmentState.ENROLLED
