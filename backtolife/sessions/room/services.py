"""What other rooms ask of live sessions: have them ready, find the next one, its address, who attended."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife.config import Settings
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import NotFound
from backtolife.people.access import Actor, OutOfReach, authorise
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.cohorts import services as cohorts
from backtolife.programme.cohorts.covering import team_on
from backtolife.programme.cohorts.models import Cohort, CohortStaff, Enrolment, SessionDate, StaffPlace
from backtolife.programme.cohorts.rules import MAY_JOIN, Door, door
from backtolife.sessions.room.models import GroupSession, GroupStatus, Seat
from backtolife.sessions.room.store import NO_SESSION, date_of
from backtolife.sessions.state.rules import SeatRole, SeatStatus

CODE_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
CODE_LENGTH = 10
HERE = (SeatStatus.LOBBY, SeatStatus.HELD, SeatStatus.ADMITTED)
DAY = timedelta(days=1)
"""A door closes less than this after the planned end."""


def schedule(db: Db, *, cohort: Cohort) -> list[GroupSession]:
    """The cohort's nine group sessions, made where they are missing. Asking again changes nothing."""
    return [for_date(db, date) for date in cohorts.dates_of(db, cohort.id)]


def kept_for(db: Db, date: SessionDate) -> GroupSession | None:
    """The group session of one date; None while nobody has needed it."""
    return db.exec(select(GroupSession).where(GroupSession.session_date_id == date.id)).first()


def for_date(db: Db, date: SessionDate) -> GroupSession:
    """The group session of one date, made at first need."""
    found = kept_for(db, date)
    if found is not None:
        return found
    one_at_a_time(db, f"group-session:{date.id}")
    found = kept_for(db, date)
    if found is None:
        staff = {place: person.id for place, person in team_on(db, date).items()}
        found = GroupSession(
            service_id=date.service_id,
            session_date_id=date.id,
            cohort_id=date.cohort_id,
            number=date.number,
            join_code="".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
            lead_id=staff.get(StaffPlace.LEAD),
            spotter_id=staff.get(StaffPlace.SPOTTER),
        )
        db.add(found)
        db.flush()
    return found


def next_for(db: Db, *, cohort_id: str, now: datetime) -> GroupSession | None:
    """The cohort's session that is on or comes next; None after the last. One that was ended early is past, and one
    that does not take place is passed over.
    """
    return next_among(db, cohorts.dates_of(db, cohort_id), sessions_of(db, cohort_id), now)


def next_among(
    db: Db, dates: Iterable[SessionDate], held: Iterable[GroupSession], now: datetime
) -> GroupSession | None:
    """The same where the group's dates and its sessions are at hand."""
    made = {each.session_date_id: each for each in held}
    for date in dates:
        if date.left_out_at or door(now, date) is Door.OVER:
            continue
        found = made.get(date.id) or for_date(db, date)
        if found.status is not GroupStatus.ENDED:
            return found
    return None


def kept_for_each(db: Db, date_ids: Collection[str]) -> dict[str, GroupSession]:
    """The group sessions of these dates, by date; of one that nobody has needed there is none. One statement."""
    wanted = select(GroupSession).where(col(GroupSession.session_date_id).in_(date_ids))
    return {each.session_date_id: each for each in db.exec(wanted)} if date_ids else {}


def sessions_of(db: Db, cohort_id: str) -> list[GroupSession]:
    """The sessions of a cohort that were made, in their order."""
    wanted = select(GroupSession).where(GroupSession.cohort_id == cohort_id)
    return list(db.exec(wanted.order_by(col(GroupSession.number))))


def next_of_each(db: Db, *, cohort_ids: Collection[str], now: datetime) -> dict[str, tuple[SessionDate, GroupSession]]:
    """The same for many cohorts at once, with its date, by cohort; those after their last are left out."""
    wanted = (
        select(SessionDate, GroupSession)
        .join(GroupSession, col(GroupSession.session_date_id) == col(SessionDate.id), isouter=True)
        .where(
            col(SessionDate.cohort_id).in_(cohort_ids),
            col(SessionDate.ends_at) > now - DAY,
            col(SessionDate.left_out_at).is_(None),
        )
        .order_by(col(SessionDate.number))
    )
    found: dict[str, tuple[SessionDate, GroupSession]] = {}
    for date, made in db.exec(wanted).all():
        if date.cohort_id in found or door(now, date) is Door.OVER:
            continue
        held = made or for_date(db, date)
        if held.status is not GroupStatus.ENDED:
            found[date.cohort_id] = date, held
    return found


