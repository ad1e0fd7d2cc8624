"""Who was there and for how long: spans from the media engine's webhooks, read per person and per section."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.places.transfer import brought_along
from backtolife.sessions.records.corrections import newest_of_each
from backtolife.sessions.records.spans import Span, came_late, merged, minutes, minutes_per_section, within
from backtolife.sessions.room.models import AttendanceSpan, GroupSession, MediaEvent, Seat, SectionEntered
from backtolife.sessions.room.services import sessions_of
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
    started = (each for each in sessions_of(db, cohort_id) if each.started_at is not None)
    sessions = [each for each in started if until is None or (each.started_at or until) < until]
    return attendance_at_each(db, sessions, now=now)


def attendance_at(db: Db, group_session: GroupSession, *, now: datetime) -> list[Attendance]:
    """Every patient who was there: connected during the session, or put right by a facilitator afterwards."""
    return attendance_at_each(db, [group_session], now=now)


def attendance_at_each(db: Db, sessions: Collection[GroupSession], *, now: datetime) -> list[Attendance]:
    """The same of many sessions, in their order. Four statements, however many there are."""
    found: list[Attendance] = []
    ids = [each.id for each in sessions if each.started_at is not None]
    if not ids:
        return found
    measured, corrected = measured_at_each(db, sessions, now=now), newest_of_each(db, ids)
    for held in sessions:
        if held.started_at is None:
            continue
        there = {each.person_id: each for each in measured[held.id]}
        for person_id, correction in corrected.get(held.id, {}).items():
            whole = there.get(person_id) or Attendance(person_id, held.number, 0, held.started_at, late=False)
            there[person_id] = replace(whole, minutes=correction.minutes, corrected=True)
        found += [each for each in there.values() if each.minutes or not each.corrected]
    return found


def came_at_each(db: Db, sessions: Collection[GroupSession], *, now: datetime) -> dict[str, set[str]]:
    """Who was there, by session, as `attendance_at` says it, for whoever does not ask how long. Three statements."""
    windows = {each.id: Span(each.started_at, each.ended_at or now) for each in sessions if each.started_at is not None}
    found: dict[str, set[str]] = {each.id: set() for each in sessions}
    if not windows:
        return found
    spans = spans_by_seat(db, {key: window.end for key, window in windows.items()})
    for seat in seats_at_each(db, list(windows)):
        if within(spans.get(seat.id, []), windows[seat.group_session_id]):
            found[seat.group_session_id].add(seat.person_id)
    for key, those in newest_of_each(db, list(windows)).items():
        for person_id, correction in those.items():
            (found[key].add if correction.minutes else found[key].discard)(person_id)
    return found


def measured_at(db: Db, group_session: GroupSession, *, now: datetime) -> list[Attendance]:
    """Every patient who was connected during the session, as the media engine saw it."""
    return measured_at_each(db, [group_session], now=now)[group_session.id]


def measured_at_each(db: Db, sessions: Collection[GroupSession], *, now: datetime) -> dict[str, list[Attendance]]:
    """The same of many sessions, by session. Three statements."""
    found: dict[str, list[Attendance]] = {each.id: [] for each in sessions}
    windows = {each.id: Span(each.started_at, each.ended_at or now) for each in sessions if each.started_at is not None}
    if not windows:
        return found
    held = {each.id: each for each in sessions}
    sections: dict[str, list[tuple[str, Span]]] = {each: [] for each in windows}
    for page in sections_at_each(db, list(windows)):
        end = page.left_at or windows[page.group_session_id].end
        sections[page.group_session_id].append((page.section_id, Span(page.entered_at, end)))
    spans = spans_by_seat(db, {key: window.end for key, window in windows.items()})
    for seat in seats_at_each(db, list(windows)):
        key, theirs = seat.group_session_id, spans.get(seat.id, [])
        if within(theirs, windows[key]):
            found[key].append(one_attendance(seat, held[key], theirs, windows[key], sections[key]))
    return found


def sections_at_each(db: Db, group_session_ids: Collection[str]) -> Sequence[SectionEntered]:
    """The parts of these sessions as they were entered. One statement."""
    return db.exec(select(SectionEntered).where(col(SectionEntered.group_session_id).in_(group_session_ids))).all()


def seats_at_each(db: Db, group_session_ids: Collection[str]) -> Sequence[Seat]:
    """The patients' seats in these sessions. One statement."""
    patients = select(Seat).where(Seat.role == SeatRole.PATIENT)
    return db.exec(patients.where(col(Seat.group_session_id).in_(group_session_ids))).all()


def held_in_few_rows(db: Db, cohort_id: str) -> None:
    """Ask for what attendance in a group is made of, but for the many spans."""
    ids = [each.id for each in sessions_of(db, cohort_id) if each.started_at is not None]
    if ids:
        sections_at_each(db, ids)
        seats_at_each(db, ids)
        newest_of_each(db, ids)


def spans_of(db: Db, group_session: GroupSession, end: datetime) -> dict[str, list[Span]]:
    """Each seat's time connected, without overlaps."""
    return spans_by_seat(db, {group_session.id: end})


def spans_by_seat(db: Db, ends: Mapping[str, datetime]) -> dict[str, list[Span]]:
    """The same of many sessions. `ends`: by session, when what has no end yet counts as ended."""
    by_seat: dict[str, list[Span]] = {}
    for row in db.exec(select(AttendanceSpan).where(col(AttendanceSpan.group_session_id).in_(ends))):
        by_seat.setdefault(row.seat_id, []).append(Span(row.joined_at, row.left_at or ends[row.group_session_id]))
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
