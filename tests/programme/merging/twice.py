"""Somebody who is recorded twice, for the tests of this room."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from backtolife.database.sealing import Sealing
from backtolife.people.access import Actor
from backtolife.people.models import Person, Service
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.merging import services as merging
from backtolife.programme.merging.models import RecordPair
from tests.support.factories import Factory

SEALING = Sealing("a key for trying it out")
BORN = date(1961, 3, 31)


@dataclass
class Twice:
    """Linda, recorded twice: in a group that runs, and long ago in one that she left."""

    db: Session
    make: Factory
    service: Service
    lead: Actor
    kept: Person
    other: Person
    now_in: Enrolment
    long_ago: Enrolment
    now: datetime

    def merge(self, kept: Person | None = None, other: Person | None = None) -> RecordPair:
        kept_id, other_id = (kept or self.kept).id, (other or self.other).id
        return merging.merge(self.db, kept_id=kept_id, other_id=other_id, actor=self.lead, now=self.now)

    def undo(self, pair: RecordPair) -> None:
        merging.undo(self.db, pair_id=pair.id, actor=self.lead, now=self.now)

    def places(self, person: Person) -> set[str]:
        return set(self.db.exec(select(Enrolment.id).where(Enrolment.person_id == person.id)))
