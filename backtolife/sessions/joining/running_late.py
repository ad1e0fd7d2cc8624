"""Who says that they are late or cannot come, so that the group waits for nobody and nobody is rung in vain."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import SessionDate
from backtolife.programme.cohorts.rules import Door, door
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, GroupStatus
from backtolife.sessions.state import seats

BEFORE = timedelta(hours=12)
"""From how long before the start it can be said."""


UNTIL = timedelta(minutes=30)
"""After the start nobody waits any more: whoever comes later just comes."""


def may_be_said(db: Db, group_session: GroupSession, now: datetime) -> bool:
    """Whether the session starts soon enough that somebody may know that they will be late, or has just started."""
    when = room.date_of(db, group_session)
    over = door(now, when) is Door.OVER
    near = -UNTIL <= when.starts_at - now <= BEFORE
    taking_place = when.left_out_at is None and group_session.status is not GroupStatus.ENDED
    return near and not over and taking_place


def say(db: Db, *, group_session: GroupSession, person: Person, minutes: int, now: datetime) -> room.Change:
    """Keep that this person will be about `minutes` late; saying it again replaces it. Staff see it.

    Raises Conflict when the session is over or too far off.
    """
    if not may_be_said(db, group_session, now):
        raise Conflict("You can tell us that you are late on the day of the session.")
    audit.record(
        db,
        actor=person,
        action="said_late",
        subject_type="group_session",
        subject_id=group_session.id,
        now=now,
        minutes=minutes,
    )
    now_ms = room.milliseconds(now)
    return room.apply(db, group_session, seats.say_late, now, person=person.id, minutes=minutes, now_ms=now_ms)


def may_be_cancelled(db: Db, group_session: GroupSession, now: datetime) -> bool:
    """Whether a patient can still say that they cannot come: before the session, and until half an hour into it."""
    when = room.date_of(db, group_session)
    over = door(now, when) is Door.OVER
    taking_place = when.left_out_at is None and group_session.status is not GroupStatus.ENDED
    return now <= when.starts_at + UNTIL and not over and taking_place


def not_coming(group_session: GroupSession) -> frozenset[str]:
    """Which people have said that they cannot come, by their ids."""
    state = room.kept_state(group_session)
    return frozenset(state.get("not_coming", {})) if state else frozenset()


def said_no_at(sessions: Iterable[GroupSession]) -> set[tuple[str, int]]:
    """Who has said that they cannot come, with the number of the session."""
    return {(person, each.number) for each in sessions for person in not_coming(each)}


def say_coming(db: Db, *, group_session: GroupSession, person: Person, coming: bool, now: datetime) -> room.Change:
    """Keep that this person cannot come to the session, or that they come after all. Staff see it; no reminder of this
    session follows while they cannot.

    Raises Conflict when it is too late to say so.
    """
    if not may_be_cancelled(db, group_session, now):
        raise Conflict("This session has begun or is over. If you missed it, your team will be in touch.")
    action = "said_coming" if coming else "said_not_coming"
    audit.record(db, actor=person, action=action, subject_type="group_session", subject_id=group_session.id, now=now)
    if coming:
        return room.apply(db, group_session, seats.say_coming, now, person=person.id)
    return room.apply(db, group_session, seats.say_not_coming, now, person=person.id, now_ms=room.milliseconds(now))


def ask_anew(db: Db, date: SessionDate, now: datetime) -> None:
    """The session has another date: who could not come on the old one may come now, and is reminded as everybody is."""
    held = db.exec(select(GroupSession).where(GroupSession.session_date_id == date.id)).first()
    if held is None or held.status is GroupStatus.ENDED:
        return
    said = room.state_of(db, held)
    if said.get("not_coming") or said.get("late"):
        room.apply(db, held, seats.forget_plans, now)
