"""Who was there and for how long: spans from the media engine's webhooks, read per person and per section."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.places.transfer import brought_along
from backtolife.sessions.records.corrections import newest_by_person
from backtolife.sessions.records.spans import Span, came_late, merged, minutes, minutes_per_section, within
from backtolife.sessions.room.models import AttendanceSpan, GroupSession, MediaEvent, Seat, SectionEntered
from backtolife.sessions.state.rules import SeatRole


@dataclass(frozen=True)
class Attendance:
    """One patient in one session. `minutes` is time connected between its start and its end, counted once, or what a
    facilitator corrected it to; `by_section` is always as measured.
    """

    person_id: str
    session_number: int
    minutes: int
    first_here: datetime
    late: bool
    """Came more than ten minutes after the start."""
    by_section: dict[str, int] = field(default_factory=dict)
    corrected: bool = False


def take_event(db: Db, *, event_id: str, kind: str, group_session: GroupSession, at: datetime) -> bool:
    """Note a webhook by its own id; False when it was taken before."""
    db.flush()
    if db.exec(select(MediaEvent).where(MediaEvent.event_id == event_id)).first():
        return False
    db.add(
        MediaEvent(
            service_id=group_session.service_id,
            event_id=event_id,
            kind=kind,
            group_session_id=group_session.id,
            at=at,
        )
    )
    return True


def begin_span(
    db: Db, *, group_session: GroupSession, seat: Seat, connection: str, at: datetime, place: str = ""
) -> None:
    """The seat is connected to the media engine from `at`, over this connection, in this place.

    Nobody is in two places: what is still open elsewhere is from an engine that could not say when it ended.
    """
    if db.exec(select(AttendanceSpan).where(AttendanceSpan.connection == connection)).first():
        return
    elsewhere = select(AttendanceSpan).where(
        AttendanceSpan.seat_id == seat.id, AttendanceSpan.place != place, col(AttendanceSpan.left_at).is_(None)
    )
    for span in db.exec(elsewhere):
        span.left_at = max(at, span.joined_at)
    db.add(
        AttendanceSpan(
            service_id=seat.service_id,
            group_session_id=group_session.id,
            seat_id=seat.id,
            connection=connection,
            place=place,
            joined_at=at,
        )
    )


def end_span(db: Db, *, connection: str, at: datetime) -> None:
    """This connection ended."""
    span = db.exec(select(AttendanceSpan).where(AttendanceSpan.connection == connection)).first()
    if span is not None and span.left_at is None:
        span.left_at = max(at, span.joined_at)


def end_open_spans(db: Db, *, group_session: GroupSession, at: datetime, place: str | None = None) -> None:
    """Close what is open, everywhere or in one place: the session ended, or the engine started that room anew."""
    open_ones = select(AttendanceSpan).where(
        AttendanceSpan.group_session_id == group_session.id, col(AttendanceSpan.left_at).is_(None)
    )
    if place is not None:
        open_ones = open_ones.where(AttendanceSpan.place == place)
    for span in db.exec(open_ones):
        span.left_at = max(at, span.joined_at)


def still_connected(db: Db, *, seat_id: str) -> bool:
    """Whether any connection of the seat is open: with two tabs, one closing is not leaving."""
    db.flush()
    wanted = select(AttendanceSpan).where(AttendanceSpan.seat_id == seat_id, col(AttendanceSpan.left_at).is_(None))
    return db.exec(wanted).first() is not None


def attendance_of(db: Db, cohort: Cohort, *, now: datetime) -> list[Attendance]:
    """Every patient's attendance at every session that has started, by session and person.

    Who moved here from another group brings along what they came to there.
    """
    here = attendance_in(db, cohort.id, now=now)
    known = {(each.person_id, each.session_number) for each in here}
    for person_id, before, moved_at in brought_along(db, [cohort.id]).get(cohort.id, ()):
        for each in attendance_in(db, before, now=now, until=moved_at):
            if each.person_id == person_id and (person_id, each.session_number) not in known:
                known.add((person_id, each.session_number))
                here.append(each)
    return here


def attendance_in(db: Db, cohort_id: str, *, now: datetime, until: datetime | None = None) -> list[Attendance]:
    """The same at this group's own sessions, those that began before `until`."""
    started = select(GroupSession).where(GroupSession.cohort_id == cohort_id, col(GroupSession.started_at).is_not(None))
    if until is not None:
        started = started.where(col(GroupSession.started_at) < until)
    sessions = db.exec(started.order_by(col(GroupSession.number))).all()
    return [one for group_session in sessions for one in attendance_at(db, group_session, now=now)]


def attendance_at(db: Db, group_session: GroupSession, *, now: datetime) -> list[Attendance]:
    """Every patient who was there: connected during the session, or put right by a facilitator afterwards."""
    if group_session.started_at is None:
        return []
    there = {each.person_id: each for each in measured_at(db, group_session, now=now)}
    for person_id, correction in newest_by_person(db, group_session).items():
        whole = there.get(person_id) or Attendance(
            person_id, group_session.number, 0, group_session.started_at, late=False
        )
        there[person_id] = replace(whole, minutes=correction.minutes, corrected=True)
    return [each for each in there.values() if each.minutes or not each.corrected]


def measured_at(db: Db, group_session: GroupSession, *, now: datetime) -> list[Attendance]:
    """Every patient who was connected during the session, as the media engine saw it."""
    if group_session.started_at is None:
        return []
    window = Span(group_session.started_at, group_session.ended_at or now)
    seats = select(Seat).where(Seat.group_session_id == group_session.id, Seat.role == SeatRole.PATIENT)
    pages = db.exec(select(SectionEntered).where(SectionEntered.group_session_id == group_session.id)).all()
    sections = [(page.section_id, Span(page.entered_at, page.left_at or window.end)) for page in pages]
    spans = spans_of(db, group_session, window.end)
    return [
        one_attendance(seat, group_session, spans[seat.id], window, sections)
        for seat in db.exec(seats)
        if within(spans.get(seat.id, ()), window)
    ]


def spans_of(db: Db, group_session: GroupSession, end: datetime) -> dict[str, list[Span]]:
    """Each seat's time connected, without overlaps."""
    rows = db.exec(select(AttendanceSpan).where(AttendanceSpan.group_session_id == group_session.id))
    by_seat: dict[str, list[Span]] = {}
    for row in rows:
        by_seat.setdefault(row.seat_id, []).append(Span(row.joined_at, row.left_at or end))
    return {seat_id: merged(spans) for seat_id, spans in by_seat.items()}


def one_attendance(
    seat: Seat, group_session: GroupSession, spans: Sequence[Span], window: Span, sections: list[tuple[str, Span]]
) -> Attendance:
    return Attendance(
        person_id=seat.person_id,
        session_number=group_session.number,
        minutes=minutes(within(spans, window)),
        first_here=spans[0].start,
        late=came_late(spans, window.start),
        by_section=dict(minutes_per_section(spans, sections)),
    )
