"""Whether what somebody showed is enough for a service: none is entered with less than it asks for."""

from collections.abc import Iterable

from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.people.second_step.services import ways_of


def is_enough(db: Db, accounts: Iterable[Person], *, second: str, required: bool) -> bool:
    """Whether a sign-in opens these accounts in which `second` was shown besides the password ("" for nothing).

    `required`: all staff of the installation need a second step. Who has set one up for an account needs it there.
    """
    return bool(second) or not (required or any(ways_of(db, each.id).some for each in accounts))
