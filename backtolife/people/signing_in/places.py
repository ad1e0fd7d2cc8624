"""Where somebody is signed in: a list of their browsers, each of which they can end, or all at once."""

from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person, SignedIn
from backtolife.people.signing_in import signin


def places_of(db: Db, *, person: Person, now: datetime) -> list[SignedIn]:
    """Every sign-in of theirs that still opens something, the one seen last first."""
    open_ones = select(SignedIn).where(
        SignedIn.person_id == person.id, col(SignedIn.ended_at).is_(None), col(SignedIn.expires_at) > now
    )
    if person.is_staff:
        open_ones = open_ones.where(col(SignedIn.seen_at) > now - signin.STAFF_IDLE)
    return list(db.exec(open_ones.order_by(col(SignedIn.seen_at).desc(), col(SignedIn.id))))


def end_one(db: Db, *, actor: Actor, person: Person, place_id: str, now: datetime) -> SignedIn | None:
    """End one of their own; None for one that has ended, or is nothing of theirs."""
    place = db.get(SignedIn, place_id)
    if place is None or place.person_id != person.id or place.ended_at is not None:
        return None
    authorise(actor, "account.details", place)
    place.ended_at = now
    note(db, "signed_out_elsewhere", person, actor, now)
    return place


def end_everywhere(db: Db, *, actor: Actor, person: Person, now: datetime) -> None:
    """Signed out in every browser, this one too, and no device opens the next session by itself."""
    authorise(actor, "account.details", person)
    signin.end_all(db, person=person, now=now)
    signin.forget_devices(db, person=person, now=now)
    note(db, "signed_out_everywhere", person, actor, now)


def note(db: Db, action: str, person: Person, actor: Actor, now: datetime) -> None:
    audit.record(db, actor=actor, action=action, subject_type="person", subject_id=person.id, now=now)
