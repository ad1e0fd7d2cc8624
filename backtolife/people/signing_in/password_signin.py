"""Signing in by password, and choosing one.

Looking at a password takes a moment on purpose. So it is done between two transactions, never inside one: while it
lasts nobody else's save waits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.models import Person, SignedIn
from backtolife.people.roles import acting_as
from backtolife.people.signing_in.linked.unlinking import Why, unlink
from backtolife.people.signing_in.passwords import password_fits
from backtolife.people.signing_in.signin import find_by_email

WRONG = "That e-mail address and password do not match. Check both and try again."


@dataclass(frozen=True)
class Candidate:
    """An account that a password may open, and what we keep of its password."""

    person_id: str
    password_hash: str


def candidates(db: Db, email: str, but: Collection[str] = ()) -> list[Candidate]:
    """The staff accounts under this address; more than one when two services know the same person. `but`: services
    of which none is meant.
    """
    staff = [person for person in find_by_email(db, email) if person.is_staff and person.service_id not in but]
    return [Candidate(person.id, person.password_hash) for person in staff]


def fitting(found: Sequence[Candidate], password: str) -> Candidate:
    """The account that `password` opens. Raises Invalid with one answer, after the same time, for every failure."""
    for candidate in found or [Candidate("", "")]:
        if password_fits(candidate.password_hash, password):
            return candidate
    raise Invalid(WRONG, "password")


def opened(db: Db, chosen: Candidate) -> Person:
    """The person behind the account. Raises Invalid when it was closed or its password changed in between."""
    person = db.get(Person, chosen.person_id)
    if person is None or not person.active or person.password_hash != chosen.password_hash:
        raise Invalid(WRONG, "password")
    return person


def note_signed_in(db: Db, *, person: Person, second: str, now: datetime) -> None:
    """Put on record that they are in, and what they showed besides their password."""
    actor, more = acting_as(db, person), {"second": second} if second else {}
    audit.record(db, actor=actor, action="signed_in", subject_type="person", subject_id=actor.id, now=now, **more)


def set_password(db: Db, *, person: Person, password_hash: str, now: datetime) -> None:
    """Keep the hash of a member of staff's new password and end every place they are signed in. Who has the link that
    was e-mailed has a mailbox, and has shown nothing for the other services that their sign-in opened.
    """
    actor = acting_as(db, person)
    unlink(db, person=person, actor=actor, why=Why.NEW_PASSWORD, now=now)
    person.password_hash = password_hash
    open_ones = select(SignedIn).where(SignedIn.person_id == person.id, col(SignedIn.ended_at).is_(None))
    for signed_in in db.exec(open_ones):
        signed_in.ended_at = now
    audit.record(db, actor=actor, action="password_set", subject_type="person", subject_id=person.id, now=now)
