"""A service's data, loaded at once: right, the same for many as for few, and known by its version."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from backtolife.database.session import new_id
from backtolife.demo.simulated.service import Size, simulate
from backtolife.outcomes.answering.reopening import open_again
from backtolife.outcomes.models import InstrumentResponse
from backtolife.people.details.background import tell
from backtolife.people.models import Kind, Person, Role, Service
from backtolife.people.roles import acting_as, holding
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.places.leaving import reinstate
from backtolife.programme.practice.models import PracticeEntry
from backtolife.programme.practice.rules import OTHER
from backtolife.reporting.dataset.loading import load
from backtolife.reporting.dataset.shape import read_data
from backtolife.reporting.dataset.version import version_of
from backtolife.reporting.results.cache import Kept
from backtolife.sessions.records.attendance import attendance_of
from backtolife.sessions.room.models import AttendanceSpan
from backtolife.sessions.trial.models import TrialRun
from backtolife.sessions.trial.rules import Network
from tests.reporting.conftest import Simulated
from tests.support.factories import Factory
from tests.support.outcomes.sheets import a_patient, staffed
from tests.support.reporting.attending import MINUTES, attend


def test_attendance_is_what_the_groups_page_says(simulated: Simulated) -> None:
    with simulated.reading() as db:
        for group in simulated.data.groups[:2]:
            rows = attendance_of(db, db.get_one(Cohort, group.id), now=simulated.now)
            people = [member for member in simulated.data.members if member.group == group.id]
            assert sum(member.sessions for member in people) == len(rows)
            assert sum(member.minutes for member in people) == sum(row.minutes for row in rows)


def test_scores_are_those_of_sent_forms(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    peg, gad = patient.open("peg-3"), patient.open("gad-7")
    patient.say_all(peg, {"1": 4, "2": 5, "3": 4})
    patient.send(peg)
    patient.say(gad, "1", 2)
    cohort = db.get_one(Cohort, patient.enrolment.cohort_id)
    attend(db, cohort, 1, [patient.enrolment], make.now)
    data = load(db, service_id=cohort.service_id, now=make.now + timedelta(hours=2))
    (member,) = data.members
    assert [data.wordings[key].instrument for key in member.scores] == ["peg-3"]
    assert next(iter(member.scores.values())) == {"baseline": 4.33}
    assert (member.code, member.said_yes, member.sessions, member.minutes) == (patient.enrolment.code, True, 1, MINUTES)


def test_nothing_of_another_service_is_loaded(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    make.enrolment(make.noise())
    data = load(db, service_id=cohort.service_id, now=make.now)
    assert ([group.name for group in data.groups], data.members, data.waiting) == ([cohort.name], (), ())


def test_someone_known_without_a_place_is_waiting(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    make.person(db.get_one(Service, cohort.service_id), Role.PATIENT)
    assert load(db, service_id=cohort.service_id, now=make.now).waiting == (("2026-03-03", {}),)


def test_as_many_queries_for_many_groups_as_for_few(make: Factory, db: Session) -> None:
    counts = []
    for groups in (1, 3):
        size = Size(groups=groups, patients=4 * groups, waiting=1, seed=groups)
        service = simulate(db, name=f"S{groups}", size=size, now=make.now, domain=f"s{groups}.example")
        seen: list[str] = []

        def note(*arguments: Any, into: list[str] = seen) -> None:
            into.append(str(arguments[2]))

        engine = db.connection().engine
        event.listen(engine, "before_cursor_execute", note)
        load(db, service_id=service.id, now=make.now)
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1] < 25


def test_the_data_survive_being_written_down(simulated: Simulated) -> None:
    assert read_data(simulated.data.as_plain()) == simulated.data


def move_a_session(db: Session, cohort: Cohort, now: datetime) -> None:
    db.exec(select(SessionDate).where(SessionDate.cohort_id == cohort.id)).first().starts_at += timedelta(days=1)  # type: ignore[union-attr]


def rename(db: Session, cohort: Cohort, now: datetime) -> None:
    cohort.name = "Another name"


def open_a_form_again(db: Session, cohort: Cohort, now: datetime) -> None:
    make = Factory(db, now)
    lead = db.exec(select(Person).where(Person.service_id == cohort.service_id, holding(Role.FACILITATOR))).one()
    form = db.exec(select(InstrumentResponse).where(InstrumentResponse.service_id == cohort.service_id)).one()
    open_again(
        db, actor=make.actor(lead), enrolment_id=form.enrolment_id, milestone_id=form.milestone_id,
        instrument=form.instrument, reason="Pressed the wrong one", now=now,
    )  # fmt: skip


def end_a_connection_later(db: Session, cohort: Cohort, now: datetime) -> None:
    span = db.exec(select(AttendanceSpan).where(AttendanceSpan.service_id == cohort.service_id)).first()
    assert span is not None
    span.left_at = now + timedelta(minutes=50)


def refer_somebody(db: Session, cohort: Cohort, now: datetime) -> None:
    Factory(db, now).person(db.get_one(Service, cohort.service_id), Role.PATIENT, "Somebody new")


def say_who_one_is(db: Session, cohort: Cohort, now: datetime) -> None:
    wanted = select(Person).where(Person.service_id == cohort.service_id, Person.kind == Kind.PATIENT)
    person = db.exec(wanted).first()
    assert person is not None
    tell(db, actor=acting_as(db, person), person=person, answers={"age": "16_34"}, now=now)


def write_in_a_diary(db: Session, cohort: Cohort, now: datetime) -> None:
    place = db.exec(select(Enrolment).where(Enrolment.cohort_id == cohort.id)).first()
    assert place is not None
    db.add(entry(place, now, 10))


def entry(place: Enrolment, at: datetime, minutes: int | None) -> PracticeEntry:
    return PracticeEntry(
        service_id=place.service_id, enrolment_id=place.id, client_key=new_id(), day=at.date(), written_at=at,
        arrived_at=at, item=OTHER, what="A walk", minutes=minutes,
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        move_a_session,
        rename,
        open_a_form_again,
        end_a_connection_later,
        refer_somebody,
        say_who_one_is,
        write_in_a_diary,
    ],
)
def test_a_change_that_counts_gives_a_new_version(
    make: Factory, db: Session, change: Callable[[Session, Cohort, datetime], None]
) -> None:
    patient = a_patient(make)
    make.numbers = iter(range(5000, 6000))  # type: ignore[assignment]
    peg = patient.open("peg-3")
    patient.say_all(peg, {"1": 4, "2": 5, "3": 4})
    patient.send(peg)
    cohort = db.get_one(Cohort, patient.enrolment.cohort_id)
    attend(db, cohort, 1, [patient.enrolment], make.now)
    before = version_of(db, service_id=cohort.service_id, now=make.now)
    assert version_of(db, service_id=cohort.service_id, now=make.now) == before
    change(db, cohort, make.now)
    assert version_of(db, service_id=cohort.service_id, now=make.now) != before


def test_a_form_that_is_kept_later_than_a_newer_one_counts(make: Factory, db: Session) -> None:
    """Two phones send at once: who began first may have to wait for the other, and is kept with the earlier moment."""
    patient = a_patient(make)
    make.numbers = iter(range(5000, 6000))  # type: ignore[assignment]
    slow, fast = patient.open("peg-3"), patient.open("gad-7")
    patient.say_all(slow, {"1": 4, "2": 5, "3": 4})
    patient.say_all(fast, {str(item): 1 for item in range(1, 8)})
    patient.send(fast)
    before = version_of(db, service_id=patient.enrolment.service_id, now=make.now)
    patient.send(slow, now=make.now - timedelta(seconds=1))
    assert version_of(db, service_id=patient.enrolment.service_id, now=make.now) != before


def test_figures_are_kept_until_the_data_change(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    actor = make.actor(make.person(db.get_one(Service, cohort.service_id), Role.SERVICE_LEAD))
    kept = Kept()
    first = kept.dashboard(db, actor=actor, now=make.now)
    assert kept.dashboard(db, actor=actor, now=make.now) is first
    make.enrolment(cohort)
    assert kept.dashboard(db, actor=actor, now=make.now) is not first
    assert kept.dashboard(db, actor=actor, now=make.now + timedelta(hours=1)) is not first


def test_the_steps_of_somebody_are_the_dates_of_their_place_that_stand(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    place = make.enrolment(cohort)
    attend(db, cohort, 1, [place], make.now)
    later = make.withdrawn(make.enrolment(cohort))
    db.flush()
    came, left = sorted(
        load(db, service_id=cohort.service_id, now=make.now).members, key=lambda each: each.code != place.code
    )
    day = make.now.date().isoformat()
    assert came.dates == {"offered": day, "accepted": day, "started": day}
    assert (came.started, came.completed, came.left_because) == (True, False, "")
    assert left.dates == {"offered": day, "accepted": day, "withdrawn": day}
    assert (left.code, left.said_yes, left.started, left.left_because) == (later.code, True, False, "moved_away")


def test_the_first_trial_run_since_they_had_the_place_is_a_date_and_says_nothing_of_what_came_of_it(
    make: Factory, db: Session
) -> None:
    cohort = staffed(make)
    place, other = make.enrolment(cohort), make.enrolment(cohort)
    before = version_of(db, service_id=cohort.service_id, now=make.now)
    for run, days in enumerate((-3, 4, 2)):
        at = make.now + timedelta(days=days)
        db.add(TrialRun(service_id=cohort.service_id, person_id=place.person_id, run=str(run), at=at, camera=False))
    asked = make.now + timedelta(days=1)
    for each in (place, other):
        db.add(TrialRun(service_id=cohort.service_id, person_id=each.person_id, run="help", at=asked, help_at=asked))
    db.flush()
    assert version_of(db, service_id=cohort.service_id, now=make.now) != before
    dates = {each.code: each.dates for each in load(db, service_id=cohort.service_id, now=make.now).members}
    assert dates[place.code]["tried"] == (make.now + timedelta(days=2)).date().isoformat()
    assert "tried" not in dates[other.code], "asking for a call is no try"


def test_a_try_that_began_with_asking_for_a_call_changes_the_figures_once_it_found_something(
    make: Factory, db: Session
) -> None:
    place = make.enrolment(staffed(make))
    run = TrialRun(service_id=place.service_id, person_id=place.person_id, run="1", at=make.now, help_at=make.now)
    db.add(run)
    before = version_of(db, service_id=place.service_id, now=make.now)
    run.network = Network.POOR
    assert version_of(db, service_id=place.service_id, now=make.now) != before


def test_what_a_diary_holds_counts_as_long_as_the_group_does(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    place, silent = make.enrolment(cohort), make.enrolment(cohort)
    first = datetime.combine(cohort.first_day, time(9), UTC)
    written = [entry(place, first + timedelta(days=days), minutes) for days, minutes in ((-1, 50), (1, 10), (2, None))]
    late, out = entry(place, first + timedelta(days=900), 30), entry(place, first + timedelta(days=3), 40)
    out.taken_out_at = first + timedelta(days=4)
    db.add_all([*written, late, out])
    now = first + timedelta(days=1000)
    members = {each.code: each for each in load(db, service_id=cohort.service_id, now=now).members}
    assert (members[place.code].home_times, members[place.code].home_minutes) == (2, 10)
    assert (members[silent.code].home_times, members[silent.code].home_minutes) == (None, None)
    db.delete(late)
    before = version_of(db, service_id=cohort.service_id, now=now)
    (again,) = (each for each in load(db, service_id=cohort.service_id, now=now).members if each.home_times)
    assert (again.home_times, again.home_minutes) == (2, 10), "of which none came late"
    out.taken_out_at = None
    assert version_of(db, service_id=cohort.service_id, now=now) != before, "one that is put back counts again"


def test_a_leaving_that_was_taken_back_leaves_no_date_and_no_reason(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    place = make.withdrawn(make.enrolment(cohort))
    lead = make.actor(make.person(db.get_one(Service, cohort.service_id), Role.CLINICAL_LEAD))
    reinstate(db, enrolment=place, actor=lead, now=make.now + timedelta(hours=1))
    db.flush()
    (member,) = load(db, service_id=cohort.service_id, now=make.now + timedelta(hours=2)).members
    assert ("withdrawn" in member.dates, member.left_because) == (False, "")


def test_a_report_from_before_dates_were_kept_shows_what_it_showed(simulated: Simulated) -> None:
    plain = simulated.data.as_plain()
    for each in plain["members"]:
        steps = each.pop("dates")
        for later in ("left_because", "home_times", "home_minutes"):
            each.pop(later)
        each["said_yes"] = "accepted" in steps
    old = read_data(plain)
    for before, after in zip(simulated.data.members, old.members, strict=True):
        assert (before.said_yes, before.started, before.completed) == (after.said_yes, after.started, after.completed)
