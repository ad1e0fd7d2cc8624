"""The end of a session: the room closes, attendance is whole, and what people told us about today is deleted."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.db import Db
from backtolife.programme.models import SessionDate
from backtolife.sessions import attendance, room, seats
from backtolife.sessions.models import GroupSession, GroupStatus

LEFT_OPEN = timedelta(hours=2)
"""How long after its planned end a session that nobody ended is ended by itself."""


def close(db: Db, *, group_session: GroupSession, actor: Acting, now: datetime) -> room.Change:
    """End the session. Raises Conflict when it is over already."""
    change = room.apply(db, group_session, "end", now, now_ms=room.milliseconds(now))
    attendance.end_open_spans(db, group_session=group_session, at=now)
    seats.forget_answers(db, group_session=group_session)
    audit.record(
        db,
        actor=actor,
        action="session_ended",
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
    return [close(db, group_session=room.load(db, each), actor=actor, now=now) for each in ids]
