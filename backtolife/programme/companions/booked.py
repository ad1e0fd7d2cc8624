"""Who is booked beside the patient of a place. The booking goes with the place; another course is another place."""

from collections.abc import Collection

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import MAY_JOIN


def place_of(db: Db, person: Person) -> Enrolment | None:
    """The place for which somebody is booked; None for one whose place is not known, of long ago."""
    return db.get(Enrolment, person.beside_place_id) if person.beside_place_id else None


def companions_of(db: Db, place_id: str) -> list[Person]:
    """Who is booked for the whole course beside the patient of this place, in order of booking."""
    wanted = select(Person).where(Person.beside_place_id == place_id, col(Person.active).is_(True))
    return list(db.exec(wanted.order_by(col(Person.created_at), col(Person.id))))


def companions_of_each(db: Db, place_ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The names of those booked beside the patients of these places. One statement."""
    found: dict[str, tuple[str, ...]] = {}
    wanted = select(Person).where(col(Person.beside_place_id).in_(place_ids), col(Person.active).is_(True))
    for each in db.exec(wanted.order_by(col(Person.created_at), col(Person.id))):
        place_id = each.beside_place_id or ""
        found[place_id] = (*found.get(place_id, ()), isolated(each.full_name))
    return found


def companions_in(db: Db, cohort_id: str) -> list[Person]:
    """Who comes to the sessions of a group beside one of its patients. One statement."""
    wanted = (
        select(Person)
        .join(Enrolment, col(Enrolment.id) == col(Person.beside_place_id))
        .where(Enrolment.cohort_id == cohort_id, col(Enrolment.state).in_(MAY_JOIN), col(Person.active).is_(True))
    )
    return list(db.exec(wanted.order_by(col(Person.created_at), col(Person.id))))
