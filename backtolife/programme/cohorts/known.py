"""Whether an address typed to add a patient is somebody's of this service already, and where that person is now."""

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import Person
from backtolife.programme.cohorts import enrolment, rules
from backtolife.programme.cohorts.models import Cohort, Enrolment


def known_person(db: Db, *, email: str, actor: Actor) -> Person | None:
    """Whose address it is in the actor's service. Raises NotPermitted for somebody whom the actor may not take in."""
    found = db.exec(select(Person).where(Person.service_id == actor.service_id, Person.email == email)).first()
    if found is not None:
        authorise(actor, "cohort.enrol", actor)
        enrolment.refuse_stranger(db, patient=found, actor=actor)
    return found


def to_confirm(person: Person, cohort: Cohort, groups: list[Cohort]) -> bool:
    """Whether somebody should first see whose address it is. Who cannot be added is told why instead."""
    return person.is_patient and cohort.id not in {each.id for each in groups}


def groups_of(db: Db, *, person: Person, actor: Actor) -> list[Cohort]:
    """The groups in which the person has a place, as far as the actor may look at them."""
    wanted = select(Cohort).join(Enrolment, col(Enrolment.cohort_id) == col(Cohort.id))
    holding = wanted.where(Enrolment.person_id == person.id, col(Enrolment.state).in_(rules.HOLDS_A_PLACE))
    return [each for each in db.exec(holding.order_by(col(Cohort.first_day))) if may(actor, "cohort.read", each)]
