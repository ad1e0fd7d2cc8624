"""Read what the letters of many groups are decided from: as many statements for many groups as for one."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from sqlmodel import col, select

from backtolife.database.asked_together import ask_together
from backtolife.database.session import Db
from backtolife.mail import delivery
from backtolife.outcomes.asking.due import Due, Group, due_in_each
from backtolife.outcomes.asking.extending import opened_and_moved
from backtolife.outcomes.asking.readiness import unsigned_of
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.people.working import can_work
from backtolife.programme.adopted.services import NotKept, programme_of
from backtolife.programme.cohorts.enrolment import asked_in_each
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.services import dates_of_each, staff_of_each
from backtolife.programme.consent.asking import said_yes_before
from backtolife.programme.consent.models import ConsentAnswer
from backtolife.programme.places.offer_lists import ToldOf, to_write_about
from backtolife.programme.places.transfer import arrived_by
from backtolife.reminders.letters.facts import Facts, Member
from backtolife.reminders.letters.questions import asked_by_letter, first_of
from backtolife.reminders.missed import may_be_missed
from backtolife.reminders.rules import MISSED_FOR
from backtolife.sessions.records.attendance import came_at_each
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.room.services import kept_for_each

FIRST_REMINDER = timedelta(days=1)
"""So long before a session the first message about it goes."""


def facts_of(
    db: Db,
    cohorts: Sequence[Cohort],
    *,
    production: bool,
    now: datetime,
    by: datetime,
    dates: Mapping[str, Sequence[SessionDate]] | None = None,
) -> dict[str, Facts]:
    """What is looked at to decide what goes to each of these groups from `now` until `by`, by group.

    One whose programme cannot be read is left out. `dates`: those of each, where they are known already. The
    statements are few, however many groups there are: what a page asks is asked together.
    """
    groups = {each.id: each for each in cohorts if can_be_read(db, each)}
    if not groups:
        return {}
    dates = dates or dates_of_each(db, groups)
    asked, before, held = who_and_where(db, groups, dates, now=now, by=by)
    services = {each.service_id for each in groups.values()}
    offers = [
        each for each in to_write_about(db, service_ids=services, now=now, by=by) if each.place.cohort_id in groups
    ]
    again = {cohort_id: [place for place, *_ in before if place.cohort_id == cohort_id] for cohort_id in groups}
    places = {cohort_id: [place for place, _ in theirs] for cohort_id, theirs in asked.items()}
    here = [Group(each, dates[key], [*places[key], *again[key]]) for key, each in groups.items()]
    dues = due_in_each(db, here, now=now, by=by, if_agreed={place.id for place, *_ in before})
    told, not_ready = told_and_not_ready(db, groups.values(), asked, dues, production=production, now=now, by=by)
    over = [each for key in groups for each in dates[key] if each.id in held and may_be_missed(each, dates[key], now)]
    met = sorted({each.cohort_id for each in over})
    ask_together(
        db,
        lambda: came_on(db, over, held, now),
        lambda: staff_of_each(db, met),
        *((lambda: makers_of(db, offers),) if offers else ()),
    )
    came, made_by = came_on(db, over, held, now), makers_of(db, offers)
    signs = signed_by(db, groups.values(), met)
    everybody = [place for each in here for place in each.places]
    since = arrived_by(everybody, opened_and_moved(db, everybody)[1].values())  # asked above: a page has it at hand
    return {
        key: Facts(
            cohort,
            dates=dates[key],
            asked=asked[key],
            said_before=[row for row in before if row[0].cohort_id == key],
            offers=[each for each in offers if each.place.cohort_id == key],
            offered_by=made_by,
            held=held,
            came=came,
            since=since,
            dues=dues,
            not_ready=not_ready[cohort.service_id],
            told=told,
            signs=signs[key],
        )
        for key, cohort in groups.items()
    }


def who_and_where(
    db: Db, cohort_ids: Collection[str], dates: Mapping[str, Sequence[SessionDate]], *, now: datetime, by: datetime
) -> tuple[dict[str, list[Member]], list[tuple[Enrolment, Person, ConsentAnswer]], dict[str, GroupSession]]:
    """Who is asked in each of these groups, who left one and said yes before, and the sessions near by, by date. Three
    statements, none of which waits for another.
    """
    soon = [each.id for key in cohort_ids for each in dates[key] if is_near(each, now, by)]
    return asked_in_each(db, cohort_ids), said_yes_before(db, cohort_ids), kept_for_each(db, soon)


def can_be_read(db: Db, cohort: Cohort) -> bool:
    with suppress(NotKept):
        programme_of(db, cohort)
        return True
    return False


class Planned(Protocol):
    """When a session is, whole row or not."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def over_at(self) -> datetime: ...

    @property
    def left_out_at(self) -> datetime | None: ...


def is_near(date: Planned, now: datetime, by: datetime) -> bool:
    """Whether a message about this session may go from `now` until `by`."""
    return date.left_out_at is None and date.starts_at <= by + FIRST_REMINDER and now < date.over_at + MISSED_FOR


def told_and_not_ready(
    db: Db,
    cohorts: Collection[Cohort],
    asked: Mapping[str, Sequence[Member]],
    dues: Mapping[str, Sequence[Due]],
    *,
    production: bool,
    now: datetime,
    by: datetime,
) -> tuple[dict[str, datetime], dict[str, frozenset[str]]]:
    """When the first message about what is open was put in line, by its key, and which questions nobody has signed
    for, by service.
    """
    told: dict[str, datetime] = {}
    not_ready: dict[str, frozenset[str]] = {}
    for service_id in {each.service_id for each in cohorts}:
        places = [place for each in cohorts if each.service_id == service_id for place, _ in asked[each.id]]
        those = [(place, due) for place in places for due in asked_by_letter(dues[place.id], now=now, by=by)]
        told |= delivery.queued_at(db, service_id=service_id, keys=[first_of(due, place) for place, due in those])
        open_ones = [due for _, due in those]
        not_ready[service_id] = unsigned_of(db, service_id=service_id, dues=open_ones, production=production, now=now)
    return told, not_ready


def came_on(
    db: Db, over: Collection[SessionDate], held: Mapping[str, GroupSession], now: datetime
) -> dict[str, set[str]]:
    """Who was at these sessions, which somebody may have missed, by date."""
    came = came_at_each(db, [held[each.id] for each in over], now=now)
    return {each.id: came[held[each.id].id] for each in over}


def makers_of(db: Db, offers: Collection[ToldOf]) -> dict[str, Person]:
    """Who made those of the offers that are still to be told of, by id."""
    ids = {each.made.offered_by for each in offers if each.invited_at is None}
    return {each.id: each for each in db.exec(select(Person).where(col(Person.id).in_(ids)))} if ids else {}


def signed_by(db: Db, cohorts: Collection[Cohort], met: Sequence[str]) -> dict[str, str]:
    """The name under a message of each group: the lead's for those that `met`, and the service's without one who can
    sign in.
    """
    found = staff_of_each(db, met) if met else {}
    staff = {key: [person for _, person in theirs if can_work(person)] for key, theirs in found.items()}
    services = {each: db.get_one(Service, each) for each in {cohort.service_id for cohort in cohorts}}
    return {
        each.id: isolated(staff[each.id][0].full_name if staff.get(each.id) else services[each.service_id].name)
        for each in cohorts
    }
