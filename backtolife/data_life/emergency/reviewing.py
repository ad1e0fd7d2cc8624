"""Afterwards a second person says whether it was right that a record was opened."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from backtolife.data_life.emergency.models import EmergencyLook
from backtolife.data_life.emergency.opening import REVIEW_WITHIN, note
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import Person

LONGEST_WORDS = 400
A_PAGE = 50
OWN = "You opened this record yourself. Somebody else has to say whether it was right."
DONE = "Somebody has said already whether this was right. Nothing was changed."
NO_WORDS = "Say why, in at most 400 characters. They read it if you show it to them."
NO_LOOK = "We could not find that. It may belong to another service."


@dataclass(frozen=True)
class Told:
    """One record that was opened, with the people in it."""

    look: EmergencyLook
    patient: Person
    by: Person
    own: bool

    def late(self, now: datetime) -> bool:
        return self.look.reviewed_at is None and self.look.opened_at + REVIEW_WITHIN < now


def looks_to_review(db: Db, *, actor: Actor) -> list[Told]:
    """Every record that was opened in an emergency: those nobody has reviewed first, then the newest."""
    authorise(actor, "emergency.review", actor)
    by = aliased(Person)
    wanted = (
        select(EmergencyLook, Person, by)
        .join(Person, col(Person.id) == col(EmergencyLook.person_id))
        .join(by, col(by.id) == col(EmergencyLook.by))
        .where(EmergencyLook.service_id == actor.service_id)
        .order_by(col(EmergencyLook.reviewed_at).is_not(None), col(EmergencyLook.opened_at).desc())
    )
    return [Told(look, patient, who, who.id == actor.id) for look, patient, who in db.exec(wanted.limit(A_PAGE))]


def how_many_to_review(db: Db, *, actor: Actor) -> int:
    """How many wait for this person. One statement, and none for who does not review."""
    if not may(actor, "emergency.review", actor):
        return 0
    wanted = select(func.count()).select_from(EmergencyLook)
    waits = col(EmergencyLook.reviewed_at).is_(None), col(EmergencyLook.by) != actor.id
    return db.exec(wanted.where(EmergencyLook.service_id == actor.service_id, *waits)).one()


def review(db: Db, *, actor: Actor, look_id: str, was_right: bool, words: str, now: datetime) -> None:
    """Say whether it was right. Raises Invalid without words, Conflict for one's own and where it was said already."""
    one_at_a_time(db, f"emergency-review:{actor.service_id}")
    look = db.get(EmergencyLook, look_id, populate_existing=True)
    if look is None:
        raise NotFound(NO_LOOK)
    authorise(actor, "emergency.review", look)
    if look.by == actor.id:
        raise Conflict(OWN)
    if look.reviewed_at is not None:
        raise Conflict(DONE)
    words = " ".join(words.split())
    if not words or len(words) > LONGEST_WORDS:
        raise Invalid(NO_WORDS, "words")
    look.reviewed_at, look.reviewed_by, look.was_right, look.words = now, actor.id, was_right, words
    if look.ends_at > now and not was_right:
        look.ends_at = now
    note(db, "emergency_reviewed", look, actor, now, was_right=was_right, by=look.by)
