"""Enrolling patients: up to capacity, with every change of state kept."""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.people.access import Actor, authorise, may_everywhere
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.cohorts import rules
from backtolife.programme.cohorts.left import HasLeft, left_words
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange
from backtolife.programme.cohorts.rules import EnrolmentState

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 8
STRANGER = "Your service knows this address already. Ask your clinical lead or an administrator to add this person."


def enrol(db: Db, *, patient: Person, cohort: Cohort, actor: Actor, now: datetime) -> Enrolment:
    """Give a place to a patient who has said yes already. Raises as `invite` does."""
    enrolment = invite(db, patient=patient, cohort=cohort, actor=actor, now=now)
    change_state(db, enrolment=enrolment, to=EnrolmentState.ENROLLED, actor=actor, now=now)
    return enrolment


def invite(db: Db, *, patient: Person, cohort: Cohort, actor: Actor, now: datetime) -> Enrolment:
    """Hold a place for a patient until they answer: a new one also where they left before.

    Raises Conflict when the group is full, the patient is in it already or has died.
    """
    authorise(actor, "cohort.enrol", cohort)
    if not patient.is_patient or patient.service_id != cohort.service_id:
        raise Invalid(
            "This is the address of a colleague, and only a patient can join the group. Enter the patient’s own.",
            "email",
        )
    if patient.died_at is not None:
        raise Conflict(f"{isolated(patient.full_name)} is recorded as having died. A clinical lead can take that back.")
    if db.exec(select(Enrolment).where(Enrolment.person_id == patient.id)).first():
        refuse_stranger(db, patient=patient, actor=actor)
    one_at_a_time(db, f"cohort:{cohort.id}")
    rules.refuse_closed(cohort.closed_at)
    enrolments = list(db.exec(select(Enrolment).where(Enrolment.cohort_id == cohort.id)))
    if any(each.person_id == patient.id and each.state in rules.HOLDS_A_PLACE for each in enrolments):
        raise Conflict(f"{isolated(patient.full_name)} is in this group already.")
    rules.take_place(sum(each.state in rules.HOLDS_A_PLACE for each in enrolments), cohort.capacity)
    enrolment = Enrolment(
        service_id=cohort.service_id,
        cohort_id=cohort.id,
        person_id=patient.id,
        code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        state=EnrolmentState.INVITED,
        enrolled_at=now,
    )
    db.add(enrolment)
    db.flush()
    note(db, enrolment=enrolment, actor=actor, now=now)
    return enrolment


def refuse_stranger(db: Db, *, patient: Person, actor: Actor) -> None:
    """Raise NotPermitted when the actor reaches their own groups only, and this person was in none of them.

    Knowing an e-mail address must not be enough to have somebody's record.
    """
    if may_everywhere(actor, "cohort.enrol"):
        return
    places = db.exec(select(Enrolment).where(Enrolment.person_id == patient.id))
    if not actor.cohort_ids & {place.cohort_id for place in places}:
        raise NotPermitted(STRANGER)


def change_state(
    db: Db, *, enrolment: Enrolment, to: EnrolmentState, actor: Acting, now: datetime, reason: str = ""
) -> None:
    """Move an enrolment on, keeping the history. Raises Conflict for a step that does not exist."""
    enrolment.state = rules.move(enrolment.state, to)
    note(db, enrolment=enrolment, actor=actor, now=now, reason=reason)


def hold(db: Db, enrolment: Enrolment) -> Cohort:
    """The cohort of this place, while nobody else changes who is in it; the place is as it stands now."""
    one_at_a_time(db, f"cohort:{enrolment.cohort_id}")
    db.refresh(enrolment)
    return db.get_one(Cohort, enrolment.cohort_id, populate_existing=True)


def note(db: Db, *, enrolment: Enrolment, actor: Acting, now: datetime, reason: str = "") -> None:
    db.add(
        EnrolmentChange(
            service_id=enrolment.service_id,
            enrolment_id=enrolment.id,
            state=enrolment.state,
            at=now,
            by=actor.id,
            reason=reason,
        )
    )
    audit.record(
        db,
        actor=actor,
        action=f"enrolment_{enrolment.state}",
        subject_type="enrolment",
        subject_id=enrolment.id,
        now=now,
    )


