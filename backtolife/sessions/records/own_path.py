"""A patient's own way through the sessions of their group: which were made, and to which of them they came."""

from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.programme.cohorts.models import Enrolment, PlaceMove
from backtolife.sessions.records.models import AttendanceCorrection
from backtolife.sessions.records.spans import Span, within
from backtolife.sessions.room.models import AttendanceSpan, GroupSession, Seat
from backtolife.sessions.state.rules import SeatRole


def own_path(db: Db, place: Enrolment, *, now: datetime) -> tuple[list[GroupSession], set[int]]:
    """The sessions of the group in their order, and the numbers of those that this patient came to, here or in a group
    that they were in before: the same that `attendance_of` says of them. One statement.
    """
    seat = and_(
        col(Seat.group_session_id) == col(GroupSession.id),
        col(Seat.person_id) == place.person_id,
        col(Seat.role) == SeatRole.PATIENT,
    )
    corrected = and_(
        col(AttendanceCorrection.group_session_id) == col(GroupSession.id),
        col(AttendanceCorrection.person_id) == place.person_id,
    )
    moved_on = and_(
        col(PlaceMove.enrolment_id) == place.id,
        col(PlaceMove.from_cohort_id) == col(GroupSession.cohort_id),
        col(PlaceMove.from_cohort_id) != place.cohort_id,
        col(PlaceMove.at) > col(GroupSession.started_at),
    )
    wanted = (
        select(GroupSession, AttendanceSpan, AttendanceCorrection)
        .join(Seat, seat, isouter=True)
        .join(AttendanceSpan, col(AttendanceSpan.seat_id) == col(Seat.id), isouter=True)
        .join(AttendanceCorrection, corrected, isouter=True)
        .join(PlaceMove, moved_on, isouter=True)
        .where(or_(col(GroupSession.cohort_id) == place.cohort_id, col(PlaceMove.id).is_not(None)))
        .order_by(col(GroupSession.number), col(AttendanceCorrection.version))
    )
    held: dict[str, GroupSession] = {}
    minutes: dict[str, int] = {}
    came: set[str] = set()
    for session, span, correction in db.exec(wanted):
        held[session.id] = session
        if correction is not None:
            minutes[session.id] = correction.minutes  # the newest comes last, and counts
        if session.started_at is not None and span is not None:
            window = Span(session.started_at, session.ended_at or now)
            if within([Span(span.joined_at, span.left_at or window.end)], window):
                came.add(session.id)
    numbers = {each.number for key, each in held.items() if minutes.get(key, key in came)}
    return [each for each in held.values() if each.cohort_id == place.cohort_id], numbers
