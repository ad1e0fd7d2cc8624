"""Who covers safety tasks: by the rota, without those on leave, and not on days when nobody works."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.delivery import OutgoingMessage
from backtolife.errors import Invalid, NotFound
from backtolife.outcomes import cover, rota
from backtolife.outcomes.asking import ask_of
from backtolife.outcomes.bank_holidays import england_and_wales
from backtolife.outcomes.cover_staff import clinicians_for
from backtolife.outcomes.escalating import escalate_late
from backtolife.outcomes.models import SafetyTask
from backtolife.outcomes.rota_models import DutyShift
from backtolife.people.access import Actor, System
from backtolife.people.models import Person, Role, Service
from backtolife.programme.models import Cohort
from tests.factories import Factory
from tests.outcomes.sheets import SITE, Patient, a_patient, staffed

LONDON = "Europe/London"


@pytest.fixture
def cohort(make: Factory) -> Cohort:
    return staffed(make)


@pytest.fixture
def patient(make: Factory, cohort: Cohort) -> Patient:
    return a_patient(make, cohort)


@pytest.fixture
def lead(make: Factory, db: Session, cohort: Cohort) -> Actor:
    return make.actor(who(db, cohort, "Grace"))


def who(db: Session, cohort: Cohort, name: str) -> Person:
    return db.exec(select(Person).where(Person.service_id == cohort.service_id, Person.shown_name == name)).one()


def owner(db: Session, patient: Patient, value: int = 1) -> list[str]:
    """Give an answer that calls for a person; who has the task, and who is the backup."""
    patient.say(patient.open("phq-9"), "9", value)
    task = db.exec(select(SafetyTask).where(SafetyTask.enrolment_id == patient.enrolment.id)).one()
    return [db.get_one(Person, each).shown_name for each in (task.owner_id, task.backup_id) if each]


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2021, "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28"),  # Christmas on a Saturday
        (2022, "01-03 04-15 04-18 05-02 05-30 08-29 12-26 12-27"),  # and on a Sunday
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
    ],
)
def test_the_bank_holidays_are_those_that_are_published(year: int, days: str) -> None:
    """Against gov.uk/bank-holidays, without the days that were moved or added by proclamation (2022)."""
    assert [f"{day:%m-%d}" for day in england_and_wales(year)] == days.split()


def test_no_call_is_promised_for_a_bank_holiday() -> None:
    maundy_thursday = datetime(2026, 4, 2, 18, 0, tzinfo=UTC)
    days = england_and_wales(2026)
    assert cover.same_day(maundy_thursday, LONDON, days).promised_at == datetime(2026, 4, 7, 11, 0, tzinfo=UTC)
    assert cover.same_day(maundy_thursday, LONDON).promised_at == datetime(2026, 4, 3, 11, 0, tzinfo=UTC)
    good_friday = datetime(2026, 4, 3, 10, 0, tzinfo=UTC)
    assert not cover.in_hours(good_friday, LONDON, days)


def test_who_is_on_duty_gets_the_task_and_the_backup_is_the_backup(
    make: Factory, db: Session, now: datetime, patient: Patient, lead: Actor
) -> None:
    hours = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=10), "now": now}
    tom = make.person(db.get_one(Service, lead.service_id), Role.DUTY_CLINICIAN, "Tom")
    rota.add_shift(db, actor=lead, person_id=lead.id, backup=True, **hours)
    rota.add_shift(db, actor=lead, person_id=tom.id, backup=False, **hours)
    assert owner(db, patient) == ["Tom", "Grace"]


def test_an_answer_at_night_goes_to_whoever_covers_when_work_begins(
    make: Factory, db: Session, now: datetime, patient: Patient, lead: Actor
) -> None:
    tom = make.person(db.get_one(Service, lead.service_id), Role.DUTY_CLINICIAN, "Tom")
    morning = now + timedelta(days=1)
    rota.add_shift(
        db, actor=lead, person_id=tom.id, starts_at=morning, ends_at=morning + timedelta(hours=8), backup=False, now=now
    )
    patient.now = now + timedelta(hours=13)
    assert owner(db, patient)[0] == "Tom"


def test_nobody_on_leave_gets_a_task_or_is_paged(
    db: Session, now: datetime, cohort: Cohort, patient: Patient, lead: Actor
) -> None:
    dora = who(db, cohort, "Dora")
    rota.add_leave(db, actor=lead, person_id=dora.id, first_day=now.date(), last_day=now.date(), now=now)
    assert owner(db, patient, 3) == ["Grace", "Priya"]
    told = {message.person_id for message in db.exec(select(OutgoingMessage)) if message.key.startswith("task:")}
    assert dora.id not in told


def test_a_backup_who_has_gone_on_leave_is_passed_over(
    db: Session, now: datetime, cohort: Cohort, patient: Patient, lead: Actor
) -> None:
    assert owner(db, patient, 2) == ["Dora", "Grace"]
    rota.add_leave(db, actor=lead, person_id=lead.id, first_day=now.date(), last_day=now.date(), now=now)
    system = System("reminders", cohort.service_id)
    assert escalate_late(db, actor=system, site=SITE, now=now + timedelta(minutes=20)) == 1
    late = [message for message in db.exec(select(OutgoingMessage)) if ":late:" in message.key]
    assert [message.person_id for message in late] == [who(db, cohort, "Priya").id]


def test_where_everyone_is_away_phq_8_is_asked(db: Session, now: datetime, cohort: Cohort, lead: Actor) -> None:
    for person in rota.clinicians(db, cohort.service_id):
        rota.add_leave(db, actor=lead, person_id=person.id, first_day=now.date(), last_day=now.date(), now=now)
    away, back = (ask_of(db, cohort, "baseline", now=at).instruments for at in (now, now + timedelta(days=1)))
    assert ("phq-9" in away, "phq-8" in away) == (False, True)
    assert "phq-9" in back
    days = rota.rota_of(db, actor=lead, now=now).days
    assert [day.day for day in rota.uncovered(days)] == [now.date()]


def test_a_line_that_makes_no_sense_is_refused(make: Factory, db: Session, now: datetime, lead: Actor) -> None:
    with pytest.raises(Invalid, match="ends after it starts"):
        rota.add_shift(db, actor=lead, person_id=lead.id, starts_at=now, ends_at=now, backup=False, now=now)
    past = {"starts_at": now - timedelta(days=2), "ends_at": now - timedelta(days=1)}
    with pytest.raises(Invalid, match="This time is over"):
        rota.add_shift(db, actor=lead, person_id=lead.id, backup=False, now=now, **past)
    with pytest.raises(Invalid, match="last day comes after"):
        rota.add_leave(
            db, actor=lead, person_id=lead.id, first_day=date(2026, 3, 4), last_day=date(2026, 3, 3), now=now
        )
    stranger = make.person(make.service(), Role.CLINICAL_LEAD)
    with pytest.raises(Invalid, match="somebody of the list"):
        rota.add_leave(
            db, actor=lead, person_id=stranger.id, first_day=date(2026, 3, 4), last_day=date(2026, 3, 4), now=now
        )


def test_bank_holidays_are_added_once_and_taken_away_only_by_their_own_service(
    make: Factory, db: Session, now: datetime, lead: Actor
) -> None:
    days = rota.coming_holidays(now)
    assert [rota.add_holidays(db, actor=lead, days=days, now=now) for _ in range(2)] == [16, 0]
    row = rota.rota_of(db, actor=lead, now=now).holidays[0]
    other = make.actor(make.person(make.service(), Role.CLINICAL_LEAD))
    with pytest.raises(NotFound):
        rota.take_away(db, actor=other, line="holiday", line_id=row.id, now=now)
    rota.take_away(db, actor=lead, line="holiday", line_id=row.id, now=now)
    assert row not in rota.rota_of(db, actor=lead, now=now).holidays


def test_whoever_is_on_duty_comes_first_then_duty_clinicians_then_clinical_leads(
    db: Session, make: Factory, cohort: Cohort, now: datetime
) -> None:
    service = db.get_one(Service, cohort.service_id)
    for name in ("Olive", "Wendell"):
        make.person(service, Role.FACILITATOR, name)
    for name, backup, hours in (("Wendell", True, 3), ("Olive", False, 2), ("Wendell", True, 1)):
        start = now - timedelta(hours=hours)
        shift = DutyShift(
            service_id=service.id,
            person_id=who(db, cohort, name).id,
            starts_at=start,
            ends_at=now + timedelta(hours=1),
            backup=backup,
        )
        db.add(shift)
    db.flush()
    usual = [person.shown_name for person in clinicians_for(db, cohort)]
    assert [person.shown_name for person in clinicians_for(db, cohort, now)] == ["Olive", "Wendell", *usual]
    assert usual[:2] == ["Dora", "Grace"]
    assert "Olive" not in usual
