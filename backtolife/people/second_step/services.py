"""The second step of somebody who works here: what they have, and how it is set up, used and taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, delete, select, update

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.sealing import Sealing
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotPermitted
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person, SignedIn
from backtolife.people.roles import acting_as
from backtolife.people.second_step import app_codes, recovery_codes
from backtolife.people.second_step.models import Authenticator, Passkey, RecoveryCode
from backtolife.people.second_step.passkeys import passkeys_of
from backtolife.people.signing_in.linked.accounts import hold, others_of
from backtolife.people.signing_in.linked.unlinking import Why, unlink
from backtolife.people.signing_in.messages import queue_to

SIGNED_OUT = "You were signed out a moment ago. Nothing was changed."
WRONG_CODE = "That code does not fit. Type the one that your app shows now."
USED_CODE = "That code was used already. Wait until your app shows the next one."
WRONG_RECOVERY = "That is none of your recovery codes, or it was used already."
CHANGED_SUBJECT = "How you sign in was changed"
CHANGED_BODY = (
    "Hello {name},\n\n{what} If that was you, there is nothing to do.\n\nIf it was not, tell an administrator of your "
    "service at once: somebody may know your password.\n\n{service}\n"
)
OLD_BODY = "Hello {name},\n\n{what}\n\n{service}\n"
APP_SET_UP = "An authenticator app was set up for your account."
APP_REMOVED = "The authenticator app was taken off your account."
CODES_MADE = "New recovery codes were made for your account."
LAST_WAY = "Your service asks everybody for a second step, and this is your last one. Set up another one first."
CODE_USED = (
    "A recovery code was used to sign in to your account. You have {left} left. When they run low, make new ones in "
    "Your details, on the page of your second step; the ones before stop working then."
)
CODES_OLD = (
    "The key with which your service keeps recovery codes was changed, so yours stop working soon. Make new ones in "
    "Your details, on the page of your second step."
)


class CodeUsed(Invalid):
    """A right code, for the second time."""


@dataclass(frozen=True)
class Ways:
    """What somebody can show besides their password."""

    app_since: datetime | None
    codes_left: int
    passkeys: Sequence[Passkey] = ()

    @property
    def some(self) -> bool:
        """Whether they are asked for one of them at sign-in. Recovery codes alone are none: they run out."""
        return self.app_since is not None or bool(self.passkeys)

    @property
    def any_kept(self) -> bool:
        """Whether there is anything that an administrator could take away."""
        return self.some or self.codes_left > 0


def ways_of(db: Db, person_id: str) -> Ways:
    app = app_codes.authenticator_of(db, person_id)
    return Ways(app.created_at if app else None, recovery_codes.left(db, person_id), passkeys_of(db, person_id))


def set_up_app(
    db: Db, *, actor: Actor, person: Person, secret: str, code: str, sealing: Sealing, signed_in_id: str, now: datetime
) -> list[str]:
    """Keep the secret of their app, which this `code` shows to work. Returns recovery codes where they had none.

    They are signed out in every other browser: somebody may have come in there by the password alone. Raises Invalid.
    """
    authorise(actor, "account.second_step", person)
    take_turn(db, person, signed_in_id)
    step = app_codes.step_of(secret, code, now)
    if step is None:
        raise Invalid(WRONG_CODE, "app_code")
    unlink_if_first(db, actor=actor, person=person, signed_in_id=signed_in_id, now=now)
    app_codes.keep(db, person=person, secret=secret, step=step, sealing=sealing, now=now)
    settle(db, person=person, signed_in_id=signed_in_id, way="app", now=now)
    had = recovery_codes.left(db, person.id)
    codes = [] if had else recovery_codes.new_codes(db, person=person, sealing=sealing, now=now)
    note(db, "second_step_set_up", person, actor, now, way="app")
    tell(db, person, APP_SET_UP, now)
    return codes


def take_turn(db: Db, person: Person, signed_in_id: str) -> None:
    """What somebody adds may end a link, so that comes first. Raises NotPermitted for who was signed out meanwhile:
    what takes away all that opens an account takes this away too.
    """
    hold(db)
    one_at_a_time(db, f"second-step:{person.id}")
    here = db.get(SignedIn, signed_in_id)
    if here is not None:
        db.refresh(here)
        if here.ended_at is not None:
            raise NotPermitted(SIGNED_OUT)


def settle(db: Db, *, person: Person, signed_in_id: str, way: str, now: datetime) -> None:
    """This browser may go on to everything; every other one of theirs is signed out, also where they went from here
    into another service.
    """
    mine = col(SignedIn.person_id) == person.id
    opened = or_(mine, col(SignedIn.through_id) == person.id)
    others = update(SignedIn).where(opened, col(SignedIn.id) != signed_in_id, col(SignedIn.ended_at).is_(None))
    db.connection().execute(others.values(ended_at=now))
    here = update(SignedIn).where(mine, col(SignedIn.id) == signed_in_id)
    db.connection().execute(here.values(sets_up_only=False, confirmed_at=now))
    db.connection().execute(here.where(col(SignedIn.second) == "").values(second=way))


def unlink_if_first(db: Db, *, actor: Actor, person: Person, signed_in_id: str, now: datetime) -> None:
    """Whoever came by a password alone and sets up the first second step here has shown nothing that would open a
    service in which this person shows more. There they sign in by itself from now on.
    """
    here = db.get(SignedIn, signed_in_id)
    if (here is not None and here.second) or ways_of(db, person.id).some:
        return
    if any(ways_of(db, other.id).some for other in others_of(db, person.id)):
        unlink(db, person=person, actor=actor, why=Why.FIRST_SECOND_STEP, now=now, keep=signed_in_id)


def remove_app(db: Db, *, actor: Actor, person: Person, required: bool, now: datetime) -> None:
    """They go without the app from now on. Raises Conflict where a second step is required and it is the last."""
    authorise(actor, "account.second_step", person)
    one_at_a_time(db, f"second-step:{person.id}")
    others = bool(passkeys_of(db, person.id))
    if required and not others:
        raise Conflict(LAST_WAY)
    db.exec(delete(Authenticator).where(col(Authenticator.person_id) == person.id))
    if not others:
        db.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person.id))
    note(db, "second_step_removed", person, actor, now, way="app")
    tell(db, person, APP_REMOVED, now)


def make_codes(db: Db, *, actor: Actor, person: Person, sealing: Sealing, now: datetime) -> list[str]:
    """Ten new recovery codes; the ones before stop working. Raises Conflict where there is nothing to recover."""
    authorise(actor, "account.second_step", person)
    one_at_a_time(db, f"second-step:{person.id}")
    if not ways_of(db, person.id).some:
        raise Conflict("Set up an authenticator app or a passkey first.")
    codes = recovery_codes.new_codes(db, person=person, sealing=sealing, now=now)
    note(db, "recovery_codes_made", person, actor, now)
    tell(db, person, CODES_MADE, now)
    return codes


def check_code(db: Db, *, person: Person, code: str, sealing: Sealing, now: datetime) -> None:
    """Use up a code of their app. Raises Invalid for a wrong one, CodeUsed for one that was taken before."""
    row = app_codes.authenticator_of(db, person.id)
    secret = sealing.open(row.secret_closed, place=app_codes.place_of(row)) if row is not None else ""
    step = app_codes.step_of(secret, code, now) if secret else None
    if row is None or step is None:
        raise Invalid(WRONG_CODE, "app_code")
    if not app_codes.take(db, row, step):
        raise CodeUsed(USED_CODE, "app_code")


def check_recovery(db: Db, *, person: Person, code: str, sealing: Sealing, now: datetime) -> int:
    """Use up a recovery code. Returns how many are left; raises Invalid."""
    if not recovery_codes.spend(db, person=person, code=code, sealing=sealing, now=now):
        raise Invalid(WRONG_RECOVERY, "recovery")
    left = recovery_codes.left(db, person.id)
    note(db, "recovery_code_used", person, acting_as(db, person), now, left=left)
    tell(db, person, CODE_USED.format(left=left), now)
    return left


def tell_of_old_codes(db: Db, since: datetime, now: datetime) -> None:
    """Write to everybody whose codes were made before the newest key: of a code a mark is kept alone, which nobody can
    make again with another key.
    """
    mine = col(RecoveryCode.person_id) == col(Person.id)
    old = select(RecoveryCode.id).where(mine, col(RecoveryCode.spent_at).is_(None), RecoveryCode.created_at < since)
    for person in db.exec(select(Person).where(old.exists(), col(Person.active)).order_by(col(Person.id))):
        key = f"recovery-codes-old:{person.id}:{since.isoformat()}"
        queue_to(db, person, key=key, subject=CHANGED_SUBJECT, body=OLD_BODY, now=now, what=CODES_OLD)


def take_away(db: Db, person: Person) -> None:
    """Everything they show besides their password is gone: somebody who may do so decided it."""
    for table in (Authenticator, Passkey, RecoveryCode):
        db.exec(delete(table).where(col(table.person_id) == person.id))


def tell(db: Db, person: Person, what: str, now: datetime) -> None:
    key = f"second-step:{person.id}:{now.isoformat()}"
    queue_to(db, person, key=key, subject=CHANGED_SUBJECT, body=CHANGED_BODY, now=now, what=what)


def note(db: Db, action: str, person: Person, actor: Acting, now: datetime, **detail: object) -> None:
    audit.record(db, actor=actor, action=action, subject_type="person", subject_id=person.id, now=now, **detail)
