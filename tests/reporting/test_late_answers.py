"""What counts of a group is what stood on its last day: nothing that comes later changes a figure that was shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.content.models import VideoPackage, Watching
from backtolife.content.services import adopt_scripts
from backtolife.outcomes.answering.reopening import open_again
from backtolife.outcomes.models import InstrumentResponse, Mode
from backtolife.people.access import System
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from backtolife.programme.cohorts.models import Cohort
from backtolife.reporting.dataset.loading import LATE, load
from backtolife.reporting.dataset.shape import Data, Member
from backtolife.sessions.records.corrections import correct
from backtolife.sessions.room.models import GroupSession
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient, a_patient
from tests.support.reporting.attending import MINUTES, attend

FIRST = {"1": 4, "2": 5, "3": 4}
SAID = {"situation": "off_sick_back_pain", "days_missed": 12}


@dataclass
class Group:
    """A group with one patient, who has sent two forms and came once; and the last moment at which anything counts."""

    make: Factory
    db: Session
    patient: Patient
    peg: InstrumentResponse
    work: InstrumentResponse
    last: datetime

    @property
    def cohort(self) -> Cohort:
        return self.db.get_one(Cohort, self.patient.enrolment.cohort_id)

    def data(self, now: datetime | None = None) -> Data:
        return load(self.db, service_id=self.cohort.service_id, now=now or self.last + timedelta(days=2))

    def member(self) -> Member:
        return self.data().members[0]

    def staff(self) -> Person:
        wanted = select(Person).where(Person.service_id == self.cohort.service_id, holding(Role.FACILITATOR))
        return self.db.exec(wanted).one()

    def open_again(self, form: InstrumentResponse, now: datetime) -> None:
        open_again(
            self.db, actor=self.make.actor(self.staff()), enrolment_id=form.enrolment_id,
            milestone_id=form.milestone_id, instrument=form.instrument, reason="Wrong line", now=now,
        )  # fmt: skip

    def say_and_send(self, form: InstrumentResponse, values: dict[str, object], now: datetime) -> None:
        for question, value in values.items():
            self.patient.say(form, question, value, now=now)
        self.patient.send(form, now=now)


@pytest.fixture
def group(make: Factory, db: Session) -> Group:
    patient = a_patient(make)
    peg, work = patient.open("peg-3"), patient.open("work-status")
    found = Group(make, db, patient, peg, work, make.now)
    found.say_and_send(peg, dict(FIRST), make.now)
    found.say_and_send(work, dict(SAID), make.now)
    attend(db, found.cohort, 1, [patient.enrolment], make.now)
    last = date.fromisoformat(found.data(make.now).groups[0].final["end"])
    found.last = datetime.combine(last, time(12), UTC)
    return found


def score(member: Member) -> float | None:
    return next(iter(member.scores.values()), {}).get("baseline")


def test_a_group_counts_fourteen_days_after_its_last_session_and_its_questions_at_the_end(group: Group) -> None:
    (found,) = group.data(group.last).groups
    assert (found.ended, group.data(group.last + timedelta(days=1)).groups[0].ended) == (False, True)
    asked = date.fromisoformat(found.opened["end"])
    assert date.fromisoformat(found.final["end"]) > asked + LATE


def test_answers_that_staff_write_in_too_late_do_not_count(group: Group) -> None:
    group.peg.mode, group.peg.entered_by, group.peg.entered_at = Mode.PAPER, group.staff().id, group.last
    assert score(group.member()) == 4.33
    group.peg.entered_at = group.last + timedelta(days=1)
    assert score(group.member()) is None


@pytest.mark.parametrize("sent_again", [True, False])
def test_a_form_opened_again_too_late_counts_as_it_stood(group: Group, sent_again: bool) -> None:
    before, late = group.member(), group.last + timedelta(days=1)
    for form, values in ((group.peg, {"1": 9, "2": 9, "3": 9}), (group.work, {"situation": "retired"})):
        group.open_again(form, late)
        if sent_again:
            group.say_and_send(form, dict(values), late)
    assert group.member() == before
    assert before.words == {"baseline": SAID}


def test_a_form_opened_again_in_time_counts_as_it_was_sent_last(group: Group) -> None:
    group.open_again(group.peg, group.last - timedelta(days=3))
    assert score(group.member()) is None
    group.say_and_send(group.peg, {"1": 9, "2": 9, "3": 9}, group.last - timedelta(days=1))
    assert score(group.member()) == 9
    group.open_again(group.peg, group.last + timedelta(days=1))
    assert score(group.member()) == 9


def correct_attendance(group: Group, now: datetime) -> None:
    wanted = select(GroupSession).where(GroupSession.cohort_id == group.cohort.id)
    session = next(each for each in group.db.exec(wanted) if each.started_at)
    correct(
        group.db, group_session=session, person_id=group.patient.enrolment.person_id, minutes=80, reason="Seen",
        actor=group.make.actor(group.staff()), now=now,
    )  # fmt: skip


def finish_a_video(group: Group, now: datetime) -> None:
    service = group.db.get_one(Service, group.cohort.service_id)
    adopt_scripts(group.db, service=service, actor=System("test", service.id), now=now)
    package = group.db.exec(select(VideoPackage).where(VideoPackage.service_id == service.id)).first()
    assert package is not None
    seen = Watching(
        service_id=service.id, enrolment_id=group.patient.enrolment.id, video_id=package.video_id,
        package_id=package.id, ranges=[], position_ms=0, share=1.0, updated_at=now, finished_at=now,
    )  # fmt: skip
    group.db.add(seen)


@pytest.mark.parametrize("change", [correct_attendance, finish_a_video])
def test_attendance_put_right_and_videos_seen_too_late_do_not_count(
    group: Group, change: Callable[[Group, datetime], None]
) -> None:
    before = group.member()
    assert (before.minutes, before.videos) == (MINUTES, 0)
    change(group, group.last + timedelta(days=1))
    assert group.member() == before


@pytest.mark.parametrize(
    ("change", "expected"), [(correct_attendance, {"minutes": 80}), (finish_a_video, {"videos": 1})]
)
def test_attendance_put_right_and_videos_seen_in_time_count(
    group: Group, change: Callable[[Group, datetime], None], expected: dict[str, int]
) -> None:
    before = group.member()
    change(group, group.last)
    assert group.member() == replace(before, **expected)  # type: ignore[arg-type]


def test_a_place_given_in_a_group_that_is_over_does_not_count(group: Group) -> None:
    group.make.now = group.last + timedelta(days=1)
    group.make.enrolment(group.cohort)
    assert len(group.data().members) == 1
