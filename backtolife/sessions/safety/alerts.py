""" "I need help": a call that both facilitators see at once, and that stays on record."""

from datetime import datetime
from typing import TypedDict

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.patients.calling.shown import bare, wrong_numbers
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, GroupStatus, HelpAlert, Seat
from backtolife.sessions.room.warning_signs import labels_of
from backtolife.sessions.state import safety


class LookedUp(TypedDict):
    """Where somebody is and whom to ring, as they said it on the page before this session."""

    full_name: str
    place: str
    phone: str
    phone_is_wrong: bool
    """Whether a call found that this number is not theirs."""
    emergency_name: str
    emergency_phone: str
    news: str
    """What is new with them, in their own words."""
    flags: list[str]
    """The warning signs they ticked, as they read them."""
    space_ready: list[str]


def open_alert_of(db: Db, *, seat: Seat) -> HelpAlert | None:
    """The seat's call for help that nobody has closed, or None."""
    wanted = select(HelpAlert).where(HelpAlert.seat_id == seat.id, col(HelpAlert.closed_at).is_(None))
    return db.exec(wanted).first()


def raise_alert(db: Db, *, seat: Seat, actor: Actor, now: datetime) -> HelpAlert:
    """Keep a call for help. Pressing again while one is open is the same call."""
    found = open_alert_of(db, seat=seat)
    if found is not None:
        return found
    alert = HelpAlert(service_id=seat.service_id, group_session_id=seat.group_session_id, seat_id=seat.id, at=now)
    db.add(alert)
    audit.record(db, actor=actor, action="help_asked", subject_type="seat", subject_id=seat.id, now=now)
    return alert


def find_alert(db: Db, *, group_session: GroupSession, alert_id: str) -> HelpAlert:
    """An alert of this session. Raises NotFound for one of another."""
    found = db.get(HelpAlert, alert_id)
    if found is None or found.group_session_id != group_session.id:
        raise NotFound("This call for help is not from your session.")
    return found


def take(db: Db, *, alert: HelpAlert, actor: Actor, now: datetime) -> None:
    """A facilitator has this."""
    alert.taken_by, alert.taken_at = actor.id, now
    audit.record(db, actor=actor, action="help_taken", subject_type="seat", subject_id=alert.seat_id, now=now)


def close(db: Db, *, alert: HelpAlert, actor: Actor, now: datetime) -> None:
    """The call is over: the person is well, or a facilitator has dealt with it."""
    alert.closed_by, alert.closed_at = actor.id, now
    audit.record(db, actor=actor, action="help_closed", subject_type="seat", subject_id=alert.seat_id, now=now)


def look_up(db: Db, *, seat: Seat, actor: Actor, now: datetime) -> LookedUp:
    """Where the person is and whom to ring. Every look is kept in the audit log."""
    audit.record(db, actor=actor, action="emergency_details_seen", subject_type="seat", subject_id=seat.id, now=now)
    person = db.get_one(Person, seat.person_id)
    wrong = wrong_numbers(db, person.service_id)
    given = [each for each in (seat.phone, person.phone) if each]
    phone = next((each for each in given if (person.id, bare(each)) not in wrong), given[0] if given else "")
    return {
        "full_name": isolated(person.full_name),
        "place": seat.place,
        "phone": phone,
        "phone_is_wrong": (person.id, bare(phone)) in wrong,
        "emergency_name": isolated(seat.emergency_name or person.emergency_name),
        "emergency_phone": seat.emergency_phone or person.emergency_phone,
        "news": seat.news,
        "flags": labels_of(seat.flags),
        "space_ready": seat.space_ready,
    }


def take_from_outside(
    db: Db, *, group_session: GroupSession, alert_id: str, actor: Actor, now: datetime
) -> room.Change | None:
    """Somebody who is not in the room, told because nobody answered, has this. None when the room is over.

    Raises NotFound for a call of another session, Conflict when it is taken or closed.
    """
    alert = find_alert(db, group_session=group_session, alert_id=alert_id)
    if alert.closed_at is not None:
        raise Conflict("This call for help is closed already.")
    if alert.taken_by is not None:
        raise Conflict(f"{isolated(db.get_one(Person, alert.taken_by).shown_name)} has this already.")
    take(db, alert=alert, actor=actor, now=now)
    if alert.id not in room.state_of(db, group_session)["alerts"] or group_session.status is GroupStatus.ENDED:
        return None
    by = isolated(db.get_one(Person, actor.id).shown_name)
    return room.apply(db, group_session, safety.help_take, now, alert=alert.id, by=by)
