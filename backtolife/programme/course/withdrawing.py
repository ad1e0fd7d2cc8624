"""A lead takes somebody's signature back, with a reason, and asks for more of the course where that is needed; and
brings it back.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.course.models import CoursePart, CourseSignature
from backtolife.programme.course.services import note, signatures

LONGEST_REASON = 300
NOBODY = "There is nobody of this address among your staff. Go back to the list."


@dataclass(frozen=True)
class Withdrawn:
    """A signature that a lead took back, and since when nobody has signed in its place."""

    row: CourseSignature
    by: str
    """The name of whoever took it back."""


def find_signer(db: Db, *, actor: Actor, person_id: str) -> Person:
    """Somebody of the actor's staff. Raises NotFound, also for a patient or a guest."""
    person = db.get(Person, person_id)
    if person is None or not person.is_staff:
        raise NotFound(NOBODY)
    authorise(actor, "course.withdraw", person)
    return person


def withdraw(db: Db, *, person: Person, reason: str, all_again: bool, actor: Actor, now: datetime) -> None:
    """Take their signature back. `all_again`: what they ticked counts no more either, and is to be done once more.

    Raises Invalid without a reason, Conflict where they have none.
    """
    authorise(actor, "course.withdraw", person)
    one_at_a_time(db, f"course:{person.id}")
    why = " ".join(reason.split())
    if not why:
        raise Invalid("Say why. The person reads it.", "reason")
    row = signatures(db, [person.id]).get(person.id)
    if row is None:
        raise Conflict(f"{isolated(person.full_name)} has no signature now. Look at the list again.")
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_why = actor.id, now, why[:LONGEST_REASON]
    ticked = select(CoursePart).where(CoursePart.person_id == person.id, col(CoursePart.undone_at).is_(None))
    for part in db.exec(ticked).all() if all_again else ():
        part.undone_at, part.undone_with = now, row.id
    db.flush()
    note(db, actor, "course_signature_withdrawn", person, now, version=row.version, reason=why, all_again=all_again)


def bring_back(db: Db, *, person: Person, actor: Actor, now: datetime) -> CourseSignature:
    """Let the signature that was withdrawn last count again, with the ticks that went with it.

    Raises Conflict where none was withdrawn, or they have signed again since.
    """
    authorise(actor, "course.withdraw", person)
    one_at_a_time(db, f"course:{person.id}")
    found = withdrawn_of(db, [person.id]).get(person.id)
    if found is None:
        raise Conflict(f"No signature of {isolated(person.full_name)} is withdrawn now. Look at the list again.")
    row = found.row
    row.withdrawn_by = row.withdrawn_at = None
    row.withdrawn_why = ""
    mine = select(CoursePart).where(CoursePart.person_id == person.id)
    parts = db.exec(mine).all()
    ticked = {part.digest for part in parts if part.undone_at is None}
    for part in parts:
        if part.undone_with == row.id and part.digest not in ticked:
            part.undone_at = part.undone_with = None
    db.flush()
    note(db, actor, "course_signature_brought_back", person, now, version=row.version)
    return row


def withdrawn_of(db: Db, people: Collection[str]) -> dict[str, Withdrawn]:
    """Of each the newest signature where a lead took it back and they have not signed since, by the person's id."""
    wanted = (
        select(CourseSignature, Person)
        .join(Person, col(Person.id) == col(CourseSignature.withdrawn_by), isouter=True)
        .where(col(CourseSignature.person_id).in_(people))
        .order_by(col(CourseSignature.signed_at))
    )
    newest = {row.person_id: (row, by) for row, by in db.exec(wanted)}
    return {
        each: Withdrawn(row, by.full_name) for each, (row, by) in newest.items() if by is not None and row.withdrawn_why
    }
