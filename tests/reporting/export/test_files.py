"""The files to take away: no names, whole, readable by others, and on record."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from backtolife.audit import AuditEntry
from backtolife.database.session import new_id
from backtolife.errors import Invalid, NotPermitted
from backtolife.outcomes.models import Answer, InstrumentResponse
from backtolife.people.models import Person, Role, Service
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.plan.loading import shipped
from backtolife.programme.practice.rules import OTHER, Written
from backtolife.programme.practice.services import keep_entry
from backtolife.reporting.export.codebook import HEADER, codebook_rows
from backtolife.reporting.export.csv_cells import lines
from backtolife.reporting.export.export import permit
from backtolife.reporting.export.form_layout.slots import asked_by_plan
from backtolife.reporting.export.long_file import COLUMNS, long_rows, long_text
from backtolife.reporting.export.records import records
from backtolife.reporting.export.wide_file import wide_columns, wide_row
from tests.support.factories import Factory
from tests.support.outcomes.sheets import Patient, a_patient, staffed
from tests.support.reporting.attending import attend

Rows = list[dict[str, str]]
ASKED = asked_by_plan(shipped())


def read(text: Iterator[str]) -> Rows:
    return list(csv.DictReader(io.StringIO("".join(text), newline="")))


def long_file(db: Session, patient: Patient) -> Rows:
    people = records(db, service_id=patient.enrolment.service_id, now=patient.now + timedelta(hours=1))
    return read(lines([column.name for column in COLUMNS], (row for each in people for row in long_rows(each))))


def wide_file(db: Session, patient: Patient) -> Rows:
    people = records(db, service_id=patient.enrolment.service_id, now=patient.now + timedelta(hours=1))
    return read(lines([each.name for each in wide_columns(ASKED)], (wide_row(one, ASKED) for one in people)))


def codebook() -> Rows:
    return read(lines(HEADER, codebook_rows(ASKED)))


def who_answered(make: Factory) -> Patient:
    """Someone who sent PEG and the service questions, began GAD-7, and opened nothing else."""
    patient = a_patient(make)
    peg, fft, gad = patient.open("peg-3"), patient.open("fft"), patient.open("gad-7")
    patient.say_all(peg, {"1": 4, "2": 5, "3": 4}, now=patient.now + timedelta(minutes=1))
    patient.send(peg, now=patient.now + timedelta(minutes=2))
    patient.say_all(fft, {"experience": "good", "why": '=HYPERLINK("http://example.org")'})
    patient.send(fft)
    patient.say(gad, "1", 2)
    make.db.flush()
    return patient


def test_the_long_file_holds_each_form_answer_and_score(make: Factory, db: Session) -> None:
    patient = who_answered(make)
    rows = [row for row in long_file(db, patient) if row["instrument"] == "peg-3"]
    assert [(row["kind"], row["item"], row["value"]) for row in rows] == [
        ("form", "", ""),
        ("answer", "1", "4"),
        ("answer", "2", "5"),
        ("answer", "3", "4"),
        ("score", "mean", "4.33"),
    ]
    assert rows[0]["invited_at"] == rows[0]["opened_at"] == "2026-03-03T09:00:00Z"
    assert rows[0]["started_at"] == "2026-03-03T09:01:00Z"
    assert rows[0]["completed_at"] == "2026-03-03T09:02:00Z"
    assert rows[0]["wording"] == "Pain questions, in-house, scored as PEG"
    assert (rows[0]["instrument_version"], rows[0]["in_house"], rows[0]["mode"]) == ("1", "yes", "self")


def test_a_form_that_was_asked_and_never_opened_is_in_the_long_file(make: Factory, db: Session) -> None:
    rows = [row for row in long_file(db, who_answered(make)) if row["instrument"] == "rmdq-24"]
    assert [(row["kind"], row["invited_at"], row["opened_at"]) for row in rows] == [
        ("form", "2026-03-03T09:00:00Z", "")
    ]


def test_who_starts_late_was_asked_from_when_they_had_a_place(make: Factory, db: Session) -> None:
    cohort = staffed(make)
    came = dates_of(db, cohort.id)[0].starts_at + timedelta(days=2)
    late = a_patient(replace(make, now=came), cohort)
    late.send(filled_peg(late))
    asked = {row["instrument"]: row["invited_at"] for row in long_file(db, late) if row["kind"] == "form"}
    assert asked["peg-3"] == asked["gad-7"] == "2026-03-12T10:00:00Z"


def filled_peg(patient: Patient) -> InstrumentResponse:
    form = patient.open("peg-3")
    patient.say_all(form, {"1": 4, "2": 5, "3": 4})
    return form


def test_a_form_that_was_begun_and_not_sent_keeps_its_answers_without_a_score(make: Factory, db: Session) -> None:
    rows = [row for row in long_file(db, who_answered(make)) if row["instrument"] == "gad-7"]
    assert [(row["kind"], row["completed_at"]) for row in rows] == [("form", ""), ("answer", "")]


def test_formula_text_in_a_free_answer_is_held_as_words(make: Factory, db: Session) -> None:
    patient = who_answered(make)
    (why,) = [row["words"] for row in long_file(db, patient) if row["item"] == "why"]
    assert why == '\'=HYPERLINK("http://example.org")'
    assert wide_file(db, patient)[0]["baseline_fft_why"] == why


def test_the_wide_file_has_one_row_a_person(make: Factory, db: Session) -> None:
    patient = who_answered(make)
    cohort = db.get_one(Cohort, patient.enrolment.cohort_id)
    other = a_patient(make, cohort)
    attend(db, cohort, 1, [patient.enrolment], patient.now)
    cohort.first_day = patient.now.date()
    keep_entry(
        db, enrolment=patient.enrolment, key=new_id(), actor=patient.actor, now=patient.now,
        written=Written(patient.now.date(), OTHER, "A walk", 15),
    )  # fmt: skip
    codes = {patient.enrolment.code, other.enrolment.code}
    rows = {row["person"]: row for row in wide_file(db, patient)}
    mine, theirs = rows[patient.enrolment.code], rows[other.enrolment.code]
    assert set(rows) == codes
    assert (mine["baseline_peg_3_mean_score"], mine["baseline_peg_3_missing"]) == ("4.33", "0")
    assert (mine["baseline_gad_7_1"], mine["baseline_gad_7_2"], mine["baseline_gad_7_total_score"]) == ("2", "", "")
    assert (mine["session_1_minutes"], mine["session_2_minutes"]) == ("45", "")
    assert (theirs["session_1_minutes"], theirs["baseline_peg_3_mean_score"]) == ("0", "")
    assert (mine["home_practice_times"], mine["home_practice_minutes"]) == ("1", "15")
    assert (theirs["home_practice_times"], theirs["home_practice_minutes"]) == ("", "")


def test_every_column_is_in_the_codebook_once(make: Factory, db: Session) -> None:
    patient = who_answered(make)
    book = codebook()
    for file, rows in (("long", long_file(db, patient)), ("wide", wide_file(db, patient))):
        assert [line["column"] for line in book if line["file"] == file] == list(rows[0])
    wide_names = [line["column"] for line in book if line["file"] == "wide"]
    assert len(wide_names) == len(set(wide_names))
    assert all(line["meaning"] and line["type"] and line["missing"] == "empty" for line in book)


def test_the_codebook_gives_each_answer_its_words() -> None:
    line = next(each for each in codebook() if each["column"] == "baseline_phq_9_9")
    assert line["values"].startswith("0 = Never; 1 = On a few days")
    assert (line["instrument"], line["item"], line["instrument_version"]) == ("phq-9", "9", "1")
    assert line["wording"] == "Mood questions, in-house, scored as PHQ-9"


def test_no_name_address_or_id_leaves(make: Factory, db: Session) -> None:
    patient = who_answered(make)
    person = db.get_one(Person, patient.enrolment.person_id)
    text = str(long_file(db, patient)) + str(wide_file(db, patient))
    secrets = (person.full_name, person.shown_name, person.email, person.phone, person.id, patient.enrolment.id)
    assert patient.enrolment.code in text
    assert not [secret for secret in secrets if secret in text]


def test_another_service_is_not_in_the_files(make: Factory, db: Session) -> None:
    patient, stranger = who_answered(make), who_answered(make)
    codes = {row["person"] for row in long_file(db, patient)}
    everyone = {each.code for each in db.exec(select(Enrolment))}
    assert codes == {patient.enrolment.code}
    assert stranger.enrolment.code in everyone


def test_a_download_is_on_record_with_its_reason(make: Factory, db: Session) -> None:
    service = make.service()
    lead = make.person(service, Role.SERVICE_LEAD)
    permit(db, actor=make.actor(lead), file="long", reason="Report to the board", confirmed=True, now=make.now)
    entry = db.exec(select(AuditEntry).where(AuditEntry.action == "exported")).one()
    assert (entry.actor_id, entry.subject_id) == (lead.id, service.id)
    assert entry.detail == {"file": "long", "why": "Report to the board"}


@pytest.mark.parametrize(("file", "reason"), [("long", ""), ("long", "  x "), ("names", "Report to the board")])
def test_a_download_needs_a_reason_and_a_file(make: Factory, db: Session, file: str, reason: str) -> None:
    lead = make.person(make.service(), Role.SERVICE_LEAD)
    with pytest.raises(Invalid):
        permit(db, actor=make.actor(lead), file=file, reason=reason, confirmed=True, now=make.now)
    assert db.exec(select(AuditEntry).where(AuditEntry.action == "exported")).all() == []


def test_nobody_takes_data_away_without_signing_in_again(make: Factory, db: Session) -> None:
    lead = make.person(make.service(), Role.SERVICE_LEAD)
    with pytest.raises(Invalid) as refused:
        permit(db, actor=make.actor(lead), file="long", reason="Report to the board", confirmed=False, now=make.now)
    assert refused.value.field == "password"
    assert db.exec(select(AuditEntry).where(AuditEntry.action == "exported")).all() == []


def test_the_lines_of_the_long_file_are_its_rows(make: Factory, db: Session) -> None:
    patient = who_answered(make)
    words = 'She said: "pace",\n?,=1+1'
    why = db.exec(select(Answer).where(Answer.item == "why", Answer.service_id == patient.enrolment.service_id)).one()
    why.words = words
    service, at = patient.enrolment.service_id, patient.now + timedelta(hours=1)
    people = list(records(db, service_id=service, now=at))
    in_lines = list(records(db, service_id=service, now=at, lines=True))
    texts = [long_text(one, {}) for one in in_lines]
    assert texts == ["".join(lines([], long_rows(one))).removeprefix("\r\n") for one in people]
    assert words.replace('"', '""') in "".join(texts)
    assert any(people[0].forms[place].answers for place in range(len(people[0].forms)))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SERVICE_LEAD])
def test_only_a_service_lead_takes_data_away(make: Factory, db: Session, role: Role) -> None:
    person = make.person(db.get_one(Service, staffed(make).service_id), role)
    with pytest.raises(NotPermitted):
        permit(db, actor=make.actor(person), file="long", reason="Report to the board", confirmed=True, now=make.now)
