"""Two accounts are joined once both were shown with everything that either of them asks for."""

from datetime import datetime

from backtolife.database.session import Db
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import LinkPurpose, Person, Service, SignedIn, SignInLink
from backtolife.people.organisation.matching import accept
from backtolife.people.own_services import only_shown
from backtolife.people.own_services.strength import is_enough
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked import linking
from backtolife.people.signing_in.linked.accounts import all_of, hold
from backtolife.people.signing_in.linked.unlinking import Why, unlink

SHOWN_TOO_LITTLE = "You signed in here with a password alone. Sign in again with your second step, then come back."
SET_UP_FIRST = "That account has no second step yet. Sign in there once and set one up. Then come back here."
NOT_JOINED = "Your sign-in opens this service alone. Nothing was changed."


def link_shown(
    db: Db,
    *,
    actor: Actor,
    signed_in: SignedIn,
    person: Person,
    other: Person,
    proven: str,
    second: str,
    required: bool,
    now: datetime,
) -> None:
    """Join the account of this sign-in with `other`, for which the person has just shown its password (of which we
    keep `proven`) and `second`, or a passkey.

    What joins neither may be weaker than what either side asks for, also in the services joined with it before: else
    a password alone would lead round a second step. And what else opens one of the two by itself is taken off, as
    `only_shown` says. Raises Conflict, with what to do.
    """
    take_turn(db, signed_in)
    refuse_weak(db, signed_in, person, required)
    if not is_enough(db, all_of(db, other), second=second, required=required):
        raise Conflict(SET_UP_FIRST)
    linking.link(db, actor=actor, person=person, other=other, proven=proven, way=second or "password", now=now)
    only_shown.keep_shown(db, person=person, at=only_shown.moments_of(signed_in), here=signed_in.id, now=now)
    just_now = (now,) if second == "passkey" else ()
    only_shown.keep_shown(db, person=other, at=just_now, here=signed_in.id, now=now)


def take_turn(db: Db, signed_in: SignedIn) -> None:
    """Before any row is changed. Raises Conflict for a sign-in that ended while we waited."""
    hold(db)
    db.refresh(signed_in)
    if signed_in.ended_at is not None:
        raise Conflict(linking.CHANGED)


def refuse_weak(db: Db, signed_in: SignedIn, person: Person, required: bool) -> None:
    """Raise Conflict when this sign-in showed less than any of the person's accounts asks for."""
    if not is_enough(db, all_of(db, person), second=signed_in.second, required=required):
        raise Conflict(SHOWN_TOO_LITTLE)


def invited_elsewhere(db: Db, *, actor: Actor, token: str, now: datetime) -> tuple[SignInLink, Service] | None:
    """The open invitation to another service that this link is, with that service; None when it is none."""
    try:
        found = signin.find_link(db, token=token, purpose=LinkPurpose.INVITATION, now=now)
    except NotFound:
        return None
    return None if found.service_id == actor.service_id else (found, db.get_one(Service, found.service_id))


def accept_invitation(
    db: Db, *, actor: Actor, signed_in: SignedIn, person: Person, token: str, required: bool, now: datetime
) -> Person:
    """Answer an invitation with the sign-in in hand: the new account has no password of its own, and nothing else that
    opens it. Returns it.

    Raises NotFound for a link that was used or is too old, Conflict as `link_shown` does.
    """
    authorise(actor, "account.services", person)
    take_turn(db, signed_in)
    refuse_weak(db, signed_in, person, required)
    other = signin.spend_link(db, token=token, purpose=LinkPurpose.INVITATION, now=now)
    if other.password_hash:
        raise Conflict(linking.CHANGED)
    only_shown.empty(db, person=other, now=now)
    accept(db, other, now)
    db.flush()
    linking.link(db, actor=actor, person=person, other=other, proven=other.password_hash, way="invitation", now=now)
    only_shown.keep_shown(db, person=person, at=only_shown.moments_of(signed_in), here=signed_in.id, now=now)
    return other


def stop(db: Db, *, actor: Actor, person: Person, signed_in_id: str, now: datetime) -> None:
    """From now on they sign in to the service of this account by itself. Raises Conflict where it is so already."""
    authorise(actor, "account.services", person)
    if not unlink(db, person=person, actor=actor, why=Why.ASKED, now=now, keep=signed_in_id):
        raise Conflict(NOT_JOINED)
