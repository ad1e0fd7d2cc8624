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
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.catalogue.wording import Question, wording
from backtolife.people.models import Person, Service
from backtolife.people.roles import acting_as
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.services import dates_of
from backtolife.reminders.services import remind
from backtolife.reporting.dataset.loading import load
from backtolife.reporting.figures.measures import leading
from backtolife.reporting.figures.walks import walks
from tests.journeys.service.post import Letter, Post, Told
from tests.support.outcomes.sheets import Patient
from tests.support.people.hands import Hands
from tests.support.reporting.attending import attend

LONDON = ZoneInfo("Europe/London")


@dataclass
class Town:
    """Everything of one service. `seen` is what was looked at in the audit log."""

    app: Flask
    settings: Settings
    post: Post
    new_hands: Callable[[], Hands]
    now: datetime
    hands: dict[str, Hands] = field(default_factory=dict)
    signed_in: dict[str, date] = field(default_factory=dict)
    """On which day each signed in last: staff are asked again the next day."""
    seen: set[str] = field(default_factory=set)
    welcomed: dict[str, Letter] = field(default_factory=dict)
    """The welcome of each, with the dates as they were then."""

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

    def sent(self) -> Told:
        """Everything due is sent, and this is what arrived since the last look, to each by the way they chose."""
        ours = self.service().id
        self.post.deliver(self.now)
        with self.database() as db:
            told = self.post.arrived(db, ours)
            ways = {each.shown_name: each.channel for each in db.exec(select(Person).where(Person.service_id == ours))}
        for each in told.letters:
            assert each.by is ways[each.name], each
            if each.template == "welcome":
                self.welcomed[each.name] = each
        return told

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

    def traced(self, action: str) -> set[tuple[str, str]]:
        """Who did this to whom or what since the last look at it, by the audit log."""
        ours = self.service().id
        with self.database() as db:
            wanted = select(AuditEntry).where(AuditEntry.service_id == ours, AuditEntry.action == action)
            new = [each for each in db.exec(wanted) if each.id not in self.seen]
            self.seen |= {each.id for each in new}
            called = names_of(db)
            return {
                (called.get(each.actor_id, each.actor_id), called.get(subject_of(each), each.subject_type))
                for each in new
            }

    def steps(self) -> tuple[int, ...]:
        """How many took each step of the funnel by now, from the figures' own source: groups that still run too."""
        service = self.service()
        with self.database() as db:
            data = load(db, service_id=service.id, now=self.now)
        flags = [way.flags for way in walks(data.members, leading(data, data.members))]
        return tuple(sum(each) for each in zip(*flags, strict=True))

    def service(self) -> Service:
        with self.database() as db:
            return db.exec(select(Service).where(Service.name == "Midtown Community Health")).one()


def least_of(question: Question) -> object:
    """The first answer that can be given; None where words are asked for."""
    if question.options:
        return question.options[0].value
    return question.minimum if question.kind in ("scale", "number") else None


def subject_of(entry: AuditEntry) -> str:
    """Whom or what it is about: of what has no name, the person that it names beside."""
    return str(entry.detail.get("person_id") or entry.detail.get("enrolment_id") or entry.subject_id)


def names_of(db: Session) -> dict[str, str]:
    """What to call a person, a place and a session in a story, by their ids."""
    people = {each.id: each.shown_name for each in db.exec(select(Person))}
    groups = {each.id: each.name for each in db.exec(select(Cohort))}
    places = {each.id: people[each.person_id] for each in db.exec(select(Enrolment))}
    dates = {each.id: f"{groups[each.cohort_id]} {each.number}" for each in db.exec(select(SessionDate))}
    return {**people, **groups, **places, **dates}
