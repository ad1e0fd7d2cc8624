"""A patient's home, put together from the rooms: the one thing to do now, the nine sessions, what else this week."""

from dataclasses import dataclass
from datetime import datetime

from backtolife.content.watching.watched import Lesson, Seen, first_to_watch, lessons_of
from backtolife.database.asked_together import ask_together
from backtolife.database.session import Db
from backtolife.home.rules import Now, Step, step, what_now
from backtolife.outcomes.asking.due import Due, due_for_actor
from backtolife.outcomes.asking.readiness import unsigned_of, waits
from backtolife.people.access import Actor
from backtolife.people.names import isolated
from backtolife.people.working import can_work
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.agreed.services import OwnPlan, plans_of
from backtolife.programme.cohorts import rules
from backtolife.programme.cohorts.covering import team_on
from backtolife.programme.cohorts.enrolment import first_in
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate, StaffPlace
from backtolife.programme.cohorts.own_groups import OwnGroup, own_groups
from backtolife.programme.cohorts.rules import IN_THE_GROUP, Door
from backtolife.programme.consent.asking import NOTHING, ToAgree, to_agree_in
from backtolife.programme.goals.services import goals_of
from backtolife.programme.plan.template import HomePractice, Programme
from backtolife.programme.practice.week import session_behind
from backtolife.programme.prescribed.services import every_one
from backtolife.sessions.joining.running_late import may_be_cancelled, may_be_said, not_coming
from backtolife.sessions.records.own_path import own_path
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.room.services import next_among
from backtolife.sessions.trial.services import tried_by


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
    may_say_late: bool
    may_cancel: bool
    """Whether it can still be said that they cannot come."""
    coming: bool
    """They have not said that they cannot come."""
    lead: str
    spotter: str
    people: int


@dataclass(frozen=True)
class Group:
    """A group of theirs with its next session; `came`: the numbers of the sessions that they came to."""

    place: Enrolment
    cohort: Cohort
    dates: list[SessionDate]
    came: set[int]
    upcoming: NextSession | None


@dataclass(frozen=True)
class PatientHome:
    """Everything the page shows."""

    now: Now
    cohort: Cohort
    upcoming: NextSession | None
    to_agree: ToAgree
    try_first: bool
    """They have not come to a session yet, and have not tried camera, sound and network."""
    path: list[PathStep]
    done: int
    questions: list[Due]
    """What can be answered now."""
    questions_wait: bool
    """Questions are due but not ready to be asked: nobody urges, and the page says so."""
    video: Lesson | None
    missed: PathStep | None
    """The newest session that is over and that they did not come to, as long as the one after it is still to come."""
    missed_video: Lesson | None
    """Its video, where they have not watched it."""
    practice: tuple[HomePractice, ...]
    exercises: int
    """How many are picked for them."""
    plan: OwnPlan | None
    """What they plan to do until next time, as agreed last."""
    goals: list[str]
    """What they want to do more of, in their words."""
    others: list[Group]
    """For somebody in more than one group: the others, each with its next session."""
    groups: dict[str, str]
    """The names of their groups, by id, where questions must say for which they are; empty for one group."""


