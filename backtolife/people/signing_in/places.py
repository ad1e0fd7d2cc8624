"""Where somebody is signed in: a list of their browsers, each of which they can end, or all at once."""

from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person, SignedIn
from backtolife.people.roles import acting_as
from backtolife.people.signing_in import devices, signin
from backtolife.people.signing_in.linked.accounts import all_of, hold


def places_of(db: Db, *, person: Person, now: datetime) -> list[SignedIn]:
    """Every sign-in of theirs that still opens something, the one seen last first; of staff in each service that their
    sign-in opens.
    """
    theirs = col(SignedIn.person_id).in_([each.id for each in all_of(db, person)])
    open_ones = select(SignedIn).where(theirs, col(SignedIn.ended_at).is_(None), col(SignedIn.expires_at) > now)
    if person.is_staff:
        open_ones = open_ones.where(col(SignedIn.seen_at) > now - signin.STAFF_IDLE)
    return list(db.exec(open_ones.order_by(col(SignedIn.seen_at).desc(), col(SignedIn.id))))


def end_one(db: Db, *, actor: Actor, person: Person, place_id: str, now: datetime) -> SignedIn | None:
    """End one of their own; None for one that has ended, or is nothing of theirs."""
    authorise(actor, "account.details", person)
    place = db.get(SignedIn, place_id)
    owner = next((each for each in all_of(db, person) if place is not None and each.id == place.person_id), None)
    if place is None or owner is None or place.ended_at is not None:
        return None
    place.ended_at = now
    note(db, "signed_out_elsewhere", owner, actor_in(db, owner, actor), now)
    return place


def end_everywhere(db: Db, *, actor: Actor, person: Person, now: datetime) -> None:
    """Signed out in every browser, this one too, and no device opens the next session by itself; of staff in each
    service that their sign-in opens.
    """
    authorise(actor, "account.details", person)
    accounts = all_of(db, person)
    if len(accounts) > 1:
        hold(db)
    for each in accounts:
        signin.end_all(db, person=each, now=now)
        devices.forget_devices(db, person=each, now=now)
        note(db, "signed_out_everywhere", each, actor_in(db, each, actor), now)


def actor_in(db: Db, owner: Person, actor: Actor) -> Actor:
    """The same person as one who acts where this account is: each service has its own log."""
    return actor if owner.id == actor.id else acting_as(db, owner)


def note(db: Db, action: str, person: Person, actor: Actor, now: datetime) -> None:
    audit.record(db, actor=actor, action=action, subject_type="person", subject_id=person.id, now=now)
