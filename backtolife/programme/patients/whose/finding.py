"""Whose record a page of one patient is about: who has a place is found by it, who has none by themselves."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.errors import NotFound
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import Kind, Person
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Enrolment


@dataclass(frozen=True)
class Unplaced:
    """A patient who has no place, such as one who waits for the first. No group is theirs, so only who reaches the
    whole service reaches them.
    """

    person_id: str
    service_id: str

    @property
    def id(self) -> str:
        """What the audit log names when somebody else asks for them."""
        return self.person_id


Whose = Enrolment | Unplaced


def find_whose(db: Db, *, actor: Actor, action: str, enrolment_id: str = "", person_id: str = "") -> Whose:
    """The place of this id; or by the person, their newest place that the actor may do `action` with, or, where they
    have none, themselves. Raises NotFound for somebody out of reach.
    """
    if enrolment_id:
        return find_enrolment(db, actor=actor, enrolment_id=enrolment_id, action=action)
    person = db.get(Person, person_id)
    if person is None or person.kind is not Kind.PATIENT or person.merged_into_id is not None:
        raise NotFound("We could not find that person. Look at the list of patients again.")
    theirs = select(Enrolment).where(Enrolment.person_id == person.id)
    newest_first = db.exec(theirs.order_by(col(Enrolment.enrolled_at).desc(), col(Enrolment.id)))
    place = next((each for each in newest_first if may(actor, action, each)), None)
    found = place or Unplaced(person.id, person.service_id)
    authorise(actor, action, found)
    return found


def address_of(whose: Whose) -> dict[str, Any]:
    """What the addresses of their pages name."""
    return {"enrolment_id": whose.id} if isinstance(whose, Enrolment) else {"person_id": whose.person_id}