def patient_home(db: Db, *, actor: Actor, production: bool, now: datetime) -> PatientHome:
    """The home of the acting patient. Raises NotFound when they have no place in a group."""
    places = due_for_actor(db, actor=actor, now=now)
    own = own_groups(db, actor=actor)
    newest = first_in(db, [each.place for each in own if each.place.state in IN_THE_GROUP], actor=actor, cohort_id="")
    main, *others = groups_of(db, own, now)
    cohort, upcoming, dates = main.cohort, main.upcoming, main.dates
    path = path_of(programme_of(db, cohort), dates, upcoming.number if upcoming else None, main.came)
    open_now = [due for _, dues in places for due in dues if due.state in ("due", "overdue") and not due.finished]
    if others:
        open_now.sort(key=lambda due: due.ask.due_at)
    not_ready = unsigned_of(db, service_id=newest.service_id, dues=open_now, production=production, now=now)
    questions = [due for due in open_now if not waits(due, not_ready)]
    reach = upcoming.number if upcoming else len(dates)
    lessons = [each for each in lessons_of(db, enrolment=newest) if each.number <= reach]
    video = next((each for each in reversed(lessons) if each.seen in (Seen.NEW, Seen.BEGUN)), None)
    first = dates[0].starts_at
    programme, behind = programme_of(db, cohort), session_behind(programme_of(db, cohort), dates, now)
    ask_together(
        db,
        lambda: plans_of(db, [newest.id]),
        lambda: goals_of(db, [newest.id]),
        lambda: every_one(db, programme, [newest.id]),
    )
    agree = to_agree_in(db, main.place, first, now=now) if main.place.state in IN_THE_GROUP else NOTHING
    return PatientHome(
        now=what_now(
            door=upcoming.door if upcoming else None,
            before_start=now < first,
            questions_due=bool(questions),
            video_left=video is not None and upcoming is not None and video.number == upcoming.number,
            agreement_left=agree.needed,
        ),
        cohort=cohort,
        upcoming=upcoming,
        to_agree=agree,
        try_first=upcoming is not None and not came_at_all(path) and not tried_whole(db, actor.id),
        path=path,
        done=sum(each.state is Step.DONE for each in path),
        questions=questions,
        questions_wait=len(questions) < len(open_now),
        video=video,
        missed=(missed := missed_last(path)),
        missed_video=first_to_watch([each for each in lessons if missed and each.number == missed.number]),
        practice=behind.home_practice if behind else (),
        exercises=sum(not each.newest.stopped for each in every_one(db, programme, [newest.id])),
        plan=newest_plan(db, newest, dates[0].opens_at, now),
        goals=[each.words for each in goals_of(db, [newest.id]).get(newest.id, [])],
        others=others,
        groups={each.cohort.id: each.cohort.name for each in (main, *others)} if others else {},
    )


def newest_plan(db: Db, place: Enrolment, opens_at: datetime, now: datetime) -> OwnPlan | None:
    """What they agreed last; nobody has before the doors of the first session open."""
    if now < opens_at:
        return None
    return next(iter(plans_of(db, [place.id]).get(place.id, [])), None)


def missed_last(path: list[PathStep]) -> PathStep | None:
    """What was missed since they last came: a catch-up is offered for it, and not for what is long over."""
    over = [each for each in path if each.state in (Step.DONE, Step.MISSED)]
    return over[-1] if over and over[-1].state is Step.MISSED else None


def came_at_all(path: list[PathStep]) -> bool:
    return any(each.state is Step.DONE for each in path)


def tried_whole(db: Db, person_id: str) -> bool:
    tried = tried_by(db, [person_id]).get(person_id)
    return tried is not None and tried.newest.found.whole


def groups_of(db: Db, own: list[OwnGroup], now: datetime) -> list[Group]:
    """Each of these groups: the one that meets next comes first, those that are over come last."""
    found = []
    for each in own:
        held, came = own_path(db, each.place, now=now)
        coming = next_among(db, each.dates, held, now)
        upcoming = next_session(db, each, coming, now) if coming else None
        found.append(Group(each.place, each.cohort, each.dates, came, upcoming))
    return sorted(found, key=lambda each: (each.upcoming is None, each.upcoming.starts_at if each.upcoming else now))


def next_session(db: Db, own: OwnGroup, coming: GroupSession, now: datetime) -> NextSession:
    date = own.dates[coming.number - 1]
    team = {kind: person for kind, person in team_on(db, date).items() if can_work(person)}
    staff = {kind: isolated(person.shown_name) for kind, person in team.items()}
    return NextSession(
        number=date.number,
        title=programme_of(db, own.cohort).session(date.number).title,
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        opens_at=date.opens_at,
        door=rules.door(now, date),
        join_code=coming.join_code,
        may_say_late=may_be_said(db, coming, now),
        may_cancel=may_be_cancelled(db, coming, now),
        coming=own.place.person_id not in not_coming(coming),
        lead=staff.pop(StaffPlace.LEAD, "") or next(iter(staff.values()), "Your facilitator"),
        spotter=staff.get(StaffPlace.SPOTTER, "") if StaffPlace.LEAD in team else "",
        people=own.people,
    )


def path_of(plan: Programme, dates: list[SessionDate], next_number: int | None, came: set[int]) -> list[PathStep]:
    return [
        PathStep(
            date.number,
            plan.session(date.number).title,
            date.starts_at,
            Step.LEFT_OUT if date.left_out_at else step(date.number, next_number=next_number, came=date.number in came),
        )
        for date in dates
    ]
