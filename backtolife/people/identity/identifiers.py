"""Keeping a person's numbers, and finding who has one. A number is never in a log, an address or the audit log."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.sealing import Sealing
from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor, authorise
from backtolife.people.identity.merged import going_on
from backtolife.people.identity.models import PersonIdentifier
from backtolife.people.identity.systems import SYSTEMS, IdentifierSystem, systems_in, usual_in
from backtolife.people.models import Person, Service


def systems_of(service: Service) -> tuple[IdentifierSystem, ...]:
    """The systems whose numbers this service keeps: those that it chose, else the usual ones of its country."""
    chosen = service.identifier_systems
    return systems_in(usual_in(service.zone) if chosen is None else chosen)


def choose_systems(db: Db, *, actor: Actor, service: Service, keys: list[str], now: datetime) -> None:
    """From now on numbers of these systems are asked for. What is kept of others stays. Raises Invalid."""
    authorise(actor, "identifier.choose", service)
    if unknown := set(keys) - set(SYSTEMS):
        raise Invalid(f"There is no system {sorted(unknown)[0]!r}. Choose from the list.", "systems")
    service.identifier_systems = [each.key for each in systems_in(keys)]
    audit.record(
        db,
        actor=actor,
        action="identifiers_chosen",
        subject_type="service",
        subject_id=service.id,
        now=now,
        systems=service.identifier_systems,
    )


def place_of(row: PersonIdentifier) -> str:
    return f"person_identifier/{row.id}/closed"


def rows_of(db: Db, person_id: str) -> dict[str, PersonIdentifier]:
    wanted = select(PersonIdentifier).where(PersonIdentifier.person_id == person_id)
    return {each.system: each for each in db.exec(wanted)}


def numbers_of(db: Db, *, person: Person, sealing: Sealing) -> dict[str, str]:
    """A person's numbers, by the key of the system. Whoever shows them leaves a trace."""
    rows = rows_of(db, person.id)
    return {key: sealing.open(rows[key].closed, place=place_of(rows[key])) for key in SYSTEMS if key in rows}


def checked(numbers: Mapping[str, str]) -> dict[str, str]:
    """The numbers as we keep them. Raises Invalid, naming the field, for the first that cannot be true."""
    return {key: SYSTEMS[key].checked(typed) for key, typed in numbers.items()}


def keep_numbers(db: Db, *, person: Person, numbers: Mapping[str, str], sealing: Sealing, now: datetime) -> list[str]:
    """Keep these numbers; an empty one takes what was kept away. Returns the systems whose number changed."""
    rows, changed = rows_of(db, person.id), []
    for system, number in checked(numbers).items():
        row, marks = rows.get(system), sealing.marks(number, of=f"{person.service_id}/{system}")
        if (row is None and not number) or (row is not None and number and row.mark in marks):
            continue
        changed.append(system)
        if row is not None:
            db.delete(row)
            db.flush()
        if number:
            row = PersonIdentifier(
                service_id=person.service_id, person_id=person.id, system=system, closed="", mark=marks[0], given_at=now
            )
            row.closed = sealing.close(number, place=place_of(row))
            db.add(row)
    db.flush()
    return changed


def people_with(db: Db, *, service_id: str, numbers: Mapping[str, str], sealing: Sealing) -> list[Person]:
    """Everybody of the service who has one of these numbers; for a merged record the one that goes on."""
    marks = {
        mark
        for system, number in checked(numbers).items()
        if number
        for mark in sealing.marks(number, of=f"{service_id}/{system}")
    }
    if not marks:
        return []
    who = select(PersonIdentifier.person_id).where(
        PersonIdentifier.service_id == service_id, col(PersonIdentifier.mark).in_(marks)
    )
    chain = going_on(col(Person.id).in_(who))
    wanted = select(Person).where(col(Person.id).in_(select(chain.c.record).where(chain.c.into.is_(None))))
    return list(db.exec(wanted.order_by(col(Person.created_at), col(Person.id))))
