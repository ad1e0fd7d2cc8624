"""A session looked back on: who was there and for how long, how they were, who asked for help, who needs a call."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.programme.agreed.services import plans_of
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.goals.services import goals_of
from backtolife.programme.patients.calling.calls import Called, newest_calls
from backtolife.programme.places.transfer import who_was_in
from backtolife.sessions.incidents import services as incidents
from backtolife.sessions.records import checks, corrections, exercise_feedback, warnings_kept
from backtolife.sessions.records.attendance import Attendance, attendance_at, measured_at, spans_of
from backtolife.sessions.records.models import AttendanceCorrection
from backtolife.sessions.records.spans import minutes
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupSession, HelpAlert, Seat, SectionEntered
from backtolife.sessions.room.warning_signs import labels_of
from backtolife.sessions.state.room_state import MomentWord
from backtolife.sessions.state.rules import SeatRole, SeatStatus
from backtolife.sessions.summary.follow_up import Course, why_call

FEELS = {"easy": "Easy", "right": "About right", "hard": "Too hard", "rest": "Had a rest"}
Checks = Mapping[MomentWord, checks.CheckNumbers]


@dataclass(frozen=True)
class SectionLine:
    """One part of the session: planned minutes, and the minutes it took, None when the group never came to it."""

    id: str
    title: str
    planned: int
    took: int | None


@dataclass(frozen=True)
class Felt:
    """What somebody said of one exercise section."""

    title: str
    way: str
    feels: str


@dataclass(frozen=True)
class Call:
    """One call for help with who took it; times are None while nobody has."""

    person: Person
    alert: HelpAlert
    taken_by: str
    recorded: bool
    """Whether staff have written about it."""


@dataclass(frozen=True)
class PersonLine:
    """One patient. `minutes` is what counts, `measured` what the media engine saw; both 0 for one who did not come."""

    person: Person
    minutes: int
    measured: int
    late: bool
    by_section: Mapping[str, int]
    correction: AttendanceCorrection | None
    checks: Checks = field(default_factory=dict)
    felt: Sequence[Felt] = ()
    calls: Sequence[str] = ()
    said_not_coming: bool = False
    """They told us before that they could not come."""
    goals: Sequence[str] = ()
    """What they want to do more of."""
    plan: str = ""
    """What they agreed in this session to do until the next."""
    place: Enrolment | None = None
    """Where what staff write about them goes; none for who had a seat and never a place."""
    rung: Called | None = None
    """The newest call with them."""

    @property
    def left(self) -> bool:
        """Whether they have left the group since; who has died is not said to have left."""
        return has_left(self.place) and self.person.died_at is None


def has_left(place: Enrolment | None) -> bool:
    return place is not None and place.state is EnrolmentState.WITHDRAWN


@dataclass(frozen=True)
class Summary:
    """Everything the page shows."""

    group_session: GroupSession
    title: str
    starts_at: datetime
    minutes: int
    """How long it has been, or was, on; 0 before the start."""
    sections: Sequence[SectionLine]
    people: Sequence[PersonLine]
    alerts: Sequence[Call]

    @property
    def came(self) -> int:
        return sum(bool(line.minutes) for line in self.people)


def summary_of(db: Db, *, group_session: GroupSession, actor: Actor, now: datetime) -> Summary:
    """Look back on a session, or on as much of it as there has been. Looking leaves a trace."""
    audit.record(
        db,
        actor=actor,
        action="session_summary_seen",
        subject_type="group_session",
        subject_id=group_session.id,
        now=now,
    )
    started = group_session.started_at
    length = (group_session.ended_at or now) - started if started else timedelta()
    alerts = calls_for_help(db, group_session)
    return Summary(
        group_session=group_session,
        title=room.plan_of(db, group_session).title,
        starts_at=room.date_of(db, group_session).starts_at,
        minutes=minutes(length),
        sections=sections_of(db, group_session, now),
        people=people_of(db, group_session, alerts, now) if started else [],
        alerts=alerts,
    )


def sections_of(db: Db, group_session: GroupSession, now: datetime) -> list[SectionLine]:
    took: dict[str, timedelta] = {}
    for page in db.exec(select(SectionEntered).where(SectionEntered.group_session_id == group_session.id)):
        took[page.section_id] = took.get(page.section_id, timedelta()) + ((page.left_at or now) - page.entered_at)
    return [
        SectionLine(each.id, each.title, each.minutes, minutes(took[each.id]) if each.id in took else None)
        for each in room.plan_of(db, group_session).sections
    ]


def calls_for_help(db: Db, group_session: GroupSession) -> list[Call]:
    wanted = select(HelpAlert, Person).join(Seat, col(Seat.id) == col(HelpAlert.seat_id))
    wanted = wanted.join(Person, col(Person.id) == col(Seat.person_id))
    rows = db.exec(wanted.where(HelpAlert.group_session_id == group_session.id).order_by(col(HelpAlert.at))).all()
    names = {alert.taken_by: db.get_one(Person, alert.taken_by).shown_name for alert, _ in rows if alert.taken_by}
    written = incidents.recorded_in(db, group_session)
    return [
        Call(person, alert, names.get(alert.taken_by or "", ""), recorded=alert.id in written) for alert, person in rows
    ]


def people_of(db: Db, group_session: GroupSession, alerts: Sequence[Call], now: datetime) -> list[PersonLine]:
    """Everyone with a place in the group, who had one then, and whoever had a seat, by full name."""
    was_in = who_was_in(db, group_session.cohort_id, group_session.started_at or now)
    known, people = gather(db, group_session, alerts, now), {person.id: person for _, person in was_in}
    people |= {each: db.get_one(Person, each) for each in known.seats if each not in people}
    places = {place.person_id: place for place, _ in reversed(was_in)}  # the place here before one elsewhere
    places |= places_here(db, group_session.cohort_id, people.keys() - places.keys())
    agreed = goals_of(db, [place.id for place in places.values()])
    goals = {person_id: [own.words for own in agreed.get(place.id, ())] for person_id, place in places.items()}
    plans = agreed_in(db, group_session.number, places)
    rung = newest_calls(db, people)
    lines = [
        line_of(person, known, goals.get(person.id, ()), places.get(person.id), rung.get(person.id))
        for person in sorted(people.values(), key=lambda each: each.full_name)
    ]
    return [replace(line, plan=plans.get(line.person.id, "")) for line in lines]


def agreed_in(db: Db, number: int, places: Mapping[str, Enrolment]) -> dict[str, str]:
    """What each person agreed in that session to do until the next, in words; who agreed nothing is not named."""
    theirs = plans_of(db, [place.id for place in places.values()])
    return {
        person_id: own.wording.said
        for person_id, place in places.items()
        for own in theirs.get(place.id, ())
        if own.session_number == number
    }


def places_here(db: Db, cohort_id: str, person_ids: Collection[str]) -> dict[str, Enrolment]:
    """The place of each of these in the group, the newest where there are two."""
    if not person_ids:
        return {}
    wanted = select(Enrolment).where(Enrolment.cohort_id == cohort_id, col(Enrolment.person_id).in_(person_ids))
    return {each.person_id: each for each in db.exec(wanted.order_by(col(Enrolment.enrolled_at)))}


@dataclass(frozen=True)
class Known:
    """What there is about a session, by person or by seat."""

    seats: Mapping[str, Seat]
    there: Mapping[str, Attendance]
    measured: Mapping[str, Attendance]
    put_right: Mapping[str, AttendanceCorrection]
    checks: Mapping[str, Checks]
    felt: Mapping[str, list[Felt]]
    gone: Mapping[str, int]
    """By how many minutes each seat left before the end."""
    helped: Mapping[str, list[str]]
    news: frozenset[str]
    """Seats that told us of something new before the session."""
    not_coming: frozenset[str]
    """Persons who said that they cannot come."""
    signs: Mapping[str, list[str]]
    """The labels of the warning signs that each person ticked at the door and did not take off again."""


def gather(db: Db, group_session: GroupSession, alerts: Sequence[Call], now: datetime) -> Known:
    seats = db.exec(select(Seat).where(Seat.group_session_id == group_session.id, Seat.role == SeatRole.PATIENT)).all()
    titles = {section.id: section.title for section in room.plan_of(db, group_session).sections}
    feelings: dict[str, list[Felt]] = {}
    for said in exercise_feedback.answers_of(db, group_session):
        line = Felt(titles.get(said.section_id, ""), said.way, FEELS.get(said.feels, ""))
        feelings.setdefault(said.seat_id, []).append(line)
    helped: dict[str, list[str]] = {}
    for call in alerts:
        helped.setdefault(call.person.id, []).append(call.alert.reason)
    end = group_session.ended_at or now
    spans = spans_of(db, group_session, end)
    state = room.state_of(db, group_session)
    in_room = state["seats"]
    return Known(
        seats={seat.person_id: seat for seat in seats},
        there={each.person_id: each for each in attendance_at(db, group_session, now=now)},
        measured={each.person_id: each for each in measured_at(db, group_session, now=now)},
        put_right=corrections.newest_by_person(db, group_session),
        checks=checks.by_seat(checks.answers_of(db, group_session)),
        felt=feelings,
        gone={seat_id: max(0, minutes(end - each[-1].end)) for seat_id, each in spans.items() if each},
        helped=helped,
        not_coming=frozenset(state.get("not_coming", {})),
        signs={
            person_id: labels_of([each.sign for each in ticked if each.unticked_at is None])
            for person_id, ticked in warnings_kept.signs_in(db, group_session).items()
        },
        news=frozenset(seat_id for seat_id, entry in in_room.items() if entry.get("news")),
    )


def line_of(
    person: Person, known: Known, goals: Sequence[str], place: Enrolment | None, rung: Called | None
) -> PersonLine:
    seat, there, correction = known.seats.get(person.id), known.there.get(person.id), known.put_right.get(person.id)
    seat_id, seen = seat.id if seat else "", known.measured.get(person.id)
    said, feelings = known.checks.get(seat_id, {}), known.felt.get(seat_id, [])
    course = Course(
        came=there is not None,
        said_not_coming=person.id in known.not_coming,
        gone_before_end=None if correction else known.gone.get(seat_id),
        left_on_purpose=seat is not None and seat.status is SeatStatus.LEFT,
        removed=seat is not None and seat.status is SeatStatus.REMOVED,
        alerts=known.helped.get(person.id, ()),
        pain_change=pain_change(said),
        news=seat_id in known.news,
        signs=known.signs.get(person.id, ()),
        left=has_left(place),
        died=person.died_at is not None,
    )
    return PersonLine(
        person=person,
        minutes=there.minutes if there else 0,
        measured=seen.minutes if seen else 0,
        late=there is not None and there.late,
        by_section=seen.by_section if seen else {},
        correction=correction,
        checks=said,
        felt=feelings,
        calls=why_call(course),
        said_not_coming=there is None and person.id in known.not_coming,
        goals=goals,
        place=place,
        rung=rung,
    )


def pain_change(said: Checks) -> int | None:
    """How much higher pain was after than before; None without both."""
    if "before" not in said or "after" not in said:
        return None
    before, after = said["before"]["pain"], said["after"]["pain"]
    return None if before is None or after is None else after - before
