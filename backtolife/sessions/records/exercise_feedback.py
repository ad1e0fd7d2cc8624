"""How each exercise section felt to each patient, kept for the summary and the next session's plan."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.sessions.records.models import FeltAnswer
from backtolife.sessions.room.models import GroupSession, Seat


def keep(db: Db, *, seat: Seat, section_id: str, way: str, feels: str, now: datetime) -> None:
    """Keep what was said last in this section; an empty word leaves the earlier one."""
    found = db.exec(
        select(FeltAnswer).where(FeltAnswer.seat_id == seat.id, FeltAnswer.section_id == section_id)
    ).first()
    if found is None:
        found = FeltAnswer(
            service_id=seat.service_id,
            group_session_id=seat.group_session_id,
            seat_id=seat.id,
            section_id=section_id,
            at=now,
        )
        db.add(found)
    found.way, found.feels, found.at = way or found.way, feels or found.feels, now


def answers_of(db: Db, group_session: GroupSession) -> Sequence[FeltAnswer]:
    """Everything said in the session, in the order it was said."""
    wanted = select(FeltAnswer).where(FeltAnswer.group_session_id == group_session.id)
    return db.exec(wanted.order_by(col(FeltAnswer.at), col(FeltAnswer.id))).all()
