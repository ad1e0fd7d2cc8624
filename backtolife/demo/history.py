"""The made-up past of the demo's older group: who came, who watched, who answered. The same each time."""

import random
from datetime import datetime, timedelta

from sqlmodel import select

from backtolife.board import services as board
from backtolife.content.models import VideoPackage, Watching
from backtolife.content.services import video_for_session
from backtolife.database.session import Db, new_id
from backtolife.demo.cast import LEFT
from backtolife.outcomes.answering.opening import open_response
from backtolife.outcomes.answering.responses import NONE_APPLY, form_for
from backtolife.outcomes.answering.saving import Given, save
from backtolife.outcomes.answering.submitting import submit
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.catalogue.wording import Form, Question
from backtolife.outcomes.scoring.responses_in import InvalidAnswer
from backtolife.people.access import Actor
from backtolife.people.models import Person, Role
from backtolife.programme.cohorts.enrolment import change_state, enrolled_in
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.sessions.room.models import AttendanceSpan, GroupSession, GroupStatus, Seat, SectionEntered
from backtolife.sessions.room.services import for_date
from backtolife.sessions.room.store import plan_of
from backtolife.sessions.state.rules import Camera, SeatRole, SeatStatus

SEED = 20260322
SITE = "http://127.0.0.1"
OFTEN_ABSENT = ("pete", "gwen")
NO_FORMS = ("gwen",)
GONE = tuple(member.key for member in LEFT)
LEFT_AFTER_SESSION = 2
"""After which session somebody left: nobody sees them in a later one."""
LIKELY_TICK = 0.5
LIKELY_WATCHED = 0.8
WRITTEN = (
    ("mei", 2, "I walked to the shop and back today. Slow, but I did it."),
    ("olu", 1, "Well done Mei! I did the shoulder rolls while the kettle boiled."),
    ("ruth", 1, "Sore after the garden, but less than I feared. Small steps help."),
)
"""What stands on the group's board: who wrote it, how many days ago, and the words."""
SAFE_ITEM = "9"
"""The last question of the mood form stays at 0 here; the demo's visitor raises the first safety task."""


def live_through(db: Db, *, cohort: Cohort, now: datetime) -> None:
    """Let the cohort have lived until `now`."""
    dice = random.Random(SEED)  # noqa: S311 - made-up people
    for enrolment, person in enrolled_in(db, cohort.id):
        actor = Actor(person.id, person.service_id, frozenset({Role.PATIENT}), frozenset({cohort.id}))
        first = dates_of(db, cohort.id)[0].starts_at
        change_state(db, enrolment=enrolment, to=EnrolmentState.STARTED, actor=actor, now=first)
        if key_of(person) not in NO_FORMS:
            answer_what_was_due(db, dice, enrolment, actor, first - timedelta(days=2))
    for date in dates_of(db, cohort.id):
        if date.ends_at < now:
            hold(db, dice, cohort, date)
    write_on_board(db, cohort=cohort, now=now)


def key_of(person: Person) -> str:
    return person.email.partition("@")[0]


def write_on_board(db: Db, *, cohort: Cohort, now: datetime) -> None:
    people = {key_of(person): person for _, person in enrolled_in(db, cohort.id)}
    for key, days, words in WRITTEN:
        person = people[key]
        actor = Actor(person.id, person.service_id, frozenset({Role.PATIENT}), frozenset({cohort.id}))
        board.write(db, cohort=cohort, actor=actor, text=words, now=now - timedelta(days=days))


def answer_what_was_due(db: Db, dice: random.Random, enrolment: Enrolment, actor: Actor, at: datetime) -> None:
    """Everything that was open at `at`, answered and sent."""
    for due in due_for(db, enrolment=enrolment, now=at):
        if due.state not in ("due", "overdue"):
            continue
        for instrument in due.left:
            response = open_response(
                db,
                enrolment=enrolment,
                milestone_id=due.ask.id,
                instrument=instrument,
                actor=actor,
                production=False,
                now=at,
            )
            given = answers(dice, form_for(db, response), instrument)
            save(db, response_id=response.id, given=given, actor=actor, site=SITE, now=at)
            submit(db, response_id=response.id, actor=actor, site=SITE, now=at + timedelta(minutes=3))


