"""Changing who leads and who spots: from now on, on one date, everything of one person to another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, or_, select

from backtolife import audit
from backtolife.clock import in_zone
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Clashes, Conflict, Invalid
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person, Role
from backtolife.people.names import isolated
from backtolife.people.roles import roles_of
from backtolife.people.working import can_work
from backtolife.programme.changes.moving import meetings_of
from backtolife.programme.changes.rules import when
from backtolife.programme.cohorts.covering import team_on
from backtolife.programme.cohorts.models import Cohort, CohortStaff, SessionCover, SessionDate, StaffPlace
from backtolife.programme.cohorts.services import facilitators, to_come
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.cohorts.timetable.elsewhere import elsewhere, one_timetable_at_a_time
from backtolife.programme.cohorts.timetable.overlaps import clash, overlap
from backtolife.programme.course.services import refuse_unsigned, unsigned

OTHER = {StaffPlace.LEAD: StaffPlace.SPOTTER, StaffPlace.SPOTTER: StaffPlace.LEAD}
DOES = {StaffPlace.LEAD: "leads", StaffPlace.SPOTTER: "spots"}


@dataclass(frozen=True)
class Candidate:
    """Somebody who could do it; `but` says what stands against it, such as leave or another group."""

    person: Person
    but: str


def candidates(
    db: Db, *, cohort: Cohort, dates: list[SessionDate], actor: Actor, around: Surroundings
) -> list[Candidate]:
    """Everybody who can lead or spot on these dates, with leave and clashes beside each."""
    found = []
    people = facilitators(db, actor=actor)
    days = {in_zone(each.starts_at, cohort.zone).date() for each in dates}
    no_course = unsigned(db, people)
    away = around.away(db, [each.id for each in people], days)
    for person in people:
        off = sum(person.id in who for who in away.values())
        busy = clashes_of(db, person=person, cohort=cohort, dates=dates)
        but = "has another group then" if busy else ""
        if off:
            but = "on leave" if off == len(days) else f"on leave on {off} of {len(days)} dates"
        found.append(Candidate(person, ", ".join(filter(None, (but, no_course.get(person.id, ""))))))
    return found


def clashes_of(db: Db, *, person: Person, cohort: Cohort, dates: list[SessionDate]) -> list[str]:
    """Where the person is otherwise on these dates, one sentence each."""
    if not dates:
        return []
    others = elsewhere(
        db,
        people={person.id: isolated(person.full_name)},
        but=cohort.id,
        first=min(each.starts_at for each in dates),
        last=max(each.ends_at for each in dates),
    )
    meetings = meetings_of(dates, {})
    return [clash(here, each, cohort.zone) for here in meetings for each in others if overlap(here, each)]


def refuse_unfit(db: Db, *, person: Person, cohort: Cohort, dates: list[SessionDate]) -> None:
    """Raise Invalid for who cannot lead or spot at all, Conflict for who has not signed the course where that is asked,
    Clashes for who is in another group at that time.
    """
    if Role.FACILITATOR not in roles_of(db, person) or person.service_id != cohort.service_id:
        raise Invalid("Only a facilitator of this service can lead or spot.")
    if not can_work(person):
        raise Invalid(f"{isolated(person.full_name)} cannot sign in yet. Choose somebody who can.")
    refuse_unsigned(db, person)
    clashes = clashes_of(db, person=person, cohort=cohort, dates=dates)
    if clashes:
        raise Clashes(clashes)


def change_staff(
    db: Db, *, cohort: Cohort, place: StaffPlace, person: Person | None, actor: Actor, now: datetime
) -> bool:
    """From now on `person` leads or spots; None: nobody does. Returns whether anything changed.

    Raises Conflict where the person has the other place already, or another group at that time.
    """
    authorise(actor, "cohort.change", cohort)
    one_timetable_at_a_time(db, cohort.service_id)
    one_at_a_time(db, f"cohort:{cohort.id}")
    rows = list(db.exec(select(CohortStaff).where(CohortStaff.cohort_id == cohort.id)))
    has = next((each for each in rows if each.place is place), None)
    if (has.person_id if has else None) == (person.id if person else None):
        return False
    if person is not None:
        refuse_unfit(db, person=person, cohort=cohort, dates=to_come(db, cohort.id, now))
        if any(each.person_id == person.id for each in rows):
            raise Conflict(
                f"{isolated(person.full_name)} {DOES[OTHER[place]]} this group already. Choose somebody else."
            )
    if has is not None:
        db.delete(has)
        db.flush()
    if person is not None:
        db.add(CohortStaff(service_id=cohort.service_id, cohort_id=cohort.id, person_id=person.id, place=place))
    trace(db, actor, "cohort_staffed", cohort, now, place=place, person=person.id if person else "")
    return True


def cover(
    db: Db, *, cohort: Cohort, date: SessionDate, place: StaffPlace, person: Person | None, actor: Actor, now: datetime
) -> bool:
    """On this one date `person` stands in; None: the group's own staff does it. Returns whether anything changed.

    Raises Conflict for a date that is over, for who is there already, and for who has another group at that time.
    """
    authorise(actor, "cohort.change", cohort)
    one_timetable_at_a_time(db, cohort.service_id)
    one_at_a_time(db, f"cohort:{cohort.id}")
    if date.ends_at <= now or date.left_out_at is not None:
        raise Conflict(f"Session {date.number} is over or does not take place. Choose one that is still to come.")
    given = select(SessionCover).where(SessionCover.session_date_id == date.id, SessionCover.place == place)
    has = db.exec(given).first()
    own = select(CohortStaff).where(CohortStaff.cohort_id == cohort.id, CohortStaff.place == place)
    usual = db.exec(own).first()
    if person is not None and usual is not None and usual.person_id == person.id:
        person = None
    if (has.person_id if has else None) == (person.id if person else None):
        return False
    if person is not None:
        refuse_unfit(db, person=person, cohort=cohort, dates=[date])
        there = team_on(db, date).get(OTHER[place])
        if there is not None and there.id == person.id:
            raise Conflict(f"{isolated(person.full_name)} {DOES[OTHER[place]]} this session. Choose somebody else.")
    if has is not None:
        db.delete(has)
        db.flush()
    if person is not None:
        row = SessionCover(
            service_id=cohort.service_id,
            session_date_id=date.id,
            cohort_id=cohort.id,
            person_id=person.id,
            place=place,
        )
        db.add(row)
    who = person.id if person else ""
    trace(db, actor, "session_covered", cohort, now, session=date.number, place=place, person=who)
    return True


@dataclass(frozen=True)
class PassedOn:
    """One place of a group on these dates, which went from one person to another."""

    cohort: Cohort
    place: StaffPlace
    dates: list[SessionDate]


@dataclass(frozen=True)
class HandedOver:
    """What went from one person to another: groups, and single dates. `passed_on` has a line for each of both."""

    groups: list[Cohort]
    dates: int
    passed_on: list[PassedOn]


def hand_over(db: Db, *, giver: Person, taker: Person, actor: Actor, now: datetime) -> HandedOver:
    """Everything that `giver` leads, spots or covers from now on goes to `taker`: for somebody who leaves.

    Groups that are over stay as they were. Raises Clashes, each naming its group, where `taker` cannot take one; then
    nothing is kept.
    """
    if giver.id == taker.id:
        raise Invalid("Choose two different people.", "taker")
    one_timetable_at_a_time(db, giver.service_id)
    groups, dates, passed_on = [], 0, []
    refused: list[str] = []
    for row in db.exec(select(CohortStaff).where(CohortStaff.person_id == giver.id)).all():
        cohort = db.get_one(Cohort, row.cohort_id)
        if coming := to_come(db, cohort.id, now):
            with naming(cohort, refused):
                passed_on.append(PassedOn(cohort, leave_to(db, row, cohort, taker, actor=actor, now=now), coming))
            groups.append(cohort)
    covers = select(SessionCover, SessionDate).join(
        SessionDate, col(SessionDate.id) == col(SessionCover.session_date_id)
    )
    for given, date in db.exec(covers.where(SessionCover.person_id == giver.id, SessionDate.ends_at > now)).all():
        cohort = db.get_one(Cohort, date.cohort_id)
        passed_on.append(PassedOn(cohort, given.place, [date]))
        with naming(cohort, refused):
            cover(db, cohort=cohort, date=date, place=given.place, person=taker, actor=actor, now=now)
        dates += 1
    if refused:
        raise Clashes(refused, "taker")
    return HandedOver(groups, dates, passed_on)


def who_can_give(db: Db, *, actor: Actor, now: datetime) -> list[Person]:
    """Who may hand groups over, by name: the facilitators, and whoever cannot sign in any more and still holds some."""
    working = facilitators(db, actor=actor)
    ahead = select(SessionDate.cohort_id).where(col(SessionDate.ends_at) > now)
    covered = (
        select(SessionCover.person_id)
        .join(SessionDate, col(SessionDate.id) == col(SessionCover.session_date_id))
        .where(col(SessionDate.ends_at) > now)
    )
    holds = select(CohortStaff.person_id).where(col(CohortStaff.cohort_id).in_(ahead))
    gone = select(Person).where(
        Person.service_id == actor.service_id,
        col(Person.id).not_in([each.id for each in working]),
        or_(col(Person.id).in_(holds), col(Person.id).in_(covered)),
    )
    return sorted([*working, *db.exec(gone)], key=lambda each: (each.full_name, each.id))


@contextmanager
def naming(cohort: Cohort, refused: list[str]) -> Iterator[None]:
    """Add to `refused` why this group cannot be taken, and which it is; then look at the next one."""
    try:
        yield
    except Conflict as error:
        refused += [f"{isolated(cohort.name)}: {each}" for each in error.reasons]


def leave_to(db: Db, row: CohortStaff, cohort: Cohort, taker: Person, *, actor: Actor, now: datetime) -> StaffPlace:
    """One place of a group goes to `taker`, and which one they then have. In a team of two, whoever is left leads and
    nobody spots: a group without a spotter can meet, one without a lead cannot.
    """
    there = select(CohortStaff).where(CohortStaff.cohort_id == cohort.id, CohortStaff.person_id == taker.id)
    if db.exec(there).first() is None:
        change_staff(db, cohort=cohort, place=row.place, person=taker, actor=actor, now=now)
        return row.place
    change_staff(db, cohort=cohort, place=StaffPlace.SPOTTER, person=None, actor=actor, now=now)
    change_staff(db, cohort=cohort, place=StaffPlace.LEAD, person=taker, actor=actor, now=now)
    return StaffPlace.LEAD


def concerns(db: Db, *, cohort: Cohort, dates: list[SessionDate]) -> list[str]:
    """What somebody should see about who is there: the coming dates with nobody, or with one person alone."""
    found = []
    for date in dates:
        team = [each for each in team_on(db, date).values() if can_work(each)]
        [meeting] = meetings_of([date], {})
        if not team:
            found.append(f"Nobody is there for session {date.number}, {when(meeting, cohort.zone)}.")
        elif len(team) == 1:
            alone = isolated(team[0].full_name)
            found.append(f"{alone} is alone in session {date.number}, {when(meeting, cohort.zone)}.")
    return found


def trace(db: Db, actor: Actor, action: str, cohort: Cohort, now: datetime, **detail: object) -> None:
    audit.record(db, actor=actor, action=action, subject_type="cohort", subject_id=cohort.id, now=now, **detail)
