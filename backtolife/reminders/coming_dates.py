"""The dates that go with a letter, as a file for a calendar: most of a group get the same, so it is made once."""

from dataclasses import dataclass, field
from datetime import datetime

from backtolife.config import Settings
from backtolife.database.session import Db
from backtolife.people.models import Person, Service
from backtolife.programme.calendars.invitations import Sender, invitation, same_for_all
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.services import to_come
from backtolife.sessions.room.services import addresses_of


@dataclass
class ComingDates:
    """The sessions of a group that are still to come, with where each is joined."""

    cohort: Cohort
    service: Service
    dates: list[SessionDate]
    links: dict[str, str]
    sender: Sender
    now: datetime
    made: dict[str, str] = field(default_factory=dict)

    def file_for(self, person: Person) -> str:
        """The file for this person's calendar; empty after the last session."""
        whose = "" if same_for_all(person, self.dates) else person.id
        if whose not in self.made:
            self.made[whose] = invitation(
                self.dates,
                cohort=self.cohort,
                service=self.service,
                person=person,
                links=self.links,
                sender=self.sender,
                now=self.now,
            )
        return self.made[whose]


def coming_dates(db: Db, cohort: Cohort, settings: Settings, now: datetime) -> ComingDates:
    dates = to_come(db, cohort.id, now)
    return ComingDates(
        cohort,
        db.get_one(Service, cohort.service_id),
        dates,
        addresses_of(db, dates, settings),
        Sender(settings.public_url, settings.mail_from),
        now,
    )
