"""Where a colleague has been signed in, for administrators: when, on which kind of device, and ending all of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.errors import Conflict
from backtolife.people.access import Actor, authorise
from backtolife.people.colleagues.services import hold, note
from backtolife.people.models import Person, SignedIn
from backtolife.people.names import isolated
from backtolife.people.signing_in import devices, signin
from backtolife.people.signing_in.linked.unlinking import Why, unlink
from backtolife.people.signing_in.messages import queue_to

LOOKS_BACK = timedelta(days=90)
SHOWN = 20
OWN = "You see and end your own sign-ins under Your details."
NOWHERE = "They are signed in nowhere. Nothing was changed."
SUBJECT = "You were signed out"
BODY = (
    "Hello {name},\n\n{giver} signed you out in every browser, and out of a live session. Your password and your "
    "second step are as they were: sign in again when you need to. {site}/\n\nIf you do not know why, ask {giver}."
    "\n\n{service}\n"
)


@dataclass(frozen=True)
class SignIn:
    """One sign-in. `device` is a kind of browser and computer, never an address. `open`: it still opens something."""

    device: str
    at: datetime
    seen_at: datetime
    open: bool


def sign_ins_of(db: Db, *, actor: Actor, person: Person, now: datetime) -> list[SignIn]:
    """Those of the last months, the one used last first. One statement."""
    authorise(actor, "staff.manage", person)
    wanted = select(SignedIn).where(SignedIn.person_id == person.id, col(SignedIn.seen_at) > now - LOOKS_BACK)
    rows = db.exec(wanted.order_by(col(SignedIn.seen_at).desc(), col(SignedIn.id)).limit(SHOWN))
    return [SignIn(row.browser, row.started_at, row.seen_at, signin.is_open(row, person, now)) for row in rows]


def sign_out(db: Db, *, actor: Actor, person: Person, site: str, now: datetime) -> int:
    """End every sign-in of a colleague, who is told. Returns in how many browsers they were signed in.

    A sign-in of theirs in another service opens this one no more either: somebody at that computer would be here by one
    press. Raises Conflict for one's own, and where there is neither. Links that were sent and a forgotten phone are
    other things: switching off, or resetting the second step, ends those too.
    """
    authorise(actor, "staff.manage", person)
    if actor.id == person.id:
        raise Conflict(OWN)
    hold(db, person)
    open_now = [each for each in sign_ins_of(db, actor=actor, person=person, now=now) if each.open]
    joined = unlink(db, person=person, actor=actor, why=Why.SIGNED_OUT, now=now)
    if not open_now and not joined:
        raise Conflict(NOWHERE)
    signin.end_all(db, person=person, now=now)
    devices.forget_devices(db, person=person, now=now)
    giver = isolated(db.get_one(Person, actor.id).shown_name)
    key = f"signed-out:{person.id}:{now.isoformat()}"
    queue_to(db, person, key=key, subject=SUBJECT, body=BODY, now=now, giver=giver, site=site)
    note(db, "signed_out_by_administrator", person, actor, now, browsers=len(open_now))
    return len(open_now)
