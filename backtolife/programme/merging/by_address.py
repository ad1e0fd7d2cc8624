"""Which records somebody means by two e-mail addresses that they typed: a couple may share one."""

from itertools import combinations, product

from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.people.services import with_address


def two_by_address(db: Db, *, actor: Actor, first: str, second: str) -> list[tuple[Person, Person]]:
    """Every two patients of the actor's service who can be meant: several, where an address is shared.

    The same address twice means two who share it. Raises Invalid, naming the field, where no two are found.
    """
    found = [patients_with(db, actor.service_id, email) for email in (first, second)]
    for field, people in zip(("first", "second"), found, strict=True):
        if not people:
            raise Invalid("No patient of your service has this address.", field)
    if first == second:
        pairs = list(combinations(found[0], 2))
    else:
        pairs = [(one, other) for one, other in product(*found) if one.id != other.id]
    if not pairs:
        raise Invalid("This is the same record. Enter the address of the other one.", "second")
    return pairs


def patients_with(db: Db, service_id: str, email: str) -> list[Person]:
    """Whose address it is; of merged records only where nobody else has it."""
    patients = [each for each in with_address(db, service_id=service_id, email=email) if each.is_patient]
    return [each for each in patients if each.merged_into_id is None] or patients
