"""Taking a seat in the live room, and what a person told us when they did."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, new_id
from backtolife.errors import Invalid, NotFound
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.numbers import phone_kept
from backtolife.programme.consent.asking import lacking
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, HelpAlert, Seat
from backtolife.sessions.room.warning_signs import URGENT
from backtolife.sessions.state import rules
from backtolife.sessions.state import seats as seat_changes
from backtolife.sessions.state.room_state import Beside, Missing, NewsLevel
from backtolife.sessions.state.rules import Camera, SeatRole, SeatStatus


@dataclass(frozen=True)
class Ready:
    """What somebody said on the page before the session."""

    camera: Camera
    place: str = ""
    phone: str = ""
    emergency_name: str = ""
    emergency_phone: str = ""
    space_ready: tuple[str, ...] = field(default=())
    flags: tuple[str, ...] = field(default=())
    """Groups of warning signs they ticked."""
    news: str = ""


def seat_of(db: Db, *, group_session_id: str, person_id: str) -> Seat | None:
    """The person's seat in the session, or None."""
    wanted = select(Seat).where(Seat.group_session_id == group_session_id, Seat.person_id == person_id)
    return db.exec(wanted).first()


def seat_by_id(db: Db, *, group_session: GroupSession, seat_id: str) -> Seat:
    """A seat of this session. Raises NotFound for one of another."""
    seat = db.get(Seat, seat_id)
    if seat is None or seat.group_session_id != group_session.id:
        raise NotFound("This person is not in your session.")
    return seat


def last_camera(db: Db, person_id: str) -> Camera | None:
    """What the person chose last time; None the first time, so that nothing is chosen for them."""
    newest = select(Seat).where(Seat.person_id == person_id).order_by(col(Seat.lobby_at).desc()).limit(1)
    found = db.exec(newest).first()
    return found.camera if found else None


def take_seat(
    db: Db, *, group_session: GroupSession, person: Person, ready: Ready, actor: Actor, now: datetime
) -> room.Change:
    """Sit down in the waiting room (staff: in the room). Somebody who was removed cannot; asking again updates."""
    rules.refuse_after_end(group_session.status)
    seat = seat_of(db, group_session_id=group_session.id, person_id=person.id)
    rules.may_take_a_seat(seat.status if seat else None)
    if person.is_patient and not ready.phone.strip():
        raise Invalid("Enter a number we can ring if we lose you", "phone")
    if seat is None:
        seat = Seat(
            id=new_id(),
            service_id=group_session.service_id,
            group_session_id=group_session.id,
            cohort_id=group_session.cohort_id,
            person_id=person.id,
            role=SeatRole.FACILITATOR if person.is_staff else SeatRole(person.kind.value),
            status=SeatStatus.LOBBY,
            camera=ready.camera,
            lobby_at=now,
        )
        db.add(seat)
    note_answers(seat, ready)
    db.flush()
    audit.record(db, actor=actor, action="seat_taken", subject_type="seat", subject_id=seat.id, now=now)
    return room.apply(
        db,
        group_session,
        seat_changes.take_seat,
        now,
        seat=seat.id,
        person=person.id,
        name=isolated(person.shown_name),
        role=seat.role,
        camera=ready.camera,
        news=news_level(seat),
        beside=beside_of(db, person),
        missing=missing_of(db, seat, person),
        now_ms=room.milliseconds(now),
    )


def beside_of(db: Db, person: Person) -> Beside | None:
    """Of a companion: the patient they sit beside, by id and by the name that the group knows; None for others."""
    patient = db.get(Person, person.beside_id) if person.beside_id else None
    return {"person": patient.id, "name": isolated(patient.shown_name)} if patient else None


def missing_of(db: Db, seat: Seat, person: Person) -> list[Missing]:
    """What staff should ask a patient for before they move: where help would go, whom to ring, a yes to the words that
    the live room needs.
    """
    if seat.role is not SeatRole.PATIENT:
        return []
    contact = seat.emergency_phone or person.emergency_phone
    known: dict[Missing, bool | str] = {"address": ": " in seat.place, "contact": contact}
    known["agreement"] = person.id not in lacking(db, person_ids=[person.id], service_id=person.service_id)
    return [name for name, given in known.items() if not given]


def news_level(seat: Seat) -> NewsLevel:
    """What the room may know of the news: "urgent", "new" or nothing; the words stay in the seat's row."""
    if set(seat.flags) & URGENT:
        return "urgent"
    return "new" if seat.news or seat.flags else ""


def note_answers(seat: Seat, ready: Ready) -> None:
    seat.place, seat.phone = ready.place.strip(), phone_kept(ready.phone)
    seat.emergency_name, seat.emergency_phone = ready.emergency_name.strip(), phone_kept(ready.emergency_phone)
    seat.space_ready, seat.news, seat.flags = list(ready.space_ready), ready.news.strip(), list(ready.flags)


def forget_answers(db: Db, *, group_session: GroupSession) -> None:
    """The session is over: delete where people were and whom to ring, but for those who called for help."""
    incidents = select(HelpAlert.seat_id).where(HelpAlert.group_session_id == group_session.id)
    kept = set(db.exec(incidents))
    for seat in db.exec(select(Seat).where(Seat.group_session_id == group_session.id)):
        if seat.id not in kept:
            note_answers(seat, Ready(seat.camera))
