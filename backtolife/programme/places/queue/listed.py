"""Whoever has a place, or is offered one, waits no more: on whichever way they came to it."""

from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.mail import delivery
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.places.models import Waiting

OFFERED = "offered"


def hold_list(db: Db, service_id: str) -> None:
    """Nobody else puts somebody on the list, or offers from it, until the transaction ends.

    Held before a group, by whoever holds both: else two of them could wait for each other.
    """
    one_at_a_time(db, f"waiting:{service_id}")


def leave_list(db: Db, *, place: Enrolment, jump: str | None = None, actor: Actor, now: datetime) -> bool:
    """Take the person of this place off the waiting list. Returns whether they were on it.

    `jump`: why they went before their turn, empty for their turn; None where they were not taken from the list.
    """
    # Its row alone is locked: whoever offers from the list holds the list first, and the group after it.
    still = select(Waiting).where(Waiting.person_id == place.person_id, col(Waiting.left_at).is_(None))
    row = db.exec(still.with_for_update()).first()
    if row is None:
        return False
    delivery.drop_waiting(db, person_ids=[place.person_id], urgent=False, about={row.id})
    row.left_at, row.left_because, row.enrolment_id, row.jump = now, OFFERED, place.id, jump or ""
    turn = {} if jump is None else {"in_turn": not jump}
    audit.record(
        db,
        actor=actor,
        action="waiting_offered",
        subject_type="waiting",
        subject_id=row.id,
        now=now,
        enrolment=place.id,
        **turn,
    )
    return True


def list_again(db: Db, *, place: Enrolment, actor: Actor, now: datetime) -> bool:
    """Who was taken off the list for this place waits again, as if nothing had been. The caller holds the list.

    Returns whether they do: not where they were not on it, or are on it anew.
    """
    theirs = select(Waiting).where(Waiting.person_id == place.person_id).order_by(col(Waiting.left_at).desc())
    rows = db.exec(theirs.with_for_update()).all()
    row = next((each for each in rows if each.enrolment_id == place.id and each.left_because == OFFERED), None)
    if row is None or any(each.left_at is None for each in rows):
        return False
    delivery.drop_waiting(db, person_ids=[place.person_id], urgent=False, about={row.id})
    row.left_at, row.left_because, row.enrolment_id, row.jump = None, "", None, ""
    audit.record(
        db,
        actor=actor,
        action="waiting_again",
        subject_type="waiting",
        subject_id=row.id,
        now=now,
        enrolment=place.id,
    )
    return True


def turn_of(db: Db, person: Person) -> int | None:
    """Which number this person is on their service's waiting list, counted from 1; None when they are not on it."""
    row = db.exec(select(Waiting).where(Waiting.person_id == person.id, col(Waiting.left_at).is_(None))).first()
    if row is None:
        return None
    before = (
        select(func.count())
        .select_from(Waiting)
        .join(Person, col(Person.id) == col(Waiting.person_id))
        .where(
            Waiting.service_id == row.service_id,
            col(Waiting.left_at).is_(None),
            col(Person.died_at).is_(None),
            (col(Waiting.since) < row.since) | ((col(Waiting.since) == row.since) & (col(Waiting.id) < row.id)),
        )
    )
    return db.exec(before).one() + 1
