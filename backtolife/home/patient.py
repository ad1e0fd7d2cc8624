"""A patient's home, put together from the rooms: the one thing to do now, the nine sessions, what else this week."""

from dataclasses import dataclass
from datetime import datetime

from backtolife.content.watched import Lesson, Seen, lessons_of
from backtolife.db import Db
from backtolife.home.rules import Now, Step, step, what_now
from backtolife.outcomes.due import Due, due_for
from backtolife.people.access import Actor
from backtolife.programme import rules
from backtolife.programme.enrolment import enrolled_in, enrolment_of
from backtolife.programme.models import Cohort, SessionDate
from backtolife.programme.rules import Door
from backtolife.programme.services import dates_of, programme_of, staff_of
from backtolife.programme.template import HomePractice
from backtolife.sessions.attendance import attendance_of
from backtolife.sessions.models import GroupSession
from backtolife.sessions.services import next_for


@dataclass(frozen=True)
class PathStep:
    """One of the nine sessions on the path."""

    number: int
    title: str
    starts_at: datetime
    state: Step


@dataclass(frozen=True)
class NextSession:
    """The session that is on or comes next."""

    number: int
    title: str
    starts_at: datetime
    ends_at: datetime
    opens_at: datetime
    door: Door
    join_code: str
    lead: str
    spotter: str
    people: int


@dataclass(frozen=True)
class PatientHome:
    """Everything the page shows."""

    now: Now
    cohort: Cohort
    upcoming: NextSession | None
    path: list[PathStep]
    done: int
    questions: list[Due]
    video: Lesson | None
    practice: tuple[HomePractice, ...]


def patient_home(db: Db, *, actor: Actor, now: datetime) -> PatientHome:
    """The home of the acting patient. Raises NotFound when they have no place in a group."""
    enrolment = enrolment_of(db, actor=actor)
    cohort = db.get_one(Cohort, enrolment.cohort_id)
    dates = dates_of(db, cohort.id)
    coming = next_for(db, cohort_id=cohort.id, now=now)
    upcoming = next_session(db, cohort, coming, dates[coming.number - 1], now) if coming else None
    came = {each.session_number for each in attendance_of(db, cohort, now=now) if each.person_id == actor.id}
    path = path_of(cohort, dates, coming.number if coming else None, came)
    questions = [
        due for due in due_for(db, enrolment=enrolment, now=now) if due.state in ("due", "overdue") and not due.finished
    ]
    reach = coming.number if coming else len(dates)
    lessons = [each for each in lessons_of(db, enrolment=enrolment) if each.number <= reach]
    video = next((each for each in reversed(lessons) if each.seen in (Seen.NEW, Seen.BEGUN)), None)
    first = dates[0].starts_at
    return PatientHome(
        now=what_now(
            door=upcoming.door if upcoming else None,
            before_start=now < first,
            questions_due=bool(questions),
            video_left=video is not None and upcoming is not None and video.number == upcoming.number,
        ),
        cohort=cohort,
        upcoming=upcoming,
        path=path,
        done=sum(each.state is Step.DONE for each in path),
        questions=questions,
        video=video,
        practice=programme_of(cohort).session(reach - 1).home_practice if reach > 1 else (),
    )


def next_session(db: Db, cohort: Cohort, coming: GroupSession, date: SessionDate, now: datetime) -> NextSession:
    staff = [person.shown_name for _, person in staff_of(db, cohort.id)]
    return NextSession(
        number=date.number,
        title=programme_of(cohort).session(date.number).title,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        opens_at=rules.opens_at(date.starts_at),
        door=rules.door(now, starts_at=date.starts_at, ends_at=date.ends_at),
        join_code=coming.join_code,
        lead=staff[0] if staff else "Your facilitator",
        spotter=staff[1] if len(staff) > 1 else "",
        people=len(enrolled_in(db, cohort.id)),
    )


def path_of(cohort: Cohort, dates: list[SessionDate], next_number: int | None, came: set[int]) -> list[PathStep]:
    plan = programme_of(cohort)
    return [
        PathStep(
            date.number,
            plan.session(date.number).title,
            date.starts_at,
            step(date.number, next_number=next_number, came=date.number in came),
        )
        for date in dates
    ]
