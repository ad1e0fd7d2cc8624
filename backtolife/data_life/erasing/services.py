"""Asking that a person be erased, calling it off, confirming it, and holding it up."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.data_life.erasing.emptying import empty
from backtolife.data_life.erasing.models import Erasure, LegalHold
from backtolife.data_life.records import records_of, whole_person
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.models import SafetyTask, TaskState
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState

WAIT = timedelta(days=7)
LONGEST_REASON = 200
TAKES_PART = frozenset({EnrolmentState.INVITED, EnrolmentState.ENROLLED, EnrolmentState.STARTED})


def alone(db: Db, person: Person) -> None:
    """Nobody else asks, confirms, or copies what is held about them meanwhile."""
    one_at_a_time(db, whole_person(person))


def open_one(db: Db, person: Person) -> Erasure | None:
    """What was asked for and is neither called off nor done."""
    wanted = select(Erasure).where(
        Erasure.person_id == person.id, col(Erasure.called_off_at).is_(None), col(Erasure.done_at).is_(None)
    )
    return db.exec(wanted).first()


def hold_on(db: Db, person: Person) -> LegalHold | None:
    """The legal hold that stands on any record of this person."""
    theirs = col(LegalHold.person_id).in_(records_of(person.id))
    return db.exec(select(LegalHold).where(theirs, col(LegalHold.lifted_at).is_(None))).first()


def ask(db: Db, *, person: Person, reason: str, actor: Actor, now: datetime, kept_long_enough: bool = False) -> Erasure:
    """Ask for it: a second person may confirm it a week from now. Raises Conflict when it must not be, or is asked."""
    authorise(actor, "erasure.ask", person)
    alone(db, person)
    refuse_unfit(db, person)
    if open_one(db, person) is not None:
        raise Conflict("This was asked for already. Look at the page again.")
    found = Erasure(
        service_id=person.service_id,
        person_id=person.id,
        reason=reasonable(reason),
        asked_by=actor.id,
        asked_at=now,
        kept_long_enough=kept_long_enough,
    )
    db.add(found)
    note(db, "erasure_asked", person, actor, now)
    return found


def call_off(db: Db, *, person: Person, actor: Actor, now: datetime) -> None:
    """It is not to be done after all."""
    authorise(actor, "erasure.read", person)
    found = waiting_for(db, person)
    found.called_off_by, found.called_off_at = actor.id, now
    note(db, "erasure_called_off", person, actor, now)


def confirm(db: Db, *, person: Person, actor: Actor, now: datetime, kept_long_enough: bool = False) -> None:
    """Do it. Raises Conflict within the week, for whoever asked for it, and where something stands in the way.

    `kept_long_enough`: the caller has seen that nobody was in contact since; what was asked for by age needs that.
    """
    authorise(actor, "erasure.read", person)
    found = waiting_for(db, person)
    if found.kept_long_enough and not kept_long_enough:
        raise Conflict("This was asked for because of its age. Confirm it on the page of records kept long enough.")
    if found.asked_by == actor.id:
        raise Conflict("You asked for this. A second person has to confirm it.")
    if now < found.asked_at + WAIT:
        raise Conflict("This can be confirmed a week after it was asked for.")
    refuse_unfit(db, person)
    found.confirmed_by, found.done_at = actor.id, now
    records = empty(db, person_id=person.id, now=now)
    note(db, "erased", person, actor, now, records=records)


def waiting_for(db: Db, person: Person) -> Erasure:
    alone(db, person)
    found = open_one(db, person)
    if found is None:
        raise Conflict("Nobody asks for this any more. Look at the page again.")
    return found


def refuse_unfit(db: Db, person: Person) -> None:
    """Raise Conflict where a legal hold stands, the person still takes part, or a safety task is open."""
    if person.merged_into_id is not None:
        raise Conflict("This record was merged into another one. Open that one.")
    if hold_on(db, person) is not None:
        raise Conflict("A legal hold stands on this record. It has to be lifted first.")
    places = select(Enrolment).where(col(Enrolment.person_id).in_(records_of(person.id)))
    theirs = list(db.exec(places))
    if any(each.state in TAKES_PART for each in theirs):
        raise Conflict("They still have a place in a group. Write down first that they leave it.")
    tasks = select(SafetyTask.id).where(
        col(SafetyTask.enrolment_id).in_([each.id for each in theirs]), SafetyTask.state != TaskState.DONE
    )
    if db.exec(tasks).first() is not None:
        raise Conflict("A safety task about them is open. Close it first.")


def put_hold(db: Db, *, person: Person, reason: str, actor: Actor, now: datetime) -> None:
    """From now on nothing of them may be erased."""
    authorise(actor, "erasure.ask", person)
    alone(db, person)
    if hold_on(db, person) is not None:
        raise Conflict("A legal hold stands already.")
    held = LegalHold(service_id=person.service_id, person_id=person.id, reason=reasonable(reason), by=actor.id, at=now)
    db.add(held)
    note(db, "legal_hold_put", person, actor, now)


def lift_hold(db: Db, *, person: Person, actor: Actor, now: datetime) -> None:
    """It stands no more."""
    authorise(actor, "erasure.ask", person)
    alone(db, person)
    held = hold_on(db, person)
    if held is None:
        raise Conflict("No legal hold stands any more.")
    held.lifted_by, held.lifted_at = actor.id, now
    note(db, "legal_hold_lifted", person, actor, now)


def reasonable(reason: str) -> str:
    if not reason.strip():
        raise Invalid("Say why", "reason")
    if len(reason.strip()) > LONGEST_REASON:
        raise Invalid(f"Use at most {LONGEST_REASON} characters", "reason")
    return reason.strip()


def note(db: Db, action: str, person: Person, actor: Actor, now: datetime, **detail: int) -> None:
    db.flush()
    audit.record(db, actor=actor, action=action, subject_type="person", subject_id=person.id, now=now, **detail)
