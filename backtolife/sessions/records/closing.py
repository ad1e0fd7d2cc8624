"""The end of a session: the room closes, attendance is whole, and what people told us about today is deleted as soon as
the end can be undone no more.
"""

from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.errors import Conflict
from backtolife.programme.cohorts.models import SessionDate
from backtolife.sessions.records import attendance
from backtolife.sessions.room import seats
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, GroupStatus, HelpAlert, Seat
from backtolife.sessions.state import script

GRACE = timedelta(minutes=10)
"""How long an end can be undone at least, also where the planned end is near or past."""
LEFT_OPEN = timedelta(hours=2)
"""How long after its planned end a session that nobody ended is ended by itself."""


def close(db: Db, *, group_session: GroupSession, actor: Acting, now: datetime) -> room.Change:
    """End the session. Raises Conflict when it is over already.

    Questions about it open now, and not when it was planned to end.
    """
    change = room.apply(db, group_session, script.end, now, now_ms=room.milliseconds(now))
    if group_session.started_at is not None:
        room.date_of(db, group_session).ended_at = now
    attendance.end_open_spans(db, group_session=group_session, at=now)
    if group_session.started_at is None:
        seats.forget_answers(db, group_session=group_session)  # nothing to undo
    audit.record(
        db,
        actor=actor,
        action="session_ended",
        subject_type="group_session",
        subject_id=group_session.id,
        now=now,
    )
    return change


def open_again_until(db: Db, group_session: GroupSession) -> datetime | None:
    """Up to when an end can be undone: the planned end, and some minutes after the press at least. None where there is
    nothing to undo.
    """
    if group_session.status is not GroupStatus.ENDED or group_session.started_at is None:
        return None
    if group_session.ended_at is None:
        return None
    return max(room.planned_end(db, group_session), group_session.ended_at + GRACE)


def may_open_again(db: Db, group_session: GroupSession, now: datetime) -> bool:
    until = open_again_until(db, group_session)
    return until is not None and now < until


def open_again(db: Db, *, group_session: GroupSession, actor: Acting, now: datetime) -> room.Change:
    """Undo the end: whoever was in is in again, and their page comes back by itself.

    Raises Conflict when it is too late, or was never ended.
    """
    if not may_open_again(db, group_session, now):
        raise Conflict("This session cannot be opened again: its time is over, or it has not been ended.")
    change = room.apply(db, group_session, script.open_again, now, now_ms=room.milliseconds(now))
    room.date_of(db, group_session).ended_at = None
    audit.record(
        db,
        actor=actor,
        action="session_opened_again",
        subject_type="group_session",
        subject_id=group_session.id,
        now=now,
    )
    return change


def close_left_open(db: Db, *, actor: Acting, now: datetime) -> list[room.Change]:
    """End every session of the actor's service that its facilitators forgot to end, so that nothing told for one day
    is kept for longer.
    """
    forgotten = (
        select(GroupSession.id)
        .join(SessionDate, col(SessionDate.id) == col(GroupSession.session_date_id))
        .where(
            GroupSession.service_id == actor.service_id,
            col(GroupSession.status).in_((GroupStatus.OPEN, GroupStatus.RUNNING)),
            SessionDate.ends_at <= now - LEFT_OPEN,
        )
    )
    ids = db.exec(forgotten).all()
    return [close_late(db, group_session=room.load(db, each), actor=actor, now=now) for each in ids]


def close_late(db: Db, *, group_session: GroupSession, actor: Acting, now: datetime) -> room.Change:
    """So long after its planned end nobody undoes it."""
    change = close(db, group_session=group_session, actor=actor, now=now)
    seats.forget_answers(db, group_session=group_session)
    return change


def forget_ended(db: Db, *, actor: Acting, now: datetime) -> list[str]:
    """Delete what people told us about today, in each session of the actor's service whose end can be undone no more.

    Returns the sessions' ids. Until then it is kept, so that whoever comes back in can still be found and rung.
    """
    told = select(Seat.group_session_id).where(
        Seat.service_id == actor.service_id,
        or_(Seat.place != "", Seat.phone != "", Seat.emergency_phone != "", Seat.news != ""),
        col(Seat.id).not_in(select(HelpAlert.seat_id)),
    )
    wanted = (
        select(GroupSession)
        .join(SessionDate, col(SessionDate.id) == col(GroupSession.session_date_id))
        .where(
            GroupSession.service_id == actor.service_id,
            GroupSession.status == GroupStatus.ENDED,
            col(GroupSession.ended_at) <= now - GRACE,
            SessionDate.ends_at <= now,
            col(GroupSession.id).in_(told),
        )
    )
    over = db.exec(wanted).all()
    for group_session in over:
        seats.forget_answers(db, group_session=group_session)
    return sorted(each.id for each in over)
