"""What goes out in the coming days, and to whom, as everything stands now: what the scheduler would send, ahead."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife.config import Settings
from backtolife.database.asked_together import ask_together
from backtolife.database.session import Db
from backtolife.mail import delivery
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.outcomes.forms.battery import choices_of
from backtolife.people.access import Actor
from backtolife.people.contact.routes import quiet_until
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.people.numbers import text_number
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.enrolment import asked_in_each
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.services import dates_of_each
from backtolife.programme.cohorts.telling import NOT_RUNG
from backtolife.programme.consent.asking import said_yes_before
from backtolife.programme.discharge.forgotten import forgotten_groups, left_to_rule, rule_due_at
from backtolife.programme.plan.titles import template_in, titled
from backtolife.reminders.due_message import DueMessage
from backtolife.reminders.letters.busy import not_welcomed, opened_again
from backtolife.reminders.letters.facts import Facts
from backtolife.reminders.letters.loading import facts_of
from backtolife.reminders.letters.planning import planned
from backtolife.reminders.letters.questions import SECOND
from backtolife.reminders.messages.listing import alive, reach_of
from backtolife.reminders.messages.turns import Turn, turn_of
from backtolife.reminders.missed import would_miss
from backtolife.reminders.rules import AT_ONCE, after_quiet
from backtolife.sessions.records.came import came_to_each
from backtolife.sessions.room.services import kept_for_each
from backtolife.text.dates_in_words import clock_time, short_day

AHEAD = timedelta(days=7)
NOT_ANSWERED = "Whoever has not answered by then."
NOT_THERE = "Whoever does not come."
UNLESS_DISCHARGED = "Whoever took part, unless you discharge them before."
QUIET = "Quiet hours put it off until then: it was due at {due}."
OWN_QUIET = "It waits for the end of their own quiet hours."


@dataclass(frozen=True)
class Coming:
    """One message that many get: when, what, which group, and who is in it."""

    at: datetime
    title: str
    cohort: Cohort | None
    """None for what is on its way already, and was about one person."""
    to: Sequence[Person]
    zone: str
    """Of the service: by its clock are the hours in which a person may be sent a text."""
    note: str = ""
    at_once: bool = False

    @property
    def people(self) -> list[str]:
        return [isolated(each.full_name) for each in self.to]

    @property
    def ways(self) -> list[str]:
        """Each name with how it goes, whether it waits until somebody has looked, or for the end of quiet hours."""
        return [f"{isolated(each.full_name)} ({self.way_of(each)})" for each in self.to]

    def way_of(self, person: Person) -> str:
        if person.channel is Channel.TELEPHONE:
            return "a call"
        by = "text" if person.channel is Channel.SMS and text_number(person.phone) else "e-mail"
        if person.others_read:
            return f"{by}, waits until somebody has looked"
        later = quiet_until(person, zone=self.zone, now=self.at) if by == "text" and not self.at_once else None
        if later is None:
            return by
        return f"{by}, after their quiet hours, {short_day(later, self.zone)} at {clock_time(later, self.zone)}"


@dataclass(frozen=True)
class ComingPage:
    """What is due in some of the groups, the soonest first; `groups` says in which."""

    rows: list[Coming]
    groups: Turn


def coming_messages(db: Db, *, actor: Actor, settings: Settings, now: datetime, page: int = 1) -> ComingPage:
    """What is due within a week in the groups that the actor may see, those that meet next on the first page; there
    stands too what is on its way already. As many statements for many groups as for one.
    """
    by, zone, site = now + AHEAD, db.get_one(Service, actor.service_id).zone, settings.public_url
    ask_together(
        db,
        lambda: forgotten_groups(db, service_ids=[actor.service_id], now=by),
        lambda: opened_again(db, now),
        lambda: not_welcomed(db, now),
        lambda: choices_of(db, actor.service_id),
        *((lambda: on_its_way(db, actor, zone, now, by),) if page == 1 else ()),
    )
    turn = turn_of(db, actor=actor, page=page, now=now, by=by)
    here, near = turn.near, [each.id for each in turn.near]
    ends = [each.id for each in turn.ends]
    both = list(dict.fromkeys([*near, *ends]))
    ask_together(
        db,
        lambda: dates_of_each(db, both),
        lambda: asked_in_each(db, near),
        lambda: said_yes_before(db, near),
        lambda: kept_for_each(db, turn.soon),
        *((lambda: by_name(db, ends), lambda: came_to_each(db, ends, now)) if ends else ()),
    )
    dates = dates_of_each(db, both)
    facts = facts_of(db, here, production=settings.production, now=now, by=by, dates=dates)
    letters = {each.id: planned(facts[each.id], site, now=now, by=by) for each in here}
    keys = [letter.key for those in letters.values() for _, letter in those]
    known = delivery.known(db, service_id=actor.service_id, keys=keys)
    found = on_its_way(db, actor, zone, now, by) if page == 1 else []
    for cohort in here:
        new = [(at, letter) for at, letter in letters[cohort.id] if letter.key not in known]
        found += of_group(db, cohort, new, zone, now)
        found += if_missed(db, facts[cohort.id], zone, now=now, by=by)
    found += of_ends(db, turn.ends, dates, zone, now=now, by=by)
    found.sort(key=lambda each: (each.at, each.cohort.name if each.cohort else "", each.title))
    return ComingPage(found, turn)


def of_group(
    db: Db, cohort: Cohort, letters: Sequence[tuple[datetime, DueMessage]], zone: str, now: datetime
) -> Iterator[Coming]:
    """What the scheduler would send, by when, what and about which."""
    to: dict[tuple[datetime, str, str], list[Person]] = {}
    for at, letter in letters:
        if hears(letter.person, letter.template):
            note = " ".join(filter(None, (letter.about, *notes(letter, cohort, now))))
            to.setdefault((at, letter.template, note), []).append(letter.person)
    for (at, template, note), people in to.items():
        yield Coming(at, title_of(db, cohort, template), cohort, people, zone, note, template in AT_ONCE)


def notes(letter: DueMessage, cohort: Cohort, now: datetime) -> Iterator[str]:
    if letter.template == SECOND:
        yield NOT_ANSWERED
    if letter.window.waits_for_morning(now, cohort.zone):
        yield QUIET.format(due=clock_time(max(letter.window.since, now), cohort.zone))


def if_missed(db: Db, facts: Facts, zone: str, *, now: datetime, by: datetime) -> Iterator[Coming]:
    """That they were missed, to whoever does not come to a session that is still to be."""
    cohort = facts.cohort
    for date, window, people in would_miss(facts, now=now, by=by):
        at = window.goes_at(now, cohort.zone)
        if at is not None and at <= by and people:
            quiet = [QUIET.format(due=clock_time(window.since, cohort.zone))] if at > window.since else []
            note = " ".join([f"Session {date.number}.", NOT_THERE, *quiet])
            yield Coming(at, title_of(db, cohort, "missed-session"), cohort, people, zone, note)


def of_ends(
    db: Db,
    cohorts: Sequence[Cohort],
    dates: Mapping[str, Sequence[SessionDate]],
    zone: str,
    *,
    now: datetime,
    by: datetime,
) -> Iterator[Coming]:
    """The thanks at the end of each of these groups, which go by the programme's rule where nobody presses a button."""
    if not cohorts:
        return
    ids = [each.id for each in cohorts]
    came = came_to_each(db, ids, now)
    left = [(place, person) for place, person in by_name(db, ids) if came[place.cohort_id][place.person_id]]
    for cohort in cohorts:
        due = rule_due_at(dates[cohort.id])
        at = after_quiet(max(due, now), cohort.zone) if due is not None else by
        to = [person for place, person in left if place.cohort_id == cohort.id]
        if at <= by and to:
            yield Coming(at, title_of(db, cohort, "programme-over"), cohort, to, zone, UNLESS_DISCHARGED)


