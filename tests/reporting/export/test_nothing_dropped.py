"""What was ever answered is in every file: on earlier words, by others, written in later, opened again, not ticked."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pandas
import pyreadstat
import pytest
from sqlmodel import Session, col, select

from backtolife.outcomes.answering.reopening import open_again
from backtolife.outcomes.answering.saving import Given
from backtolife.outcomes.asking.due import due_for
from backtolife.outcomes.asking.schedule import ask_of
from backtolife.outcomes.forms import battery
from backtolife.outcomes.models import Mode
from backtolife.outcomes.staff_entry.services import Entry, enter, open_for_entry
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.plan.loading import shipped
from backtolife.reporting.export.form_layout.slots import asked_by
from backtolife.reporting.export.registry import KINDS, File
from backtolife.reporting.export.source import Source
from tests.support.factories import Factory
from tests.support.outcomes.questionnaires import filled, imported
from tests.support.outcomes.sheets import SITE, Patient, a_patient, staffed

WHY = "The exercises helped most"


def made(patient: Patient, file: File) -> bytes:
    now, service_id = patient.now + timedelta(hours=1), patient.enrolment.service_id
    asked = asked_by(patient.db, service_id=service_id, plans=[shipped()], now=now)
    pieces = KINDS[file].write(Source(patient.db, service_id, now, asked))
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)


def wide(patient: Patient) -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(made(patient, File.WIDE).decode(), newline=""))
    return next(row for row in rows if row["person"] == patient.enrolment.code)


def long(patient: Patient, instrument: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(made(patient, File.LONG).decode(), newline=""))
    return [row for row in rows if row["person"] == patient.enrolment.code and row["instrument"] == instrument]


@pytest.fixture
def answered_before(make: Factory, db: Session) -> Patient:
    """Someone who said why on words that the service has replaced since by words that do not ask it."""
    patient = a_patient(make)
    fft = patient.open("fft")
    patient.say_all(fft, {"experience": "good", "why": WHY})
    patient.send(fft)
    newer = filled("fft")
    assert "why" not in {item["linkId"] for item in newer["item"]}
    imported(
        db, db.get_one(Service, patient.enrolment.service_id), patient.now + timedelta(minutes=5), "fft", form=newer
    )
    db.flush()
    return patient


def test_an_answer_on_earlier_words_has_its_column(answered_before: Patient) -> None:
    assert wide(answered_before)["baseline_fft_why"] == WHY
    assert b"baseline_fft_why" in made(answered_before, File.CODEBOOK)
    with zipfile.ZipFile(io.BytesIO(made(answered_before, File.REDCAP))) as archive:
        assert WHY in archive.read("records.csv").decode()


def test_programs_of_statistics_get_the_answer_on_earlier_words(answered_before: Patient, tmp_path: Path) -> None:
    for file, reader in ((File.SPSS, pyreadstat.read_sav), (File.STATA, pyreadstat.read_dta)):
        path = tmp_path / f"data.{KINDS[file].extension}"
        path.write_bytes(made(answered_before, file))
        frame, _ = reader(str(path))
        assert list(frame["baseline_fft_why"]) == [WHY]


def test_a_questionnaire_no_longer_asked_keeps_its_columns(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    service = db.get_one(Service, cohort.service_id)
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    imported(db, service, make.now)
    before = ask_of(db, cohort, "baseline").opens_at - timedelta(days=2)
    battery.choose(
        db, actor=lead, milestone_id="baseline", instruments=["rmdq-24", "pseq-10", "phq-9", "fft"], now=before
    )
    patient = a_patient(make, cohort)
    pseq = patient.open("pseq-10")
    patient.say_all(pseq, {str(number): 4 for number in range(1, 11)})
    patient.send(pseq)
    later = patient.now + timedelta(minutes=10)
    battery.choose(
        db, actor=lead, milestone_id="baseline", instruments=["rmdq-24", "semcd-6", "phq-9", "fft"], now=later
    )
    assert wide(patient)["baseline_pseq_10_total_score"] == "40"


def test_an_empty_box_of_a_sent_list_is_0_and_of_an_unsent_one_is_missing(make: Factory) -> None:
    sent, unsent = a_patient(make), a_patient(make)
    for patient in (sent, unsent):
        rmdq = patient.open("rmdq-24")
        patient.say_all(rmdq, {"1": 1, "3": 1})
        if patient is sent:
            patient.send(rmdq)
    ticked, open_still = wide(sent), wide(unsent)
    assert [ticked[f"baseline_rmdq_24_{box}"] for box in ("1", "2", "3", "none_apply_confirmed")] == [
        "1",
        "0",
        "1",
        "0",
    ]
    assert [open_still[f"baseline_rmdq_24_{box}"] for box in ("1", "2", "3")] == ["1", "", "1"]


@pytest.fixture
def written_in(make: Factory, db: Session) -> Patient:
    """Somebody whose daughter answered on paper; staff wrote it in an hour later, and opened it again after that."""
    patient = a_patient(make)
    cohort = db.get_one(Cohort, patient.enrolment.cohort_id)
    lead = make.actor(make.person(db.get_one(Service, cohort.service_id), Role.CLINICAL_LEAD))
    written, later = Entry(Mode.PAPER, patient.now, "her daughter Ann"), patient.now + timedelta(minutes=10)
    response, _ = open_for_entry(
        db,
        actor=lead,
        enrolment_id=patient.enrolment.id,
        milestone_id="baseline",
        instrument="peg-3",
        entry=written,
        production=False,
        now=later,
    )
    given = [Given(str(number), 4, f"paper-{number}") for number in (1, 2, 3)]
    enter(db, actor=lead, response=response, given=given, entry=written, site=SITE, now=later)
    open_again(
        db,
        actor=lead,
        enrolment_id=patient.enrolment.id,
        milestone_id="baseline",
        instrument="peg-3",
        reason="A page was missing",
        now=patient.now + timedelta(minutes=20),
    )
    return patient


def test_who_answered_when_it_was_written_in_and_opened_again_are_in_both_files(written_in: Patient) -> None:
    rows = long(written_in, "peg-3")
    held = [{name: row[name] for name in ("entered_at", "proxy", "reopened_at")} for row in rows]
    expected = {"entered_at": "2026-03-03T09:10:00Z", "proxy": "yes", "reopened_at": "2026-03-03T09:20:00Z"}
    assert held == [expected] * 4
    row = wide(written_in)
    assert {name: row[f"baseline_peg_3_{name}"] for name in expected} == expected


def test_the_words_for_who_answered_stay_here(written_in: Patient) -> None:
    for file in (File.LONG, File.WIDE, File.CODEBOOK, File.FHIR):
        assert b"Ann" not in made(written_in, file)


@pytest.fixture
def many(make: Factory, db: Session) -> Iterator[Patient]:
    """A hundred and seven people who opened nothing, and one after them who answered."""
    service = db.get_one(Service, staffed(make).service_id)
    groups = [make.cohort(service) for _ in range(9)]
    for group in groups:
        for _ in range(12):
            make.enrolment(group)
    newest = max(groups, key=lambda group: (group.first_day, group.id))
    last_of = select(Enrolment).where(Enrolment.cohort_id == newest.id).order_by(col(Enrolment.code).desc())
    enrolment = db.exec(last_of).first()
    assert enrolment is not None
    last = Patient(db, enrolment, make.actor(db.get_one(Person, enrolment.person_id)), make.now)
    peg = last.open("peg-3")
    last.say_all(peg, {"1": 4, "2": 5, "3": 4})
    last.send(peg)
    db.flush()
    yield last


def test_stata_gets_the_first_number_of_a_column_after_a_hundred_people(many: Patient, tmp_path: Path) -> None:
    path = tmp_path / "data.dta"
    path.write_bytes(made(many, File.STATA))
    assert b"<release>118</release>" in path.read_bytes()[:80]
    frame, about = pyreadstat.read_dta(str(path), user_missing=True)
    found = list(frame["baseline_peg_3_1"])
    assert found == ["b"] * 107 + [4.0]
    assert set(about.readstat_variable_types.values()) <= {"double", "string", "string_ref"}
    assert about.readstat_variable_types["baseline_peg_3_1"] == "double"
    assert pandas.read_stata(path, convert_categoricals=False)["baseline_peg_3_1"].mean() == 4
    assert about.readstat_variable_types["baseline_phq_9_1"] == "double"  # nobody answered: still a number


def test_answers_from_before_a_group_was_moved_are_marked(make: Factory, db: Session) -> None:
    patient = a_patient(make)
    peg = patient.open("peg-3")
    patient.say_all(peg, {"1": 4, "2": 5, "3": 4})
    patient.send(peg)
    assert {row["before_window"] for row in long(patient, "peg-3")} == {"no"}
    for date in dates_of(db, patient.enrolment.cohort_id):
        date.starts_at, date.ends_at = date.starts_at + timedelta(weeks=6), date.ends_at + timedelta(weeks=6)
    db.flush()
    assert {row["before_window"] for row in long(patient, "peg-3")} == {"yes"}
    assert wide(patient)["baseline_peg_3_before_window"] == "yes"
    (baseline,) = [due for due in due_for(db, enrolment=patient.enrolment, now=patient.now) if due.ask.id == "baseline"]
    assert baseline.days_early("peg-3") in range(25, 43)
    assert baseline.days_early("gad-7") == 0
