"""Somebody is taken off the waiting list without a place, and put back on it with the wait they had."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import HOLDS_A_PLACE
from backtolife.programme.places.letters.waiting import NO_CONTACT
from backtolife.programme.places.models import Waiting
from backtolife.programme.places.queue.listed import hold_list
from backtolife.programme.places.queue.waiting import Waits, has_died, refuse_left, wait_of

STOPPED: dict[str, str] = {
    "no_longer_wants": "They no longer want a place",
    "elsewhere": "They are treated elsewhere",
    NO_CONTACT: "We could not reach them",
    "mistake": "They were put here by mistake",
}
SHOWN_FOR = timedelta(days=90)
"""How long the page of the list shows whoever was taken off it, to be put back."""


@dataclass(frozen=True)
class Stopped:
    """Somebody who was taken off the list, and why."""

    row: Waiting
    person: Person

    @property
    def because(self) -> str:
        return STOPPED[self.row.left_because]


def stop_waiting(db: Db, *, waits: Waits, because: str, actor: Actor, now: datetime) -> None:
    """Take somebody off the list. Raises Invalid without a reason of `STOPPED`, Conflict where they are off it."""
    authorise(actor, "waiting.change", waits.row)
    if because not in STOPPED:
        raise Invalid("Choose why they wait no more.", "because")
    hold_list(db, actor.service_id)
    refuse_left(db, waits)
    waits.row.left_at, waits.row.left_because = now, because
    trace(db, waits.row, "waiting_stopped", because=because, actor=actor, now=now)


def put_back(db: Db, *, waiting_id: str, actor: Actor, now: datetime) -> Person:
    """Put somebody back who was taken off the list: they wait since they did before, at the turn that this gives them.

    Raises Conflict for who waits already, has a place since, has died, or was not taken off.
    """
    row = db.get(Waiting, waiting_id)
    if row is None:
        raise NotFound("We could not find this person on the list.")
    authorise(actor, "waiting.change", row)
    hold_list(db, row.service_id)
    db.refresh(row)
    person = db.get_one(Person, row.person_id, populate_existing=True)
    name = isolated(person.full_name)
    if person.died_at is not None:
        raise has_died(person)
    if wait_of(db, person_id=person.id) is not None:
        raise Conflict(f"{name} is on the waiting list already. Nothing was changed.")
    if row.left_because not in STOPPED:
        raise Conflict(f"{name} was offered a place, and not taken off the list. Nothing was changed.")
    holds = select(Enrolment.id).where(
        Enrolment.person_id == person.id,
        col(Enrolment.state).in_(HOLDS_A_PLACE),
        col(Enrolment.enrolled_at) >= row.left_at,
    )
    if db.exec(holds).first() is not None:
        raise Conflict(f"{name} has a place or an offer since. Nothing was changed.")
    because, row.left_at, row.left_because = row.left_because, None, ""
    trace(db, row, "waiting_put_back", because=because, actor=actor, now=now)
    return person


def trace(db: Db, row: Waiting, action: str, *, because: str, actor: Actor, now: datetime) -> None:
    audit.record(db, actor=actor, action=action, subject_type="waiting", subject_id=row.id, now=now, because=because)


def stopped_lately(db: Db, *, actor: Actor, now: datetime) -> list[Stopped]:
    """Who was taken off the list these weeks and is not on it again, the newest first. One statement."""
    authorise(actor, "waiting.read", actor)
    again = select(Waiting.person_id).where(Waiting.service_id == actor.service_id, col(Waiting.left_at).is_(None))
    wanted = (
        select(Waiting, Person)
        .join(Person, col(Person.id) == col(Waiting.person_id))
        .where(
            Waiting.service_id == actor.service_id,
            col(Waiting.left_because).in_(STOPPED),
            col(Waiting.left_at) > now - SHOWN_FOR,
            col(Person.died_at).is_(None),
            col(Waiting.person_id).not_in(again),
        )
    )
    return [Stopped(*row) for row in db.exec(wanted.order_by(col(Waiting.left_at).desc()))]
