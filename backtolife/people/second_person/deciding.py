"""A second person says yes or no to a role that somebody proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, System, authorise, may
from backtolife.people.models import Person, Role
from backtolife.people.role_words import ROLE_WORDS
from backtolife.people.roles import give, roles_of
from backtolife.people.second_person.models import OPEN, RoleProposed
from backtolife.people.second_person.proposing import in_turn, note, others_to_ask, still_open
from backtolife.people.signing_in.messages import queue_to

GONE = "Somebody has decided this already. Nothing was changed."
OWN_PROPOSAL = (
    "You proposed this role, so somebody else has to confirm it. Ask another administrator or a clinical lead."
)
OWN_ROLE = "This role is for you, so somebody else has to confirm it. Ask another administrator or a clinical lead."
NO_PROPOSAL = "We could not find that role. Somebody may have taken it back."
NOTHING_WAITS = "No role waits for them. Nothing was changed."
NO_REASON = "Say why nobody else can confirm it, in at most 200 characters."
LONGEST_REASON = 200
SUBJECT = "Your role is confirmed"
BODY = "Hello {name},\n\nYour role is confirmed: {role}. You find what it opens here: {site}/\n\n{service}\n"


@dataclass(frozen=True)
class Waiting:
    """A role that waits, in words, and what the actor may do about it."""

    proposal: RoleProposed
    colleague: Person
    by: Person
    may_confirm: bool
    nobody_can: bool
    """Whether there is nobody in the service who could say yes."""

    @property
    def role(self) -> str:
        return ROLE_WORDS[self.proposal.role]


def waiting(db: Db, *, actor: Actor) -> list[Waiting]:
    """Every role of the service that waits for a second person, the oldest first."""
    authorise(actor, "role.confirm", actor)
    giver = aliased(Person)
    wanted = (
        select(RoleProposed, Person, giver)
        .join(Person, col(Person.id) == col(RoleProposed.person_id))
        .join(giver, col(giver.id) == col(RoleProposed.proposed_by))
        .where(RoleProposed.service_id == actor.service_id, OPEN)
        .order_by(col(RoleProposed.proposed_at), col(RoleProposed.id))
    )
    found = db.exec(wanted).all()
    asked = {each.id for each in others_to_ask(db, actor.service_id, ())} if found else set()
    both = [{proposal.proposed_by, proposal.person_id} for proposal, _, _ in found]
    return [
        Waiting(*each, may_confirm=actor.id not in two, nobody_can=not asked - two)
        for each, two in zip(found, both, strict=True)
    ]


def how_many_wait(db: Db, *, actor: Actor) -> int:
    """How many roles wait for this person to say yes or no."""
    if not may(actor, "role.confirm", actor):
        return 0
    wanted = select(func.count()).select_from(RoleProposed)
    of_others = col(RoleProposed.proposed_by) != actor.id, col(RoleProposed.person_id) != actor.id
    return db.exec(wanted.where(RoleProposed.service_id == actor.service_id, OPEN, *of_others)).one()


def found(db: Db, *, actor: Actor, proposal_id: str) -> tuple[RoleProposed, Person]:
    """The proposal as it is now, while nobody else decides. Raises NotFound, or Conflict once it is decided."""
    in_turn(db, actor.service_id)
    proposal = db.get(RoleProposed, proposal_id, populate_existing=True)
    if proposal is None:
        raise NotFound(NO_PROPOSAL)
    authorise(actor, "role.confirm", proposal)
    if proposal.decided_at is not None:
        raise Conflict(GONE)
    return proposal, db.get_one(Person, proposal.person_id, populate_existing=True)


def confirm(db: Db, *, actor: Actor, proposal_id: str, site: str, now: datetime) -> Person:
    """A second person says yes: from the next request on the colleague has the role. Returns the colleague.

    Raises Conflict for whoever proposed it, for whom it is, and once it was decided.
    """
    proposal, person = found(db, actor=actor, proposal_id=proposal_id)
    if actor.id == proposal.proposed_by:
        raise Conflict(OWN_PROPOSAL)
    if actor.id == proposal.person_id:
        raise Conflict(OWN_ROLE)
    settle(db, proposal, person, by=actor, site=site, now=now)
    return person


def decline(db: Db, *, actor: Actor, proposal_id: str, now: datetime) -> Person:
    """It is not given. Whoever proposed it takes it back in the same way. Raises Conflict once it was decided."""
    proposal, person = found(db, actor=actor, proposal_id=proposal_id)
    proposal.decided_at, proposal.decided_by = now, actor.id
    note(db, "role_not_given", person, actor, now, role=proposal.role, proposed_by=proposal.proposed_by)
    return person


def confirm_on_the_server(
    db: Db, *, actor: System, person: Person, reason: str, site: str, now: datetime
) -> list[Role]:
    """Give everything that waits for this colleague, where a service has nobody else who could say yes.

    Raises Invalid without a reason, Conflict where nothing waits.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise Invalid(NO_REASON, "reason")
    in_turn(db, person.service_id)
    proposals: Sequence[RoleProposed] = db.exec(select(RoleProposed).where(*still_open(person.id))).all()
    if not proposals:
        raise Conflict(NOTHING_WAITS)
    for proposal in proposals:
        settle(db, proposal, person, by=actor, site=site, now=now, reason=reason)
    return sorted(proposal.role for proposal in proposals)


def settle(
    db: Db, proposal: RoleProposed, person: Person, *, by: Actor | System, site: str, now: datetime, **why: str
) -> None:
    if not person.active:
        raise Conflict("Their account is off. Switch it on first.")
    proposal.decided_at, proposal.given = now, True
    proposal.decided_by = by.id if isinstance(by, Actor) else None
    if proposal.role not in roles_of(db, person):  # the organisation may have given it meanwhile
        give(db, person=person, roles={proposal.role}, now=now)
    role, key = ROLE_WORDS[proposal.role].lower(), f"role-given:{proposal.id}"
    queue_to(db, person, key=key, subject=SUBJECT, body=BODY, now=now, role=role, site=site)
    note(db, "role_confirmed", person, by, now, role=proposal.role, proposed_by=proposal.proposed_by, **why)
