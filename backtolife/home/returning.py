"""What staff who knew somebody are told of an ending that was taken back: they are there again."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.access import Actor, may
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import IN_THE_GROUP
from backtolife.programme.places.dying import TOLD_FOR
from backtolife.programme.places.models import EndKind, PlaceEnding


@dataclass(frozen=True)
class Return:
    """Somebody whose death or leaving was taken back. `in_group`: they have their place again."""

    enrolment_id: str
    person: Person
    cohort: Cohort
    at: datetime
    died: bool
    in_group: bool


def returns_near(db: Db, *, actor: Actor, now: datetime) -> list[Return]:
    """Whose ending was taken back these weeks, of those whose record the actor may read, the newest first, each once.

    What the actor took back themselves is no news to them. One statement.
    """
    if not may(actor, "patient.read", actor) or not may(actor, "place.read", actor):
        return []
    wanted = (
        select(PlaceEnding, Enrolment, Person, Cohort)
        .join(Enrolment, col(Enrolment.id) == col(PlaceEnding.enrolment_id))
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
        .where(
            PlaceEnding.service_id == actor.service_id,
            # As long as a death is told: whoever read the one must read the other.
            col(PlaceEnding.taken_back_at) > now - TOLD_FOR,
            PlaceEnding.taken_back_by != actor.id,
            col(Person.died_at).is_(None),
        )
    )
    found: dict[str, Return] = {}
    for ending, place, person, cohort in db.exec(wanted.order_by(col(PlaceEnding.taken_back_at).desc())):
        if place.id in found or ending.taken_back_at is None or not may(actor, "place.read", place):
            continue
        there, died = place.state in IN_THE_GROUP, ending.kind is EndKind.DIED
        if there or died:
            found[place.id] = Return(place.id, person, cohort, ending.taken_back_at, died, there)
    return list(found.values())
