"""A rehearsal: one of staff alone with simulated people, in the real room, with nothing left of it afterwards."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_
from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict
from backtolife.people.access import Actor, System, authorise
from backtolife.people.models import Person
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.models import CohortStaff, StaffPlace
from backtolife.programme.course.rules import Rehearsed
from backtolife.sessions.records import closing
from backtolife.sessions.rehearsal.orders import Orders, Part
from backtolife.sessions.rehearsals import stage as rehearsal_stage
from backtolife.sessions.rehearsals.models import Rehearsal
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, GroupStatus

MOST = 3
"""How many may go on at once: their people live on the machine that serves real groups."""
SPARE = timedelta(minutes=15)
"""How much longer than the session itself a rehearsal may take."""
FORGOTTEN = timedelta(minutes=5)
ONE_OPEN = "You have a rehearsal open already. Go back to it, or end it first."
BUSY = "Other people are rehearsing just now, and there is no room for more. Please try again in a while."
Cookies = Callable[[str], Mapping[str, str]]
"""From a sign-in's secret to the cookies of a browser that holds it."""


@dataclass(frozen=True)
class Begun:
    """A fresh rehearsal. `token` is the secret by which its owner's browser acts in it."""

    rehearsal: Rehearsal
    group_session: GroupSession
    token: str


def open_of(db: Db, person_id: str) -> Rehearsal | None:
    """The rehearsal that this person has going on, or None."""
    return db.exec(select(Rehearsal).where(Rehearsal.open_for == person_id)).first()


def going_on(db: Db, person_id: str) -> Rehearsal | None:
    """The same, but None also once its session was ended and only the tidying up is left."""
    found = open_of(db, person_id)
    return found if found is not None and not room_is_over(db, found) else None


def rehearsed(db: Db, people: Collection[str]) -> dict[str, list[Rehearsed]]:
    """The rehearsals of each of these people that are over, the newest first."""
    wanted = select(Rehearsal).where(col(Rehearsal.person_id).in_(people), col(Rehearsal.ended_at).is_not(None))
    found: dict[str, list[Rehearsed]] = {}
    for row in db.exec(wanted.order_by(col(Rehearsal.started_at).desc())):
        lasted = min(row.ended_at or row.ends_at, row.ends_at) - row.started_at
        found.setdefault(row.person_id, []).append(Rehearsed(row.number, row.started_at, lasted))
    return found


def room_is_over(db: Db, rehearsal: Rehearsal) -> bool:
    """Whether its session was ended, or is gone."""
    held = db.get(GroupSession, rehearsal.group_session_id)
    return held is None or held.status is GroupStatus.ENDED


def in_room(db: Db, group_session_id: str) -> Rehearsal | None:
    """The rehearsal that goes on in this room, or None: it is a real one."""
    wanted = select(Rehearsal).where(Rehearsal.group_session_id == group_session_id, col(Rehearsal.ended_at).is_(None))
    return db.exec(wanted).first()


def begin(db: Db, *, person: Person, number: int, actor: Actor, now: datetime) -> Begun:
    """Make the stage and open the room. Raises Conflict for a second one at a time, NotFound for an unknown session."""
    authorise(actor, "session.rehearse", person)
    one_at_a_time(db, "rehearsals")
    if going_on(db, person.id) is not None:
        raise Conflict(ONE_OPEN)
    last = open_of(db, person.id)
    if last is not None:
        finish(db, last, actor=actor, now=now)
    at_once = select(func.count()).select_from(Rehearsal).where(col(Rehearsal.ended_at).is_(None))
    if db.exec(at_once).one() >= MOST:
        raise Conflict(BUSY)
    stage = rehearsal_stage.build(db, person=person, number=number, now=now)
    rehearsal = Rehearsal(
        service_id=person.service_id,
        person_id=person.id,
        open_for=person.id,
        stage_id=stage.group_session.service_id,
        group_session_id=stage.group_session.id,
        number=number,
        started_at=now,
        ends_at=room.planned_end(db, stage.group_session) + SPARE,
    )
    db.add(rehearsal)
    note(db, "rehearsal_begun", rehearsal, actor, now)
    return Begun(rehearsal, stage.group_session, signin.begin(db, person=stage.facilitator, now=now))


