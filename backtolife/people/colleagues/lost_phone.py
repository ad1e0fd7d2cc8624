"""A colleague has lost their phone: an administrator says why, a second person hears of it, and they start anew."""

from datetime import datetime
from typing import Any

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import Actor, System, authorise
from backtolife.people.colleagues.services import hold, note
from backtolife.people.models import Person, Role
from backtolife.people.names import isolated
from backtolife.people.roles import holding
from backtolife.people.second_step import services as second_step
from backtolife.people.signing_in.linked.unlinking import Why, unlink
from backtolife.people.signing_in.messages import queue_to
from backtolife.people.signing_in.ways_in import end_every_way_in
from backtolife.people.working import who_can_work

LONGEST_REASON = 200
NO_REASON = "Say why, and how you know that it is them who asked"
OWN = "Somebody else has to do this for you. Ask another administrator."
NOTHING = "They have no second step. Nothing was changed."
OFF = "The second step of your account was taken off by an administrator. You were signed out everywhere."
SUBJECT = "The second step of a colleague was reset"
BODY = (
    "Hello {name},\n\n{giver} reset how a colleague of yours signs in: {colleague}. The reason given: {reason}\n\n"
    "You are told so that nobody does this alone. If it looks wrong to you, switch their account off: {site}/staff\n\n"
    "{service}\n"
)
COMMAND = "Somebody with access to the server"


def reset(db: Db, *, actor: Actor | System, person: Person, reason: str, site: str, now: datetime) -> int:
    """Take their second step away and sign them out everywhere; from now on their sign-in opens this service alone.
    Returns how many others were told.

    Raises Invalid without a reason, Conflict for one's own and where there is nothing to reset.
    """
    if isinstance(actor, Actor):
        authorise(actor, "staff.manage", person)
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(NO_REASON, "reason")
    if actor.id == person.id:
        raise Conflict(OWN)
    hold(db, person)
    if not second_step.ways_of(db, person.id).any_kept:
        raise Conflict(NOTHING)
    unlink(db, person=person, actor=actor, why=Why.SECOND_STEP_RESET, now=now)
    second_step.take_away(db, person)
    end_every_way_in(db, person, now)
    second_step.tell(db, person, OFF, now)
    others = to_tell(db, person, actor)
    giver = isolated(db.get_one(Person, actor.id).full_name) if isinstance(actor, Actor) else COMMAND
    words: dict[str, Any] = {
        "giver": giver,
        "colleague": isolated(person.full_name),
        "reason": isolated(reason),
        "site": site,
    }
    for other in others:
        key = f"second-step-reset:{person.id}:{other.id}:{now.isoformat()}"
        queue_to(db, other, key=key, subject=SUBJECT, body=BODY, now=now, **words)
    note(db, "second_step_reset", person, actor, now, reason=reason, told=sorted(other.id for other in others))
    return len(others)


def to_tell(db: Db, person: Person, actor: Actor | System) -> list[Person]:
    """The other administrators; where there is none, the clinical leads."""
    for role in (Role.ADMINISTRATOR, Role.CLINICAL_LEAD):
        wanted = select(Person).where(
            Person.service_id == person.service_id,
            holding(role),
            who_can_work(),
            col(Person.id).not_in([person.id, actor.id]),
        )
        if found := list(db.exec(wanted.order_by(col(Person.full_name)))):
            return found
    return []