def answers(dice: random.Random, form: Form, instrument: str) -> list[Given]:
    given = [Given(each.id, answer(dice, each, instrument), new_id()) for each in form.questions if each.kind != "text"]
    if form.none_label and not any(each.value for each in given):
        given.append(Given(NONE_APPLY, 1, new_id()))
    return [each for each in given if each.value is not None]


def answer(dice: random.Random, question: Question, instrument: str) -> object:
    if instrument == "phq-9" and question.id == SAFE_ITEM:
        return 0
    if question.options:
        if question.kind == "tick":
            return 1 if dice.random() < LIKELY_TICK else None
        return dice.choice([option.value for option in question.options][:4])
    if question.minimum is None or question.maximum is None:
        raise InvalidAnswer("out_of_range", f"{question.id} has no range.")
    return dice.randint(question.minimum, question.maximum)


def hold(db: Db, dice: random.Random, cohort: Cohort, date: SessionDate) -> None:
    """One session that took place."""
    group_session = for_date(db, date)
    group_session.status = GroupStatus.ENDED
    group_session.started_at, group_session.ended_at = date.starts_at, date.ends_at
    go_through_parts(db, group_session, date)
    for enrolment, person in enrolled_in(db, cohort.id):
        if key_of(person) in GONE and date.number > LEFT_AFTER_SESSION:
            continue
        watch(db, dice, enrolment, date)
        likely = 0.4 if key_of(person) in OFTEN_ABSENT else 0.9
        if dice.random() < likely:
            attend(db, dice, group_session, person, date)
    db.flush()


def go_through_parts(db: Db, group_session: GroupSession, date: SessionDate) -> None:
    """Each part of the script in its turn, as long as planned; the last one until the session's end."""
    at, parts = date.starts_at, plan_of(db, group_session).sections
    for part in parts:
        until = date.ends_at if part is parts[-1] else min(at + timedelta(minutes=part.minutes), date.ends_at)
        db.add(
            SectionEntered(
                service_id=group_session.service_id,
                group_session_id=group_session.id,
                section_id=part.id,
                entered_at=at,
                left_at=until,
            )
        )
        at = until


def watch(db: Db, dice: random.Random, enrolment: Enrolment, date: SessionDate) -> None:
    """Most people watched the video in the days before the session; the regular ones more often."""
    video = video_for_session(db, enrolment.service_id, date.number)
    package = db.exec(select(VideoPackage).where(VideoPackage.video_id == video.id)).first() if video else None
    if video is None or package is None or dice.random() > LIKELY_WATCHED:
        return
    at = date.starts_at - timedelta(hours=dice.randint(2, 60))
    db.add(
        Watching(
            service_id=enrolment.service_id,
            enrolment_id=enrolment.id,
            video_id=video.id,
            package_id=package.id,
            share=1.0,
            updated_at=at,
            finished_at=at,
        )
    )


def attend(db: Db, dice: random.Random, group_session: GroupSession, person: Person, date: SessionDate) -> None:
    came = date.starts_at + timedelta(minutes=dice.choice([-6, -3, -1, 2, 12]))
    left = date.ends_at if dice.random() < 0.9 else date.starts_at + timedelta(minutes=45)
    seat = Seat(
        service_id=group_session.service_id,
        group_session_id=group_session.id,
        cohort_id=group_session.cohort_id,
        person_id=person.id,
        role=SeatRole.PATIENT,
        status=SeatStatus.LEFT,
        camera=Camera.EVERYONE,
        lobby_at=came,
        admitted_at=came,
    )
    db.add(seat)
    db.flush()
    db.add(
        AttendanceSpan(
            service_id=seat.service_id,
            group_session_id=group_session.id,
            seat_id=seat.id,
            connection=f"demo-{seat.id}",
            joined_at=came,
            left_at=left,
        )
    )
