"""Once two accounts are joined, each is opened by what was shown and by nothing else that opens it alone.

Somebody else may have put a passkey or an account at the organisation there before: an administrator who answered the
invitation first, or who reads that mailbox. It would open the other service as well.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, delete, select, update

from backtolife import audit
from backtolife.database.session import Db
from backtolife.people.models import Person, SignedIn
from backtolife.people.organisation.forgetting import forget
from backtolife.people.roles import acting_as
from backtolife.people.second_step import services as second_step
from backtolife.people.second_step.models import Passkey
from backtolife.people.signing_in.ways_in import end_every_way_in


def moments_of(signed_in: SignedIn) -> frozenset[datetime]:
    """When something was shown in this browser."""
    shown = (signed_in.started_at, signed_in.shown_at, signed_in.confirmed_at)
    return frozenset(each for each in shown if each is not None)


def keep_shown(db: Db, *, person: Person, at: Collection[datetime], here: str, now: datetime) -> None:
    """Passkeys stay that were used at one of these moments, which are of this browser, and the account at the
    organisation that stands behind the sign-in `here`. Signed out in every other browser.
    """
    used = or_(col(Passkey.used_at).is_(None), col(Passkey.used_at).not_in(at))
    others = list(db.exec(select(Passkey.id).where(Passkey.person_id == person.id, used)))
    db.exec(delete(Passkey).where(col(Passkey.id).in_(others)))
    forgotten = forget(db, person.id, now, but_behind=here)
    opened = or_(col(SignedIn.person_id) == person.id, col(SignedIn.through_id) == person.id)
    open_ones = opened, col(SignedIn.id) != here, col(SignedIn.ended_at).is_(None)
    db.exec(update(SignedIn).where(*open_ones).values(ended_at=now))
    note(db, person, now, passkeys=len(others), organisation=forgotten)


def empty(db: Db, *, person: Person, now: datetime) -> None:
    """Nothing opens this account: who answers its invitation starts from nothing."""
    ways = second_step.ways_of(db, person.id)
    second_step.take_away(db, person)
    end_every_way_in(db, person, now)
    note(db, person, now, passkeys=len(ways.passkeys), organisation=forget(db, person.id, now))


def note(db: Db, person: Person, now: datetime, *, passkeys: int, organisation: int) -> None:
    """On record, in the log of the account's own service."""
    if not (passkeys or organisation):
        return
    audit.record(
        db,
        actor=acting_as(db, person),
        action="other_ways_in_taken_off",
        subject_type="person",
        subject_id=person.id,
        now=now,
        passkeys=passkeys,
        organisation=organisation,
    )
