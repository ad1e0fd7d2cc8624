"""One person wants a colleague to have a role. What opens health records, or lets others in, waits for a second one."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict
from backtolife.people.access import Actor, System, authorise
from backtolife.people.models import Kind, Person, Role
from backtolife.people.names import isolated
from backtolife.people.role_words import ROLE_WORDS
from backtolife.people.roles import give, holding, roles_of
from backtolife.people.second_person.models import RoleProposed
from backtolife.people.signing_in.messages import queue_to
from backtolife.people.working import who_can_work

NEEDS_TWO = frozenset({Role.FACILITATOR, Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN, Role.ADMINISTRATOR})
"""Clinical roles open health records. An administrator is asked as the second person: one who makes themselves another
administrator would be both.
"""
ASKED = (Role.ADMINISTRATOR, Role.CLINICAL_LEAD)
"""Who is asked as the second person."""
HELD_ALREADY = "They have this role already, or it waits for a second person. Nothing was changed."
SUBJECT = "A role for a colleague waits for you"
BODY = (
    "Hello {name},\n\n{giver} wants a colleague of yours to have a role: {colleague}, {role}. It opens health records, "
    "or lets others in, so it needs a second person. Check that you know who they are, then say yes or no: "
    "{site}/staff/roles\n\n{service}\n"
)


def in_turn(db: Db, service_id: str) -> None:
    """Roles of a service are changed one after another."""
    one_at_a_time(db, f"staff:{service_id}")


def nobody_to_ask(db: Db, actor: Acting) -> bool:
    """Whether a service is being set up by one person alone: nobody else could confirm, and no patient is there yet."""
    patients = select(Person.id).where(Person.service_id == actor.service_id, Person.kind == Kind.PATIENT)
    if db.exec(patients.limit(1)).first() is not None:
        return False
    return not others_to_ask(db, actor.service_id, {actor.id})


def others_to_ask(db: Db, service_id: str, but: Collection[str]) -> list[Person]:
    wanted = select(Person).where(
        Person.service_id == service_id, holding(*ASKED), who_can_work(), col(Person.id).not_in(but)
    )
    return list(db.exec(wanted.order_by(col(Person.full_name))))


def nobody_can_confirm(db: Db, *, actor: Acting, person: Person) -> bool:
    """Whether a role that the actor proposes for this colleague would wait for ever: nobody else is there to ask."""
    return not others_to_ask(db, person.service_id, {actor.id, person.id})


def waits_for_two(db: Db, *, actor: Acting, roles: Collection[Role]) -> frozenset[Role]:
    """Which of these roles the actor cannot give alone. Who has the server needs nobody; nor does a first set-up."""
    needs = NEEDS_TWO & frozenset(roles)
    if not needs or isinstance(actor, System) or nobody_to_ask(db, actor):
        return frozenset()
    return needs


def give_or_propose(
    db: Db, *, actor: Actor, person: Person, roles: Collection[Role], site: str, now: datetime
) -> frozenset[Role]:
    """Give what the actor may give alone; the rest waits for a second person, who is told. Returns what waits.

    During a first set-up nobody gives such a role to themselves: then they would be both.
    """
    waits = waits_for_two(db, actor=actor, roles=roles)
    if person.id == actor.id:
        waits = NEEDS_TWO & frozenset(roles)
    give(db, person=person, roles=frozenset(roles) - waits, now=now)
    for role in sorted(waits):
        write_down(db, actor=actor, person=person, role=role, site=site, now=now)
    return waits


def propose(db: Db, *, actor: Actor, person: Person, role: Role, site: str, now: datetime) -> frozenset[Role]:
    """The same for one role, from the page of roles. Raises Conflict where there is nothing to do."""
    authorise(actor, "role.propose", person)
    in_turn(db, person.service_id)
    db.refresh(person)
    if not person.is_staff or not person.active:
        raise Conflict("Their account is off. Switch it on first.")
    if role in roles_of(db, person) | open_roles(db, person.id):
        raise Conflict(HELD_ALREADY)
    waits = give_or_propose(db, actor=actor, person=person, roles={role}, site=site, now=now)
    if not waits:
        note(db, "role_given_in_set_up", person, actor, now, role=role)
    return waits


def write_down(db: Db, *, actor: Actor, person: Person, role: Role, site: str, now: datetime) -> None:
    proposal = RoleProposed(
        service_id=person.service_id, person_id=person.id, role=role, proposed_by=actor.id, proposed_at=now
    )
    db.add(proposal)
    db.flush()
    told = others_to_ask(db, person.service_id, {actor.id, person.id})
    words: dict[str, Any] = {
        "giver": isolated(db.get_one(Person, actor.id).full_name),
        "colleague": isolated(person.full_name),
        "role": ROLE_WORDS[role].lower(),
        "site": site,
    }
    for other in told:
        key = f"role-proposed:{proposal.id}:{other.id}"
        queue_to(db, other, key=key, subject=SUBJECT, body=BODY, now=now, **words)
    note(db, "role_proposed", person, actor, now, role=role, told=sorted(other.id for other in told))


def still_open(person_id: str) -> list[ColumnElement[bool]]:
    return [col(RoleProposed.person_id) == person_id, col(RoleProposed.decided_at).is_(None)]


def open_roles(db: Db, person_id: str) -> frozenset[Role]:
    """The roles of one colleague that wait for a second person."""
    return frozenset(each.role for each in db.exec(select(RoleProposed).where(*still_open(person_id))))


def take_back(db: Db, *, actor: Acting, person: Person, but: Collection[Role], now: datetime) -> None:
    """What waited for this colleague waits no longer, but for the roles in `but`."""
    for proposal in db.exec(select(RoleProposed).where(*still_open(person.id))):
        if proposal.role not in but:
            proposal.decided_at = now
            proposal.decided_by = actor.id if isinstance(actor, Actor) else None
            note(db, "role_not_given", person, actor, now, role=proposal.role, proposed_by=proposal.proposed_by)


def note(db: Db, action: str, person: Person, actor: Acting, now: datetime, **detail: object) -> None:
    audit.record(db, actor=actor, action=action, subject_type="person", subject_id=person.id, now=now, **detail)
