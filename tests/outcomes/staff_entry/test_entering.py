"""Answers on paper and by telephone, entered by staff; and forms that are opened again."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.answering.reopening import open_again
from backtolife.outcomes.answering.saving import Given, Saved
from backtolife.outcomes.answering.submitting import scores_of
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.asking.schedule import ask_of
from backtolife.outcomes.forms.models import Reopening
from backtolife.outcomes.models import InstrumentResponse, Mode, SafetyTask
from backtolife.outcomes.staff_entry.services import Entry, enter, open_for_entry
from backtolife.people.access import Actor, OutOfReach
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort
from tests.support.factories import Factory
from tests.support.outcomes.sheets import SITE, Patient, a_patient

GAD = {str(number): 1 for number in range(1, 8)}


def priya(make: Factory, patient: Patient) -> Actor:
    wanted = select(Person).where(Person.service_id == patient.enrolment.service_id, Person.shown_name == "Priya")
    return make.actor(make.db.exec(wanted).one())


def written_in(
    patient: Patient, actor: Actor, values: dict[str, int], *, entry: Entry | None = None, instrument: str = "gad-7"
) -> tuple[InstrumentResponse, Saved]:
    entry = entry or Entry(Mode.PAPER, patient.now)
    response, _ = open_for_entry(
        patient.db,
        actor=actor,
        enrolment_id=patient.enrolment.id,
        milestone_id="baseline",
        instrument=instrument,
        entry=entry,
        production=False,
        now=patient.now,
    )
    given = [Given(name, value, f"key-{name}") for name, value in values.items()]
    saved = enter(patient.db, actor=actor, response=response, given=given, entry=entry, site=SITE, now=patient.now)
    return response, saved


def test_a_paper_form_is_marked_with_who_when_and_for_whom(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    actor, yesterday = priya(make, patient), patient.now - timedelta(days=1)
    patient.now += timedelta(hours=1)
    response, _ = written_in(patient, actor, GAD, entry=Entry(Mode.PAPER, yesterday, "daughter"))
    assert (response.mode, response.entered_by, response.proxy) == (Mode.PAPER, actor.id, "daughter")
    assert (response.completed_at, response.entered_at) == (yesterday, patient.now)
    assert [score.value for score in scores_of(db, response)] == [7]
    actions = set(db.exec(select(AuditEntry.action).where(AuditEntry.subject_id == response.id)))
    assert {"form_opened", "form_entered", "form_sent"} <= actions


def test_an_answer_by_telephone_that_worries_opens_a_task(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    entry = Entry(Mode.TELEPHONE, patient.now)
    _, saved = written_in(patient, priya(make, patient), {"9": 2}, entry=entry, instrument="phq-9")
    assert saved.alert
    assert db.exec(select(SafetyTask)).one().highest == 2


def test_a_paper_form_answered_in_time_counts_though_it_is_written_in_late(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    in_time = patient.now
    closes = ask_of(db, db.get_one(Cohort, patient.enrolment.cohort_id), "baseline").closes_at
    patient.now = closes + timedelta(days=3)
    with pytest.raises(Conflict, match="have closed"):
        written_in(patient, priya(make, patient), GAD)
    response, _ = written_in(patient, priya(make, patient), GAD, entry=Entry(Mode.PAPER, in_time))
    assert response.completed_at == in_time


def test_what_cannot_be_written_in_is_refused(make: Factory) -> None:
    patient = a_patient(make)
    actor = priya(make, patient)
    with pytest.raises(Invalid, match="paper or by telephone"):
        written_in(patient, actor, GAD, entry=Entry(Mode.SELF, patient.now))
    with pytest.raises(Invalid, match="in the future"):
        written_in(patient, actor, GAD, entry=Entry(Mode.PAPER, patient.now + timedelta(hours=1)))
    with pytest.raises(OutOfReach):
        written_in(patient, make.actor(make.facilitator(make.noise())), GAD)
    _, saved = written_in(patient, actor, {"1": 7})
    assert saved.refused
    written_in(patient, actor, GAD)
    with pytest.raises(Conflict, match="sent already"):
        written_in(patient, actor, GAD)


def again(make: Factory, patient: Patient, instrument: str, reason: str = "Pressed the wrong one") -> Reopening:
    return open_again(
        make.db,
        actor=priya(make, patient),
        enrolment_id=patient.enrolment.id,
        milestone_id="baseline",
        instrument=instrument,
        reason=reason,
        now=patient.now,
    )


def test_a_sent_form_is_opened_again_with_a_reason_and_scored_anew(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    response = patient.open("gad-7")
    patient.say_all(response, GAD)
    patient.send(response)
    row = again(make, patient, "gad-7")
    assert (row.scores_before, row.sent_before) == ({"total": 7}, patient.now)
    assert scores_of(db, response) == []
    later = patient.now + timedelta(minutes=5)
    patient.say(response, "1", 3, "changed", now=later)
    patient.send(response, now=later)
    assert [score.value for score in scores_of(db, response)] == [9]


def test_a_closed_milestone_is_opened_again_for_one_patient_for_seven_days(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    cohort = db.get_one(Cohort, patient.enrolment.cohort_id)
    other = a_patient(make, cohort)
    patient.now = ask_of(db, cohort, "baseline").closes_at + timedelta(days=1)
    with pytest.raises(Conflict, match="have closed"):
        patient.open("gad-7")
    again(make, patient, "", "Was in hospital")
    response = patient.open("gad-7")
    patient.say_all(response, GAD)
    patient.send(response)
    with pytest.raises(Conflict, match="have closed"):
        other.open("gad-7", now=patient.now)
    with pytest.raises(Conflict, match="have closed"):
        patient.open("peg-3", now=patient.now + timedelta(days=8))
    states = {each.ask.id: each.state for each in due_for(db, enrolment=patient.enrolment, now=patient.now)}
    assert states["baseline"] == "overdue"


def test_nothing_is_opened_again_without_a_reason_or_a_need(make: Factory) -> None:
    patient = a_patient(make)
    with pytest.raises(Invalid, match="Write why"):
        again(make, patient, "gad-7", "  ")
    with pytest.raises(Conflict, match="nothing to open again"):
        again(make, patient, "gad-7")
