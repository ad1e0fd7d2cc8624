"""Which roles people hold: the one place that says so, for one person, for many, and as a condition on their rows."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, exists
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor
from backtolife.people.models import STAFF, Kind, Person, Role, RoleHeld
from backtolife.people.working import who_can_work

NO_ROLE = "Choose at least one role."


def kind_of(roles: Collection[Role]) -> Kind:
    """The kind of people who hold these roles. Raises Invalid for none, and for a patient or guest who is more."""
    held = set(roles)
    if not held:
        raise Invalid(NO_ROLE, "roles")
    if held <= STAFF:
        return Kind.STAFF
    if len(held) > 1:
        raise Invalid("A patient or a guest has no other role.", "roles")
    return Kind(held.pop().value)


def give(db: Db, *, person: Person, roles: Iterable[Role], now: datetime) -> None:
    """Write down that a member of staff holds these roles as well. Of patients and guests their kind says it."""
    for role in sorted(set(roles) & STAFF):
        db.add(RoleHeld(service_id=person.service_id, person_id=person.id, role=role, given_at=now))
    db.flush()


def roles_of(db: Db, person: Person) -> frozenset[Role]:
    """What this person is here for: the roles of staff, or the one thing that a patient or a guest is."""
    if not person.is_staff:
        return frozenset({Role(person.kind.value)})
    return frozenset(map(Role, db.exec(held_by(person.id))))


def held_by(person_id: SQLColumnExpression[str] | str) -> SelectOfScalar[str]:
    """The roles of staff that this person holds, of whatever kind they are."""
    return select(RoleHeld.role).where(RoleHeld.person_id == person_id)


def roles_by_person(db: Db, service_id: str) -> dict[str, frozenset[Role]]:
    """The roles of everybody who works in the service, by the id of the person."""
    found: dict[str, frozenset[Role]] = {}
    for held in db.exec(select(RoleHeld).where(RoleHeld.service_id == service_id)):
        found[held.person_id] = found.get(held.person_id, frozenset()) | {held.role}
    return found


def holding(*roles: Role) -> ColumnElement[bool]:
    """The condition on rows of people that they hold one of these roles of staff."""
    return exists().where(col(RoleHeld.person_id) == col(Person.id), col(RoleHeld.role).in_(roles))


def others_hold(db: Db, person: Person, role: Role) -> bool:
    """Whether somebody else of the service who can work holds this role."""
    others = select(Person.id).where(
        Person.service_id == person.service_id, Person.id != person.id, holding(role), who_can_work()
    )
    return db.exec(others).first() is not None


def acting_as(db: Db, person: Person) -> Actor:
    """The person as one who acts, where no group of theirs matters."""
    roles = roles_of(db, person)
    return Actor(person.id, person.service_id, roles, without_role=not roles)