def started_in(db: Db, cohort_id: str) -> dict[int, str]:
    """The sessions of a cohort that have started, by number: the group session's id."""
    return {each.number: each.id for each in sessions_of(db, cohort_id) if each.started_at is not None}


def held_in(db: Db, cohort_id: str) -> dict[int, bool]:
    """The sessions of a cohort that have begun, by number: True while one is on."""
    begun = select(GroupSession).where(
        GroupSession.cohort_id == cohort_id,
        col(GroupSession.started_at).is_not(None) | (GroupSession.status == GroupStatus.ENDED),
    )
    return {each.number: each.status is not GroupStatus.ENDED for each in db.exec(begun)}


def waiting_in(db: Db, cohort_id: str) -> dict[int, list[str]]:
    """Who waits at the door of a session that has not begun, by its number: full names, in their order."""
    wanted = (
        select(GroupSession.number, Person.full_name)
        .join(Seat, col(Seat.group_session_id) == col(GroupSession.id))
        .join(Person, col(Person.id) == col(Seat.person_id))
        .where(
            GroupSession.cohort_id == cohort_id,
            GroupSession.status == GroupStatus.OPEN,
            Seat.role == SeatRole.PATIENT,
            col(Seat.status).in_(HERE),
        )
    )
    found: dict[int, list[str]] = {}
    for number, name in db.exec(wanted.order_by(col(Person.full_name))):
        found.setdefault(number, []).append(name)
    return found


def open_join_address(group_session: GroupSession, settings: Settings) -> str:
    """The address that a reminder carries. It holds no credential: forwarded, it opens nobody's data."""
    return join_address(group_session, settings.public_url)


def join_address(group_session: GroupSession, site: str) -> str:
    """The same, on the site at this address."""
    return f"{site}/j/{group_session.join_code}"


def addresses_of(db: Db, dates: Collection[SessionDate], settings: Settings) -> dict[str, str]:
    """Where each of these dates is joined, by the date's id; one whose room was never made is left out."""
    return {
        key: open_join_address(each, settings) for key, each in kept_for_each(db, [date.id for date in dates]).items()
    }


def by_code(db: Db, code: str) -> GroupSession:
    """The session whose reminder carries `code`. Raises NotFound."""
    found = db.exec(select(GroupSession).where(GroupSession.join_code == code.lower())).first()
    if found is None:
        raise NotFound(NO_SESSION)
    return found


def find(db: Db, *, actor: Actor, group_session_id: str, action: str) -> GroupSession:
    """The session, when the actor may do `action` in it.

    Raises NotFound otherwise, also for somebody whose place in the group does not let them join, or whose patient's.
    """
    found = db.get(GroupSession, group_session_id)
    if found is None:
        raise NotFound(NO_SESSION)
    authorise(actor, action, found)
    if actor.is_patient and not may_join(db, person_id=actor.id, cohort_id=found.cohort_id):
        raise OutOfReach(action, found)
    if actor.is_guest and not beside_may_join(db, person=db.get_one(Person, actor.id), cohort_id=found.cohort_id):
        raise OutOfReach(action, found)
    return found


def may_join(db: Db, *, person_id: str, cohort_id: str) -> bool:
    """Whether this person is let into the cohort's live sessions: enrolled or under way, or its staff."""
    enrolled = select(Enrolment).where(
        Enrolment.person_id == person_id, Enrolment.cohort_id == cohort_id, col(Enrolment.state).in_(MAY_JOIN)
    )
    if db.exec(enrolled).first():
        return True
    leads = select(CohortStaff).where(CohortStaff.person_id == person_id, CohortStaff.cohort_id == cohort_id)
    return db.exec(leads).first() is not None


def beside_may_join(db: Db, *, person: Person, cohort_id: str) -> bool:
    """Whether the patient beside whom a guest sits is let in: a companion is there for them alone. Observers are."""
    return person.beside_id is None or may_join(db, person_id=person.beside_id, cohort_id=cohort_id)


def staff_names(db: Db, group_session: GroupSession, but: str = "") -> Sequence[str]:
    """The names patients know the facilitators of this session by, the lead first; `but` leaves one person out."""
    team = team_on(db, date_of(db, group_session))
    return [isolated(person.shown_name) for person in team.values() if person.id != but]
