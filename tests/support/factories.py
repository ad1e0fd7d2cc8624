"""Made-up people, cohorts and enrolments. Each maker adds a noise row of another service or cohort beside its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import count

from sqlmodel import Session, select

from backtolife.people import services as people
from backtolife.people.access import Actor, System
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import roles_of
from backtolife.programme.cohorts import enrolment, services
from backtolife.programme.cohorts.covering import covers_of
from backtolife.programme.cohorts.models import Cohort, Enrolment, StaffPlace
from backtolife.programme.cohorts.services import CohortPlan, cohorts_of
from backtolife.programme.consent import texts
from backtolife.programme.consent.answering import answer
from backtolife.programme.consent.rules import ConsentKind
from backtolife.programme.places.leaving import withdraw
from backtolife.programme.places.rules import DecidedBy, Leaving, Reason

FITS_NONE = "!"
FIRST_DAY = date(2026, 3, 10)
TEN = time(10)


@dataclass
class Factory:
    db: Session
    now: datetime
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def service(self, name: str = "") -> Service:
        number = next(self.numbers)
        return people.open_service(
            self.db,
            name=name or f"Service {number}",
            short_name=f"Service {number}",
            phone="01632 960000",
            zone="Europe/London",
            now=self.now,
        )

    def person(
        self, service: Service, role: Role = Role.PATIENT, name: str = "", *, also: Sequence[Role] = ()
    ) -> Person:
        """Somebody; of staff, one who has chosen a password, though nobody knows it, perhaps with more roles."""
        person = self.invited(service, role, name, also=also)
        person.password_hash = FITS_NONE if person.is_staff else ""
        return person

    def invited(
        self, service: Service, role: Role = Role.PATIENT, name: str = "", *, also: Sequence[Role] = ()
    ) -> Person:
        """Somebody who was added and has done nothing since."""
        number = next(self.numbers)
        shown = name or f"Person {number}"
        return people.add_person(
            self.db,
            actor=System("factory", service.id),
            roles={role, *also},
            email=f"person{number}@example.org",
            full_name=f"{shown} Example",
            shown_name=shown,
            phone=f"01632 96{number:04}",
            now=self.now,
        )

    def actor(self, person: Person) -> Actor:
        """The person as one who acts, with their cohorts as they are now."""
        groups, covers = cohorts_of(self.db, person), covers_of(self.db, person)
        return Actor(person.id, person.service_id, roles_of(self.db, person), groups, covers=covers)

    def cohort(
        self,
        service: Service,
        name: str = "",
        capacity: int = 12,
        first_day: date = FIRST_DAY,
        wall_time: time = time(10),
        *,
        zone: str = "Europe/London",
    ) -> Cohort:
        lead = self.person(service, Role.SERVICE_LEAD)
        plan = CohortPlan(
            name=name or f"Group {next(self.numbers)}",
            schedule="weekly",
            first_day=first_day,
            weekdays=(first_day.weekday(),),
            wall_time=wall_time,
            zone=zone,
            capacity=capacity,
        )
        return services.create_cohort(self.db, actor=self.actor(lead), plan=plan, now=self.now)

    def facilitator(self, cohort: Cohort, place: StaffPlace = StaffPlace.LEAD, name: str = "") -> Person:
        service = self.db.get_one(Service, cohort.service_id)
        lead = self.person(service, Role.SERVICE_LEAD)
        person = self.person(service, Role.FACILITATOR, name)
        services.staff_cohort(self.db, actor=self.actor(lead), cohort=cohort, person=person, place=place, now=self.now)
        return person

    def enrolment(self, cohort: Cohort, name: str = "", *, agreed: bool = True) -> Enrolment:
        """A patient with a place in `cohort`, who has agreed to whatever their service asks."""
        service = self.db.get_one(Service, cohort.service_id)
        admin = self.person(service, Role.ADMINISTRATOR)
        patient = self.person(service, Role.PATIENT, name)
        if agreed:
            self.agrees(patient)
        return enrolment.enrol(self.db, patient=patient, cohort=cohort, actor=self.actor(admin), now=self.now)

    def asks(self, service: Service, *kinds: ConsentKind, again: bool = True, now: datetime | None = None) -> None:
        """The service publishes the words that come with the programme, of all kinds where none is named."""
        actor = self.actor(self.person(service, Role.CLINICAL_LEAD))
        for kind in kinds or tuple(ConsentKind):
            asked = texts.texts_of(self.db, service.id).get(kind)
            texts.publish(
                self.db,
                kind=kind,
                words=texts.shipped_words(kind),
                asks_again=again,
                seen=asked.newest.version if asked else 0,
                actor=actor,
                now=now or self.now,
            )

    def agrees(
        self, patient: Person, *, agreed: bool = True, kinds: Sequence[ConsentKind] = tuple(ConsentKind)
    ) -> None:
        """The patient says yes (or no) to everything of these kinds that is in force."""
        for kind, asked in texts.texts_of(self.db, patient.service_id).items():
            if kind in kinds:
                answer(
                    self.db,
                    person=patient,
                    kind=kind,
                    text=asked.newest,
                    agreed=agreed,
                    actor=self.actor(patient),
                    now=self.now,
                )

    def withdrawn(self, place: Enrolment, *, agreed_later: bool = False) -> Enrolment:
        """The place, after its person left."""
        lead = self.person(self.db.get_one(Service, place.service_id), Role.CLINICAL_LEAD)
        leaving = Leaving(DecidedBy.PATIENT, Reason.MOVED_AWAY, agreed_later=agreed_later)
        withdraw(self.db, enrolment=place, leaving=leaving, actor=self.actor(lead), now=self.now)
        return place

    def enrolment_of(self, patient: Person, cohort: Cohort) -> Enrolment:
        """The place that a patient has in `cohort`."""
        place = select(Enrolment).where(Enrolment.person_id == patient.id, Enrolment.cohort_id == cohort.id)
        return self.db.exec(place).one()

    def noise(self) -> Cohort:
        """Another service with a cohort, staff and patients of its own, which nothing here may ever reach."""
        cohort = self.cohort(self.service())
        self.facilitator(cohort)
        self.enrolment(cohort)
        return cohort
