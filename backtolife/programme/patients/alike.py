"""Who may be one person recorded twice: by name and date of birth."""

from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from backtolife.database.closed import marks_of
from backtolife.database.session import Db
from backtolife.people.models import BORN, Kind, Person


def folded(name: str) -> str:
    """The name as it is compared: without regard to capitals, spaces and hyphens."""
    return "".join(name.replace("-", " ").casefold().split())


def born_on(born: date, service_id: str) -> ColumnElement[bool]:
    """The condition on rows of people that they were born on this day, found by its mark: the day is encrypted."""
    return col(Person.born_mark).in_(marks_of(born, BORN, service_id))


def same_name(db: Db, *, service_id: str, full_name: str, born: date) -> list[Person]:
    """The patients of the service with this name and date of birth, the one known longest first."""
    wanted = select(Person).where(
        Person.service_id == service_id,
        Person.kind == Kind.PATIENT,
        born_on(born, service_id),
        col(Person.merged_into_id).is_(None),
    )
    wanted = wanted.order_by(col(Person.created_at), col(Person.id))
    return [each for each in db.exec(wanted) if folded(each.full_name) == folded(full_name)]