def on_its_way(db: Db, actor: Actor, zone: str, now: datetime, by: datetime) -> list[Coming]:
    """What was put in line and waits for the morning of the person it is for. One statement."""
    waits = (
        select(OutgoingMessage, Person)
        .join(Person, col(Person.id) == col(OutgoingMessage.person_id))
        .where(
            *reach_of(actor),
            OutgoingMessage.state == MessageState.WAITING,
            OutgoingMessage.channel == Channel.SMS,
            col(OutgoingMessage.not_before) > now,
            col(OutgoingMessage.not_before) <= by,
            alive(),
        )
    )
    return [
        Coming(message.not_before, titled(message.key, message.subject), None, [person], zone, OWN_QUIET)
        for message, person in db.exec(waits)
        if message.not_before is not None
    ]


def title_of(db: Db, cohort: Cohort, template: str) -> str:
    return template_in(programme_of(db, cohort), template).title


def by_name(db: Db, cohort_ids: Collection[str]) -> Sequence[tuple[Enrolment, Person]]:
    """Whom the programme's rule is left to decide about in these groups, by name. One statement."""
    wanted = select(Enrolment, Person).join(Person, col(Person.id) == col(Enrolment.person_id))
    return db.exec(wanted.where(*left_to_rule(cohort_ids)).order_by(col(Person.full_name))).all()


def hears(person: Person, template: str) -> bool:
    """Whether this message goes to them at all: nobody is rung for some."""
    return person.channel is not Channel.TELEPHONE or template not in NOT_RUNG
