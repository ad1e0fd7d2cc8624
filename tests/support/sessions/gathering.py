"""A group session with people in it, for the tests of the live room."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort, SessionDate, StaffPlace
from backtolife.sessions.room import seats, services
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, Seat
from backtolife.sessions.state.document import Change, Given
from backtolife.sessions.state.rules import Camera
from tests.support.factories import Factory


@dataclass
class Gathering:
    """A session of a cohort that starts in five minutes, with its lead, spotter and patients."""

    db: Session
    make: Factory
    cohort: Cohort
    group_session: GroupSession
    lead: Person
    spotter: Person
    patients: list[Person]

    def sit(self, person: Person, *, now: datetime, news: str = "", camera: Camera = Camera.EVERYONE) -> Seat:
        """The person takes a seat: patients in the waiting room, facilitators in the room."""
        ready = seats.Ready(
            camera,
            place="At home: 3 Elm Road",
            phone="01632 960100",
            emergency_name="Brian",
            emergency_phone="01632 960855",
            space_ready=("chair",),
            news=news,
        )
        actor = self.make.actor(person)
        held = room.load(self.db, self.group_session.id)
        seats.take_seat(self.db, group_session=held, person=person, ready=ready, actor=actor, now=now)
        found = seats.seat_of(self.db, group_session_id=held.id, person_id=person.id)
        assert found is not None
        return found

    def apply(self, change: Change[Given], now: datetime, /, *args: Given.args, **given: Given.kwargs) -> room.Change:
        return room.apply(self.db, room.load(self.db, self.group_session.id), change, now, *args, **given)


def gather(db: Session, now: datetime, patients: tuple[str, ...] = ("Linda", "Joseph"), number: int = 1) -> Gathering:
    """Make it all, beside another service's group that nothing may ever reach. `number`: which session it is."""
    make = Factory(db, now)
    make.noise()
    cohort = make.cohort(make.service())
    cohort.capacity = max(cohort.capacity, len(patients))
    date = db.exec(select(SessionDate).where(SessionDate.cohort_id == cohort.id, SessionDate.number == number)).one()
    date.starts_at, date.ends_at = now + timedelta(minutes=5), now + timedelta(minutes=95)
    lead = make.facilitator(cohort, StaffPlace.LEAD, "Priya")
    spotter = make.facilitator(cohort, StaffPlace.SPOTTER, "Tom")
    people = [db.get_one(Person, make.enrolment(cohort, name).person_id) for name in patients]
    for person in people:
        person.address = "3 Elm Road"
    group_session = services.for_date(db, date)
    return Gathering(db, make, cohort, group_session, lead, spotter, people)
