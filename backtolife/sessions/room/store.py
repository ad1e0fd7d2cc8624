"""The room: its document loaded, changed, and kept. Telling everybody comes after the commit."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.errors import NotFound
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.covering import team_on
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.plan.template import Programme, Session
from backtolife.sessions.room.models import GroupSession, GroupStatus, Seat, SectionEntered
from backtolife.sessions.state import document, script, seats
from backtolife.sessions.state.document import Given
from backtolife.sessions.state.room_state import RoomState, StaffPlaceWord
from backtolife.sessions.state.rules import Camera, SeatStatus

NO_SESSION = "We could not find that session. Check the link, or go to your home page."
OWN_CHOICES = (seats.take_seat, seats.camera_choice)
"""Changes in which people say themselves who sees them: only that is what they chose, and remembered for next time."""
EPOCH_MS = 1000
ENDS = (script.end, script.open_again)
"""What closes the page of the record that was on, or begins it anew."""


@dataclass(frozen=True)
class Change:
    """What was changed, to be told to the room once it is committed."""

    group_session_id: str
    version: int
    before: RoomState
    after: RoomState


def milliseconds(moment: datetime) -> int:
    """The moment as the room's document counts time."""
    return round(moment.timestamp() * EPOCH_MS)


def programme_in(db: Db, group_session: GroupSession) -> Programme:
    """The programme that the group began with."""
    return programme_of(db, db.get_one(Cohort, group_session.cohort_id))


def plan_of(db: Db, group_session: GroupSession) -> Session:
    """The session's plan: its sections and their words."""
    return programme_in(db, group_session).session(group_session.number)


def date_of(db: Db, group_session: GroupSession) -> SessionDate:
    return db.get_one(SessionDate, group_session.session_date_id)


def load(db: Db, group_session_id: str) -> GroupSession:
    """The group session, held by this transaction until it ends. Raises NotFound."""
    found = db.get(GroupSession, group_session_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(NO_SESSION)
    return found


def kept_state(group_session: GroupSession) -> RoomState | None:
    """The room's document as it is kept; None for a session nobody has come to."""
    return cast("RoomState", group_session.state) if group_session.state else None


def state_of(db: Db, group_session: GroupSession) -> RoomState:
    """The room's document; a fresh one for a session nobody has come to."""
    kept = kept_state(group_session)
    if kept is not None:
        return kept
    team = team_on(db, date_of(db, group_session))
    places: dict[str, StaffPlaceWord] = {person.id: place.value for place, person in team.items()}
    return document.empty(places)


def apply(
    db: Db,
    group_session: GroupSession,
    change: document.Change[Given],
    now: datetime,
    /,
    *args: Given.args,
    **given: Given.kwargs,
) -> Change:
    """Change the room by `change`, a function of `state/`, and keep the result. Raises its named errors."""
    before = state_of(db, group_session)
    after = document.changed(before, change, *args, **given)
    group_session.state = after
    group_session.version += 1
    follow_status(group_session, after, now)
    follow_seats(db, before, after, now, chosen=change in OWN_CHOICES)
    if before["section"]["index"] != after["section"]["index"] or change in ENDS:
        turn_page(db, group_session, after, now)
    db.flush()
    return Change(group_session.id, group_session.version, before, after)


def follow_status(group_session: GroupSession, after: RoomState, now: datetime) -> None:
    group_session.status = GroupStatus(after["status"])
    if "started_ms" in after and group_session.started_at is None:
        group_session.started_at = now
    if "ended_ms" not in after:
        group_session.ended_at = None
    elif group_session.ended_at is None:
        group_session.ended_at = now


def follow_seats(db: Db, before: RoomState, after: RoomState, now: datetime, *, chosen: bool) -> None:
    """The seats' rows say the same as the document, so that others can ask the database.

    Who sees somebody is written down as they `chosen` it: a camera that a facilitator stopped is off in the room alone.
    """
    for seat_id, entry in after["seats"].items():
        was = before["seats"].get(seat_id)
        if was is not None and (was["status"], was["camera"]) == (entry["status"], entry["camera"]):
            continue
        seat = db.get_one(Seat, seat_id)
        seat.status = SeatStatus(entry["status"])
        if chosen:
            seat.camera = Camera(entry["camera"])
        if seat.status == SeatStatus.ADMITTED and seat.admitted_at is None:
            seat.admitted_at = now
        if seat.status == SeatStatus.LOBBY and (was is None or was["status"] != "lobby"):
            seat.lobby_at = now


def turn_page(db: Db, group_session: GroupSession, after: RoomState, now: datetime) -> None:
    """Close the section that was on and open the next in the append-only record."""
    on = select(SectionEntered).where(
        SectionEntered.group_session_id == group_session.id, col(SectionEntered.left_at).is_(None)
    )
    for entered in db.exec(on):
        entered.left_at = now
    if after["status"] == "running":
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
