"""Who covers safety tasks: by the rota, without those on leave, and not on days when nobody works."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.errors import Invalid, NotFound
from backtolife.mail.delivery import OutgoingMessage
from backtolife.outcomes.asking.schedule import ask_of
from backtolife.outcomes.models import SafetyTask
from backtolife.outcomes.safety import response_times, rota
from backtolife.outcomes.safety.bank_holidays import bank_holidays
from backtolife.outcomes.safety.escalating import escalate_late
from backtolife.outcomes.safety.on_call import clinicians_for
from backtolife.outcomes.safety.rota_models import DutyShift
from backtolife.people.access import Actor, System
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Cohort
from tests.support.factories import Factory
from tests.support.outcomes.sheets import SITE, Patient

LONDON = "Europe/London"


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
        (2022, "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27"),  # a jubilee and a funeral
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"),
    ],
)
def test_the_bank_holidays_on_weekdays_are_those_that_are_published(year: int, days: str) -> None:
    """Against gov.uk/bank-holidays."""
    assert [f"{day:%m-%d}" for day in bank_holidays(LONDON, year) if day.weekday() < 5] == days.split()


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/Copenhagen", date(2026, 6, 5)), ("America/New_York", date(2026, 11, 26)), ("UTC", date(2026, 8, 31))],
)
def test_a_service_elsewhere_has_the_holidays_of_its_country_and_england_stands_in_for_none(
    zone: str, day: date
) -> None:
    known = bank_holidays(zone, 2026)
    assert date(2026, 12, 25) in known
    assert (day in known) == (zone != "Europe/Copenhagen")


def test_no_call_is_promised_for_a_bank_holiday() -> None:
    maundy_thursday = datetime(2026, 4, 2, 18, 0, tzinfo=UTC)
    days = bank_holidays(LONDON, 2026)
    assert response_times.same_day(maundy_thursday, LONDON, days).promised_at == datetime(2026, 4, 7, 11, 0, tzinfo=UTC)
    assert response_times.same_day(maundy_thursday, LONDON).promised_at == datetime(2026, 4, 3, 11, 0, tzinfo=UTC)
    good_friday = datetime(2026, 4, 3, 10, 0, tzinfo=UTC)
    assert not response_times.in_hours(good_friday, LONDON, days)


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
    assert rota.uncovered(days) == [(now.date(), now.date())]


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
    with pytest.raises(Invalid, match="somebody from the list"):
        rota.add_leave(
            db, actor=lead, person_id=stranger.id, first_day=date(2026, 3, 4), last_day=date(2026, 3, 4), now=now
        )


def test_a_day_of_its_own_is_added_once_and_taken_away_only_by_its_own_service(
    make: Factory, db: Session, now: datetime, lead: Actor
) -> None:
    days = {date(2026, 3, 18): "Training", date(2026, 12, 25): "Christmas Day"}
    assert [rota.add_holidays(db, actor=lead, days=days, now=now) for _ in range(2)] == [1, 0]
    (row,) = rota.rota_of(db, actor=lead, now=now).holidays
    other = make.actor(make.person(make.service(), Role.CLINICAL_LEAD))
    with pytest.raises(NotFound):
        rota.take_away(db, actor=other, line="holiday", line_id=row.id, now=now)
    rota.take_away(db, actor=lead, line="holiday", line_id=row.id, now=now)
    found = rota.rota_of(db, actor=lead, now=now)
    assert found.holidays == []
    assert date(2026, 12, 25) in found.known


def test_whoever_is_on_duty_comes_first_then_duty_clinicians_then_clinical_leads(
    db: Session, make: Factory, cohort: Cohort, now: datetime
) -> None:
    service = db.get_one(Service, cohort.service_id)
    for days, name in enumerate(("Olive", "Wendell"), start=1):
        make.person(service, Role.DUTY_CLINICIAN, name).created_at += timedelta(days=days)
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
    assert usual == ["Dora", "Olive", "Wendell", "Grace", "Priya"]
    on_duty = [person.shown_name for person in clinicians_for(db, cohort, now)]
    assert on_duty == ["Olive", "Wendell", "Dora", "Grace", "Priya"]


def test_a_facilitator_on_duty_gets_only_tasks_of_groups_they_lead(
    db: Session, make: Factory, cohort: Cohort, patient: Patient, now: datetime
) -> None:
    """Somebody else's group is out of their reach: they would be named to the patient and could not open the task."""
    service = db.get_one(Service, cohort.service_id)
    olive = make.person(service, Role.FACILITATOR, "Olive")
    hours = {"starts_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=10), "now": now, "backup": False}
    grace = make.actor(who(db, cohort, "Grace"))
    for person in (olive, who(db, cohort, "Priya")):
        rota.add_shift(db, actor=grace, person_id=person.id, **hours)
    assert owner(db, patient, 3) == ["Priya", "Dora"]
    told = {message.person_id for message in db.exec(select(OutgoingMessage)) if message.key.startswith("task:")}
    assert olive.id not in told


def test_days_without_cover_are_told_in_rows_that_a_weekend_does_not_end() -> None:
    monday = date(2027, 3, 1)
    covered = {4}
    days = [
        rota.Day(monday + timedelta(days=ahead), "", [], [], covered=ahead in covered or ahead % 7 >= 5)
        for ahead in range(14)
    ]
    first, second = rota.uncovered(days)
    assert first == (monday, monday + timedelta(days=3))
    assert second == (monday + timedelta(days=7), monday + timedelta(days=11))
    covered.clear()
    days = [rota.Day(monday + timedelta(days=ahead), "", [], [], covered=ahead % 7 >= 5) for ahead in range(14)]
    assert rota.uncovered(days) == [(monday, monday + timedelta(days=11))]
