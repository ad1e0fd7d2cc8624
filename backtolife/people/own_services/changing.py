"""From one service that somebody works for to another, with what they showed when they signed in and no more."""

from datetime import datetime

from backtolife import audit
from backtolife.database.sealing import Sealing
from backtolife.database.session import Db
from backtolife.errors import NotFound, NotPermitted
from backtolife.people.access import Actor, OutOfReach, authorise
from backtolife.people.models import Person, SignedIn
from backtolife.people.organisation import staying
from backtolife.people.own_services.strength import is_enough
from backtolife.people.roles import acting_as
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked.accounts import hold, others_of, rows_with

NOT_YOURS = "We could not find this account. You may not work for that service any more."
TOO_LITTLE = "That service asks for a second step. Sign out, sign in with your second step, and change then."


def account_of(db: Db, *, actor: Actor, account_id: str) -> Person:
    """Another account that the actor's sign-in opens. Raises NotFound; an account of somebody else leaves a trace."""
    for each in others_of(db, actor.id):
        if each.id == account_id:
            return each
    found = db.get(Person, account_id)
    if found is None or found.id == actor.id:
        raise NotFound(NOT_YOURS)
    raise OutOfReach("account.services", found)


def change(
    db: Db,
    *,
    actor: Actor,
    signed_in: SignedIn,
    to: Person,
    second: str,
    required: bool,
    browser: str,
    sealing: Sealing,
    now: datetime,
) -> str:
    """End this sign-in and begin one in the other service. Returns the secret for the browser's cookie.

    It lasts no longer than the one before, and showing once more that it is them counts as long as it did. `second` is
    what they showed for the other account just now. Raises NotFound as `account_of` does, NotPermitted where they have
    shown too little.
    """
    authorise(actor, "account.services", signed_in)
    hold(db)
    db.refresh(signed_in)
    to = account_of(db, actor=actor, account_id=to.id)
    shown = second or signed_in.second
    if signed_in.ended_at is not None or not is_enough(db, [to], second=shown, required=required):
        raise NotPermitted(TOO_LITTLE)
    token = signin.begin(db, person=to, now=now, browser=browser, second=shown)
    found = signin.find_signed_in(db, token=token, now=now)
    if found is None:
        raise NotFound(NOT_YOURS)
    goes_on, origin = found[0], signed_in.through_id or signed_in.person_id
    goes_on.through_id = origin if origin != to.id else None
    goes_on.shown_at = signed_in.shown_at or signed_in.started_at
    goes_on.confirmed_at = signed_in.confirmed_at
    goes_on.expires_at = min(goes_on.expires_at, signed_in.expires_at)
    staying.carry(db, before=signed_in, after=goes_on, sealing=sealing)
    signed_in.ended_at = now
    write_down(db, actor, to, shown, now)
    return token


def write_down(db: Db, actor: Actor, to: Person, second: str, now: datetime) -> None:
    """In the log of each service, with the link and nothing else by which the two can be brought together."""
    link = rows_with(db, to.id)[0].link_id
    came = {"way": "other service", **({"second": second} if second else {})}
    for who, action, more in ((actor, "changed_to_other_service", {}), (acting_as(db, to), "signed_in", came)):
        audit.record(db, actor=who, action=action, subject_type="person", subject_id=who.id, now=now, link=link, **more)
