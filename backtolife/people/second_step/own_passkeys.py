"""Adding and removing passkeys of one's own, on record, and with what follows from it."""

from datetime import datetime

from sqlmodel import col, delete

from backtolife.database.sealing import Sealing
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.people.second_step import passkeys, recovery_codes
from backtolife.people.second_step.models import Passkey, RecoveryCode
from backtolife.people.second_step.passkeys import Site
from backtolife.people.second_step.services import LAST_WAY, note, settle, take_turn, tell, unlink_if_first, ways_of

ADDED = "A passkey was added to your account."
REMOVED = "A passkey was removed from your account."
NONE = "We could not find this passkey. It may have been removed already."


def add(
    db: Db,
    *,
    actor: Actor,
    person: Person,
    name: str,
    answer: str,
    challenge: bytes,
    site: Site,
    sealing: Sealing,
    signed_in_id: str,
    now: datetime,
) -> list[str]:
    """Keep a new passkey. Returns recovery codes where they had none. They are signed out in their other browsers."""
    authorise(actor, "account.second_step", person)
    take_turn(db, person, signed_in_id)
    unlink_if_first(db, actor=actor, person=person, signed_in_id=signed_in_id, now=now)
    passkeys.add(db, person=person, name=name, answer=answer, challenge=challenge, site=site, now=now)
    settle(db, person=person, signed_in_id=signed_in_id, way="passkey", now=now)
    had = recovery_codes.left(db, person.id)
    codes = [] if had else recovery_codes.new_codes(db, person=person, sealing=sealing, now=now)
    note(db, "second_step_set_up", person, actor, now, way="passkey")
    tell(db, person, ADDED, now)
    return codes


def remove(db: Db, *, actor: Actor, person: Person, passkey_id: str, required: bool, now: datetime) -> str:
    """Returns what it was called. Raises NotFound, Conflict for the last way of who must have one."""
    row = db.get(Passkey, passkey_id)
    if row is None or row.person_id != person.id:
        raise NotFound(NONE)
    authorise(actor, "account.second_step", row)
    one_at_a_time(db, f"second-step:{person.id}")
    ways = ways_of(db, person.id)
    last = ways.app_since is None and len(ways.passkeys) == 1
    if last and required:
        raise Conflict(LAST_WAY)
    db.delete(row)
    if last:
        db.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person.id))
    note(db, "second_step_removed", person, actor, now, way="passkey")
    tell(db, person, REMOVED, now)
    return row.name
