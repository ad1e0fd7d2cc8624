"""How often and how long each person was in the live room, for a whole service at once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife.db import Db
from backtolife.sessions.models import AttendanceSpan, GroupSession, Seat
from backtolife.sessions.presence import Span, minutes, within
from backtolife.sessions.record_models import AttendanceCorrection
from backtolife.sessions.rules import SeatRole


@dataclass(frozen=True, slots=True)
class Came:
    """How many sessions somebody came to, and whole minutes in all."""

    sessions: int
    minutes: int


def came_by(db: Db, service_id: str, now: datetime) -> dict[tuple[str, str], Came]:
    """By cohort and person, by the same rule as `sessions.attendance`: measured, or what a facilitator put right."""
    held = select(GroupSession.id, GroupSession.cohort_id, GroupSession.started_at, GroupSession.ended_at).where(
        GroupSession.service_id == service_id, col(GroupSession.started_at).is_not(None)
    )
    windows = {row[0]: (row[1], Span(row[2], row[3] or now)) for row in db.exec(held) if row[2] is not None}
    time = {
        (session, person): (minutes(spent), False)
        for (session, person), spent in measured(db, service_id, {key: window for key, (_, window) in windows.items()})
        if spent
    }
    for session, person, corrected in corrections(db, service_id):
        if session in windows:
            time[session, person] = (corrected, True)
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (session, person), (spent, by_hand) in time.items():
        if spent or not by_hand:
            found[windows[session][0], person].append(spent)
    return {key: Came(len(each), sum(each)) for key, each in found.items()}


def measured(db: Db, service_id: str, windows: dict[str, Span]) -> list[tuple[tuple[str, str], timedelta]]:
    """The time each person was connected during each session."""
    wanted = (
        select(AttendanceSpan.group_session_id, Seat.person_id, AttendanceSpan.joined_at, AttendanceSpan.left_at)
        .join(Seat, col(Seat.id) == col(AttendanceSpan.seat_id))
        .where(AttendanceSpan.service_id == service_id, Seat.role == SeatRole.PATIENT)
    )
    spans: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for session, person, joined, left in db.exec(wanted):
        if session in windows:
            spans[session, person].append(Span(joined, left or windows[session].end))
    return [(key, within(each, windows[key[0]])) for key, each in spans.items()]


def corrections(db: Db, service_id: str) -> list[tuple[str, str, int]]:
    """(session, person, minutes), older versions first, so that the newest is the last word."""
    wanted = select(
        AttendanceCorrection.group_session_id, AttendanceCorrection.person_id, AttendanceCorrection.minutes
    ).where(AttendanceCorrection.service_id == service_id)
    return [tuple(row) for row in db.exec(wanted.order_by(col(AttendanceCorrection.version)))]  # type: ignore[misc]
