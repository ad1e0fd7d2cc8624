"""Who can work: the one rule for everywhere that staff are chosen to do, to cover or to be told something.

Being invited is not enough. Somebody who has never opened their invitation has no password, reads no task and comes to
no group; a patient must not be promised a call from them.
"""

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from backtolife.people.models import Person


def can_work(person: Person) -> bool:
    """Whether this member of staff can sign in: their account is open, and they have chosen a password."""
    return person.is_staff and person.active and bool(person.password_hash)


def who_can_work() -> ColumnElement[bool]:
    """The same as a condition on the rows of people; the role is for the caller to ask for."""
    return and_(col(Person.active).is_(True), col(Person.password_hash) != "")
