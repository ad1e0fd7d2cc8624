"""A group after its last session, with people who came to all, some or none of its sessions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, select

from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.access import Actor
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange
from backtolife.programme.cohorts.place_dates import place_dates
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.discharge import services
from backtolife.sessions.records.came import came_to
from tests.support.factories import Factory
from tests.support.reporting.attending import attend

SITE = "http://localhost"
CAME = {"Ann": range(1, 10), "Ben": range(1, 6), "Cas": range(0)}
"""Who came to which sessions."""


@dataclass
class Ended:
    """Ann came to all nine sessions, Ben to five, Cas to none. `now` is a day after the last one."""

    db: Session
    cohort: Cohort
    places: dict[str, Enrolment]
    lead: Actor
    now: datetime

    def came(self) -> dict[str, int]:
        return came_to(self.db, self.cohort, self.now)

    def discharge(self, *names: str, now: datetime | None = None) -> int:
        places = [self.places[name] for name in names]
        return services.discharge(
            self.db,
            cohort=self.cohort,
            places=places,
            came=self.came(),
            site=SITE,
            actor=self.lead,
            now=now or self.now,
        )

    def dates(self, name: str) -> dict[EnrolmentState, datetime]:
        self.db.flush()
        wanted = select(EnrolmentChange).where(EnrolmentChange.enrolment_id == self.places[name].id)
        return place_dates((each.state, each.at, each.reason) for each in self.db.exec(wanted))

    def mails(self) -> list[OutgoingMessage]:
        self.db.flush()
        return [each for each in self.db.exec(select(OutgoingMessage)) if each.key.startswith("programme-over:")]


def ended(db: Session, make: Factory) -> Ended:
    make.noise()
    cohort = make.cohort(make.service(), "Tuesdays")
    lead = make.actor(make.facilitator(cohort, name="Jo"))
    places = {name: make.enrolment(cohort, name) for name in CAME}
    dates = dates_of(db, cohort.id)
    for date in dates:
        people = [places[name] for name, numbers in CAME.items() if date.number in numbers]
        attend(db, cohort, date.number, people, date.starts_at)
    return Ended(db, cohort, places, lead, dates[-1].ends_at + timedelta(days=1))