def facilitator_of(db: Db, rehearsal: Rehearsal) -> str:
    """The id of whoever stands in for the person who rehearses."""
    leading = select(CohortStaff.person_id).where(
        CohortStaff.service_id == rehearsal.stage_id, CohortStaff.place == StaffPlace.LEAD
    )
    return db.exec(leading).one()


def enter(db: Db, rehearsal: Rehearsal, *, now: datetime) -> str:
    """The secret by which one more browser of its owner acts in it."""
    return signin.begin(db, person=db.get_one(Person, facilitator_of(db, rehearsal)), now=now)


def orders_of(db: Db, rehearsal: Rehearsal, *, site: str, cookies: Cookies, now: datetime) -> Orders:
    """What the simulated people need to come: each signed in anew. Whoever was sent before them is signed in still."""
    people = db.exec(
        select(Person).where(Person.service_id == rehearsal.stage_id).order_by(col(Person.full_name))
    ).all()
    facilitator_id = facilitator_of(db, rehearsal)
    parts = [
        part_of(one, face, cookies(signin.begin(db, person=one, now=now, joins_only=one.is_patient)))
        for face, one in enumerate(each for each in people if each.id != facilitator_id)
    ]
    seconds = (rehearsal.ends_at - now).total_seconds()
    return Orders(site, rehearsal.group_session_id, facilitator_id, seconds, tuple(parts))


def part_of(person: Person, face: int, cookies: Mapping[str, str]) -> Part:
    """What this one says on the page before the room; the numbers are ones that nobody has."""
    answers = {
        "camera": "everyone",
        "where": "At home",
        "address": f"{face + 1} Made-up Street",
        "phone": person.phone or f"{rehearsal_stage.NOBODYS}9",
        "emergency_name": "A made-up friend",
        "emergency_phone": f"07700 90013{face}",
    }
    return Part(person.id, person.shown_name, face, not person.is_patient, dict(cookies), answers)


def finish(db: Db, rehearsal: Rehearsal, *, actor: Acting, now: datetime) -> room.Change | None:
    """End it and delete everything in it. Returns what to tell its room; None when that was over already."""
    found = db.get(Rehearsal, rehearsal.id, with_for_update=True, populate_existing=True)
    if found is None or found.ended_at is not None:
        return None
    found.ended_at, found.open_for = now, None
    note(db, "rehearsal_ended", found, actor, now)
    stage_id, change = found.stage_id, None
    held = room.load(db, found.group_session_id)
    if held.status is not GroupStatus.ENDED:
        change = closing.close(db, group_session=held, actor=System("rehearsal", stage_id), now=now)
    rehearsal_stage.clear(db, stage_id)
    return change


def finish_forgotten(db: Db, *, now: datetime) -> int:
    """End those whose time or session is over and that no web process has ended. Returns how many."""
    before = now - FORGOTTEN
    over = or_(col(Rehearsal.ends_at) <= before, col(GroupSession.ended_at) <= before)
    late = db.exec(
        select(Rehearsal)
        .join(GroupSession, col(GroupSession.id) == Rehearsal.group_session_id, isouter=True)
        .where(col(Rehearsal.ended_at).is_(None), over)
    ).all()
    for each in late:
        finish(db, each, actor=System("scheduler", each.service_id), now=now)
    return len(late)


def note(db: Db, action: str, rehearsal: Rehearsal, actor: Acting, now: datetime) -> None:
    audit.record(
        db,
        actor=actor,
        action=action,
        subject_type="rehearsal",
        subject_id=rehearsal.id,
        now=now,
        session=rehearsal.number,
    )
