"""How often and how long each person was in the live room, for a whole service at once."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import select as columns
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.programme.places.transfer import brought_along
from backtolife.reporting.dataset.final import Finals
from backtolife.sessions.records.models import AttendanceCorrection
from backtolife.sessions.records.spans import Span, minutes, overlap, within
from backtolife.sessions.room.models import AttendanceSpan, GroupSession, Seat
from backtolife.sessions.state.rules import SeatRole

AT_ONCE = 1000
"""Rows fetched together."""


@dataclass(frozen=True, slots=True)
class Came:
    """How many sessions somebody came to, and whole minutes in all."""

    sessions: int
    minutes: int


class Held(NamedTuple):
    """One session of a group that took place, and from when to when."""

    cohort: str
    number: int
    window: Span


def came_by(db: Db, service_id: str, now: datetime, finals: Finals) -> dict[tuple[str, str], Came]:
    """By cohort and person, by the same rule as `sessions.attendance`: measured, or what a facilitator put right in
    time. Who moved from another group brings along what they came to there before; the same session in both groups is
    one.
    """
    wanted = columns(
        col(GroupSession.id),
        col(GroupSession.cohort_id),
        col(GroupSession.number),
        col(GroupSession.started_at),
        col(GroupSession.ended_at),
    ).where(col(GroupSession.service_id) == service_id, col(GroupSession.started_at).is_not(None))
    held = {
        session: Held(cohort, number, Span(began, ended or now))
        for session, cohort, number, began, ended in db.connection().execute(wanted)
        if began is not None
    }
    put_right = {
        (session, person): spent
        for session, person, spent, at in corrections(db, service_id)
        if session in held and finals.counts(held[session].cohort, at)
    }
    found: dict[tuple[str, str], dict[Held, int]] = defaultdict(dict)
    for session, person, spent in measured(db, service_id, {key: each.window for key, each in held.items()}):
        if spent and (session, person) not in put_right:
            found[held[session].cohort, person][held[session]] = minutes(spent)
    for (session, person), by_hand in put_right.items():
        if by_hand:
            found[held[session].cohort, person][held[session]] = by_hand
    for cohort, brought in brought_along(db, finals.zones).items():
        for person, before, moved_at in brought:
            here = found[cohort, person]
            known = {each.number for each in here}
            for each, spent_there in found.get((before, person), {}).items():
                if each.number not in known and each.window.start < moved_at:
                    here[each] = spent_there
    return {key: Came(len(each), sum(each.values())) for key, each in found.items() if each}


def measured(db: Db, service_id: str, windows: dict[str, Span]) -> Iterator[tuple[str, str, timedelta]]:
    """The time each person was connected during each session: session, person, time."""
    wanted = (
        columns(
            col(AttendanceSpan.group_session_id),
            col(Seat.person_id),
            col(AttendanceSpan.joined_at),
            col(AttendanceSpan.left_at),
        )
        .join(Seat, col(Seat.id) == col(AttendanceSpan.seat_id))
        .where(col(AttendanceSpan.service_id) == service_id, col(Seat.role) == SeatRole.PATIENT)
        .order_by(col(AttendanceSpan.group_session_id), col(Seat.person_id))
    )
    found = chain.from_iterable(db.connection().execute(wanted).partitions(AT_ONCE))
    for (session, person), rows in groupby(found, key=itemgetter(0, 1)):
        if session in windows:
            window = windows[session]
            spans = [(joined, left or window.end) for _, _, joined, left in rows]
            alone = len(spans) == 1
            spent = overlap(*spans[0], window) if alone else within((Span(*each) for each in spans), window)
            yield session, person, spent


def corrections(db: Db, service_id: str) -> list[tuple[str, str, int, datetime]]:
    """(session, person, minutes, when), older versions first, so that the newest is the last word."""
    correction = AttendanceCorrection
    wanted = select(correction.group_session_id, correction.person_id, correction.minutes, correction.at).where(
        correction.service_id == service_id
    )
    return [tuple(row) for row in db.exec(wanted.order_by(col(AttendanceCorrection.version)))]  # type: ignore[misc]
