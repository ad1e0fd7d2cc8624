"""The room: its document loaded, changed by a named event, and kept. Telling everybody comes after the commit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from backtolife.db import Db
from backtolife.errors import NotFound
from backtolife.programme import services as cohorts
from backtolife.programme.loading import shipped
from backtolife.programme.models import SessionDate
from backtolife.programme.template import Session
from backtolife.sessions import document, document_safety, small_changes  # noqa: F401 - their changes enter the table
from backtolife.sessions.document import Document
from backtolife.sessions.models import GroupSession, GroupStatus, Seat, SectionEntered
from backtolife.sessions.rules import Camera, SeatStatus

NO_SESSION = "We could not find that session. Check the link, or go to your home page."
FOLLOWS_STATE = ("status", "camera")
EPOCH_MS = 1000


@dataclass(frozen=True)
class Change:
    """What one event did, to be told to the room once it is committed."""

    group_session_id: str
    version: int
    before: Document
    after: Document


def milliseconds(moment: datetime) -> int:
    """The moment as the room's document counts time."""
    return round(moment.timestamp() * EPOCH_MS)


def plan_of(group_session: GroupSession) -> Session:
    """The session's plan: its sections and their words."""
    return shipped().session(group_session.number)


def date_of(db: Db, group_session: GroupSession) -> SessionDate:
    return db.get_one(SessionDate, group_session.session_date_id)


def load(db: Db, group_session_id: str) -> GroupSession:
    """The group session, held by this transaction until it ends. Raises NotFound."""
    found = db.get(GroupSession, group_session_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(NO_SESSION)
    return found


def state_of(db: Db, group_session: GroupSession) -> Document:
    """The room's document; a fresh one for a session nobody has come to."""
    if group_session.state:
        return group_session.state
    places = {place.person_id: place.place.value for place, _ in cohorts.staff_of(db, group_session.cohort_id)}
    return document.empty(places)


def apply(db: Db, group_session: GroupSession, event: str, now: datetime, /, **given: Any) -> Change:
    """Change the room by `event` and keep the result. Raises the event's named errors."""
    before = state_of(db, group_session)
    after = document.changed(before, event, **given)
    group_session.state = after
    group_session.version += 1
    follow_status(group_session, after, now)
    follow_seats(db, group_session, before, after, now)
    if before["section"]["index"] != after["section"]["index"] or event == "end":
        turn_page(db, group_session, after, now)
    db.flush()
    return Change(group_session.id, group_session.version, before, after)


def follow_status(group_session: GroupSession, after: Document, now: datetime) -> None:
    group_session.status = GroupStatus(after["status"])
    if "started_ms" in after and group_session.started_at is None:
        group_session.started_at = now
    if "ended_ms" in after and group_session.ended_at is None:
        group_session.ended_at = now


def follow_seats(db: Db, group_session: GroupSession, before: Document, after: Document, now: datetime) -> None:
    """The seats' rows say the same as the document, so that others can ask the database."""
    for seat_id, entry in after["seats"].items():
        was = before["seats"].get(seat_id, {})
        if all(was.get(key) == entry.get(key) for key in FOLLOWS_STATE):
            continue
        seat = db.get_one(Seat, seat_id)
        seat.status, seat.camera = SeatStatus(entry["status"]), Camera(entry["camera"])
        if seat.status == SeatStatus.ADMITTED and seat.admitted_at is None:
            seat.admitted_at = now
        if seat.status == SeatStatus.LOBBY and was.get("status") != SeatStatus.LOBBY:
            seat.lobby_at = now


def turn_page(db: Db, group_session: GroupSession, after: Document, now: datetime) -> None:
    """Close the section that was on and open the next in the append-only record."""
    on = select(SectionEntered).where(
        SectionEntered.group_session_id == group_session.id, col(SectionEntered.left_at).is_(None)
    )
    for entered in db.exec(on):
        entered.left_at = now
    if after["status"] == GroupStatus.RUNNING:
        db.add(
            SectionEntered(
                service_id=group_session.service_id,
                group_session_id=group_session.id,
                section_id=after["section"]["id"],
                entered_at=now,
            )
        )


def planned_end(db: Db, group_session: GroupSession) -> datetime:
    """When the session should be over by the cohort's dates."""
    return date_of(db, group_session).ends_at


def whole_length(group_session: GroupSession) -> timedelta:
    return timedelta(minutes=plan_of(group_session).live_minutes)
