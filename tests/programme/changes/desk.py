"""Where somebody of staff changes a group's dates: the group, who is in it, and what a page would do."""

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Session, select

from backtolife.config import Settings
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.schedule import would_close
from backtolife.outcomes.safety import on_call
from backtolife.people.access import Actor
from backtolife.people.models import Role, Service
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.changes import moving, news
from backtolife.programme.changes.models import ChangeKind, DatesChange
from backtolife.programme.changes.moving import Proposal
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.models import Cohort, StaffPlace
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.places import offer_news
from backtolife.sessions.guests.booked_again import book_again
from backtolife.sessions.guests.moved import tell_guests
from backtolife.sessions.joining import running_late
from backtolife.sessions.records.came import came_to
from backtolife.sessions.room import services as rooms
from tests.support.factories import Factory

SENDER = Sender("http://localhost", "no-reply@example.org")
WEDNESDAY = Wish(ChangeKind.MOVED, 2, date(2026, 3, 18), time(10))


@dataclass
class Desk:
    """Where somebody of staff changes the dates of a weekly group from Tuesday 10 March 2026, 10am."""

    db: Session
    cohort: Cohort
    lead: Actor
    around: Surroundings
    now: datetime

    def ask(self, wish: Wish, *, by: Actor | None = None, now: datetime | None = None) -> Proposal:
        return moving.propose(
            self.db, cohort=self.cohort, wish=wish, actor=by or self.lead, around=self.around, now=now or self.now
        )

    def keep(self, wish: Wish, agreed: str, now: datetime | None = None) -> DatesChange | None:
        now = now or self.now
        return moving.change_dates(
            self.db, cohort=self.cohort, wish=wish, agreed=agreed, actor=self.lead, around=self.around, now=now
        )

    def tell(self, change: DatesChange, now: datetime | None = None) -> int:
        now = now or self.now
        return news.tell_everybody(
            self.db, cohort=self.cohort, change=change, around=self.around, sender=SENDER, now=now
        )

    def change(self, wish: Wish, now: datetime | None = None) -> DatesChange:
        """Ask, say yes, and tell everybody, as the page does."""
        kept = self.keep(wish, self.ask(wish, now=now).agreed, now)
        assert kept is not None
        self.tell(kept, now)
        return kept

    def starts(self, number: int) -> datetime:
        return dates_of(self.db, self.cohort.id)[number - 1].starts_at

    def member(self, make: Factory, role: Role) -> Actor:
        return make.actor(make.person(self.db.get_one(Service, self.cohort.service_id), role))

    def mails(self, template: str) -> list[OutgoingMessage]:
        return [each for each in self.db.exec(select(OutgoingMessage)) if each.key.startswith(f"{template}:")]


def desk_of(make: Factory, db: Session, settings: Settings, now: datetime, cohort: Cohort | None = None) -> Desk:
    """The group, or this one, has two patients, a lead and a spotter; beside it stands noise."""
    cohort = cohort or make.cohort(make.service(), "Mornings")
    service = db.get_one(Service, cohort.service_id)
    make.facilitator(cohort, name="Jo")
    make.facilitator(cohort, StaffPlace.SPOTTER, name="Sam")
    for name in ("Ann", "Ben"):
        make.enrolment(cohort, name)
    rooms.schedule(db, cohort=cohort)
    make.noise()
    around = Surroundings(
        days_off=on_call.days_off,
        away=on_call.away_among,
        held=rooms.held_in,
        addresses=lambda db, dates: rooms.addresses_of(db, dates, settings),
        came=came_to,
        waiting=rooms.waiting_in,
        closing=would_close,
        moved=running_late.ask_anew,
        offered=offer_news.who_is_asked,
        tell_offered=offer_news.tell_offered,
        book_again=book_again,
        tell_guests=tell_guests,
    )
    return Desk(db, cohort, make.actor(make.person(service, Role.SERVICE_LEAD)), around, now)