def places_of(db: Db, *, actor: Actor) -> list[Enrolment]:
    """Every place that the acting patient holds, the newest first."""
    wanted = select(Enrolment).where(Enrolment.person_id == actor.id, col(Enrolment.state).in_(rules.IN_THE_GROUP))
    return list(db.exec(wanted.order_by(col(Enrolment.enrolled_at).desc())))


def enrolment_of(db: Db, *, actor: Actor, cohort_id: str = "") -> Enrolment:
    """The acting patient's place in this group, or their newest where none is named.

    Raises NotFound without one, in other words for somebody who has left than for somebody who was never in a group.
    """
    return first_in(db, places_of(db, actor=actor), actor=actor, cohort_id=cohort_id)


def asked_places_of(db: Db, *, actor: Actor) -> list[Enrolment]:
    """Every place for which the acting patient may be asked questions, the newest first: also one they have left, where
    they agreed to the later ones.
    """
    wanted = select(Enrolment).where(Enrolment.person_id == actor.id, is_asked_in())
    return list(db.exec(wanted.order_by(col(Enrolment.enrolled_at).desc())))


def is_asked_in() -> ColumnElement[bool]:
    """The condition on rows of places that whoever has them may be asked something."""
    return or_(
        col(Enrolment.state).in_(rules.HEARS_FROM_US),
        and_(col(Enrolment.state) == EnrolmentState.WITHDRAWN, col(Enrolment.agreed_later).is_(True)),
    )


def asked_place_of(db: Db, *, actor: Actor, cohort_id: str = "") -> Enrolment:
    """The place for which the acting patient answers. Raises NotFound as `enrolment_of` does."""
    return first_in(db, asked_places_of(db, actor=actor), actor=actor, cohort_id=cohort_id)


def first_in(db: Db, places: list[Enrolment], *, actor: Actor, cohort_id: str) -> Enrolment:
    found = next((each for each in places if cohort_id in ("", each.cohort_id)), None)
    if found is None:
        if words := left_words(db, person_id=actor.id, cohort_id=cohort_id):
            raise HasLeft(words)
        raise NotFound("You have no place in a group yet. If you think you should, please call us.")
    return found


def find_enrolment(db: Db, *, actor: Actor, enrolment_id: str, action: str = "patient.read") -> Enrolment:
    """An enrolment that the actor may do `action` with. Raises NotFound otherwise."""
    found = db.get(Enrolment, enrolment_id)
    if found is None:
        raise NotFound("We could not find that person in your groups.")
    authorise(actor, action, found)
    return found


def places_taken(db: Db, cohort_ids: Collection[str]) -> dict[str, int]:
    """How many have a place in each of these cohorts; none is not named."""
    wanted = select(Enrolment.cohort_id, func.count()).where(
        col(Enrolment.cohort_id).in_(cohort_ids), col(Enrolment.state).in_(rules.HOLDS_A_PLACE)
    )
    return dict(db.exec(wanted.group_by(col(Enrolment.cohort_id))).all())


def asked_in_each(db: Db, cohort_ids: Collection[str]) -> dict[str, list[tuple[Enrolment, Person]]]:
    """Of many cohorts at once, by cohort: everyone who is in it as `enrolled_in` has it, then who has left it and
    agreed to the questions some months after the end. One statement.
    """
    left = and_(
        col(Enrolment.state) == EnrolmentState.WITHDRAWN,
        col(Enrolment.agreed_later).is_(True),
        col(Person.died_at).is_(None),
    )
    wanted = (
        select(Enrolment, Person)
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .where(col(Enrolment.cohort_id).in_(cohort_ids), or_(col(Enrolment.state).in_(rules.IN_THE_GROUP), left))
        .order_by(col(Person.shown_name), col(Person.id))
    )
    found: dict[str, list[tuple[Enrolment, Person]]] = {each: [] for each in cohort_ids}
    for place, person in db.exec(wanted):
        found[place.cohort_id].append((place, person))
    return {key: sorted(each, key=lambda one: one[0].state not in rules.IN_THE_GROUP) for key, each in found.items()}


def enrolled_in(db: Db, cohort_id: str) -> list[tuple[Enrolment, Person]]:
    """Everyone who is in a cohort, by the name the group sees; who was only offered a place is not."""
    wanted = select(Enrolment, Person).join(Person, col(Person.id) == col(Enrolment.person_id))
    holding = wanted.where(Enrolment.cohort_id == cohort_id, col(Enrolment.state).in_(rules.IN_THE_GROUP))
    return list(db.exec(holding.order_by(col(Person.shown_name), col(Person.id))))
