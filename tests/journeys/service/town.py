"""A service in fast time: who works in it, who comes to it, a clock that is moved by hand, and what was sent so far."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask import Flask
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.clock import in_zone
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.catalogue.wording import Question, wording
from backtolife.people.models import Person, Service
from backtolife.people.roles import acting_as
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders.services import remind
from tests.support.outcomes.sheets import Patient
from tests.support.people.hands import Hands
from tests.support.reporting.attending import attend

LONDON = ZoneInfo("Europe/London")


@dataclass
class Town:
    """Everything of one service. `told` is what has been looked at already."""

    app: Flask
    settings: Settings
    new_hands: Callable[[], Hands]
    now: datetime
    hands: dict[str, Hands] = field(default_factory=dict)
    signed_in: dict[str, date] = field(default_factory=dict)
    """On which day each signed in last: staff are asked again the next day."""
    told: set[str] = field(default_factory=set)

    @contextmanager
    def database(self) -> Iterator[Session]:
        with session_scope(self.app.extensions["backtolife.engine"]) as db:
            yield db

    def at(self, day: str, clock: str = "10:00") -> None:
        """It is this day and this time in London, and the scheduler has just looked."""
        then = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=LONDON)
        assert then >= self.now, f"{day} {clock} is over"
        self.now = then.astimezone(self.now.tzinfo)
        remind(self.app.extensions["backtolife.engine"], self.settings, self.now)

    def person(self, name: str) -> Person:
        with self.database() as db:
            return db.exec(select(Person).where(Person.shown_name == name)).one()

    def as_(self, name: str) -> Hands:
        """The hands of somebody, who signs in when they are first needed on a day."""
        hands = self.hands.get(name) or self.hands.setdefault(name, self.new_hands())
        if self.signed_in.get(name) != self.now.date():
            self.signed_in[name] = self.now.date()
            person = self.person(name)
            with self.database() as db:
                token = signin.begin(db, person=person, now=self.now)
            hands.sign_in(token)
        return hands

    def group(self, name: str) -> Cohort:
        with self.database() as db:
            return db.exec(select(Cohort).where(Cohort.name == name)).one()

    def place(self, name: str, group: str = "Evenings") -> Enrolment:
        """The newest place of somebody in a group."""
        with self.database() as db:
            wanted = select(Enrolment).join(Person).where(Person.shown_name == name)
            places = db.exec(wanted.join(Cohort).where(Cohort.name == group)).all()
            return max(places, key=lambda each: each.enrolled_at)

    def sent(self) -> dict[str, list[str]]:
        """Who was told what since the last look: names by template."""
        found: dict[str, list[str]] = {}
        ours = self.service().id
        with self.database() as db:
            people = {each.id: each.shown_name for each in db.exec(select(Person))}
            for each in db.exec(select(OutgoingMessage).where(OutgoingMessage.service_id == ours)):
                if each.id not in self.told:
                    self.told.add(each.id)
                    who = people.get(each.person_id or "", each.address)
                    found.setdefault(each.key.split(":")[0], []).append(who)
        return {template: sorted(names) for template, names in found.items()}

    def told_by(self, name: str, channel: Channel) -> set[str]:
        """The templates that somebody was sent, or is being sent, in this way."""
        person = self.person(name)
        with self.database() as db:
            rows = db.exec(select(OutgoingMessage).where(OutgoingMessage.person_id == person.id))
            return {each.key.split(":")[0] for each in rows if each.channel is channel}

    def starts(self, group: str = "Evenings") -> list[str]:
        """When the group meets, as the wall clock in London shows it."""
        cohort = self.group(group)
        with self.database() as db:
            found = dates_of(db, cohort.id)
            return [f"{in_zone(each.starts_at, 'Europe/London'):%a %d %b %H:%M}" for each in found]

    def hold(self, number: int, names: Iterable[str], group: str = "Evenings") -> None:
        """The group meets, and these come to it for long enough."""
        cohort, ids = self.group(group), [self.place(name, group).id for name in names]
        with self.database() as db:
            places = [db.get_one(Enrolment, each) for each in ids]
            attend(db, cohort, number, places, dates_of(db, cohort.id)[number - 1].starts_at)

    def fill_in(self, name: str, milestone: str) -> None:
        """Somebody answers every question of a milestone that needs an answer, with the least of each."""
        place = self.place(name)
        with self.database() as db:
            enrolment = db.get_one(Enrolment, place.id)
            person = db.get_one(Person, enrolment.person_id)
            patient = Patient(db, enrolment, acting_as(db, person), self.now)
            due = next(each for each in due_for(db, enrolment=enrolment, now=self.now) if each.ask.id == milestone)
            for instrument in due.left:
                sheet = patient.open(instrument, milestone)
                least = {each.id: least_of(each) for each in wording(instrument).questions}
                patient.say_all(sheet, {key: value for key, value in least.items() if value is not None})
                patient.send(sheet)

    def audited(self) -> set[str]:
        with self.database() as db:
            return set(db.exec(select(AuditEntry.action)))

    def service(self) -> Service:
        with self.database() as db:
            return db.exec(select(Service).where(Service.name == "Midtown Community Health")).one()


def least_of(question: Question) -> object:
    """The first answer that can be given; None where words are asked for."""
    if question.options:
        return question.options[0].value
    return question.minimum if question.kind in ("scale", "number") else None
