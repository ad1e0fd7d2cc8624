"""Each kind of file, opened by a reader that nobody here wrote."""

import csv
import io
import json
import math
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import frictionless
import openpyxl
import pandas
import pyreadstat
import pytest
from fhir.resources.R4B.bundle import Bundle
from sqlalchemy import Engine
from sqlmodel import Session

from backtolife.outcomes.forms import importing
from backtolife.outcomes.forms.import_preview import read_json
from backtolife.people.access import System
from backtolife.people.models import Person, Service
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.plan.loading import shipped
from backtolife.reporting.export.form_layout.slots import asked_by
from backtolife.reporting.export.formats.redcap import HEADER as DICTIONARY
from backtolife.reporting.export.formats.spss import GAPS
from backtolife.reporting.export.formats.stata import stata_name
from backtolife.reporting.export.formats.survey import Gap
from backtolife.reporting.export.registry import KINDS, File
from backtolife.reporting.export.source import Source
from tests.support.factories import Factory
from tests.support.outcomes.questionnaires import from_elsewhere
from tests.support.outcomes.sheets import Patient, a_patient
from tests.support.reporting.attending import attend

FORMULA = '=HYPERLINK("http://example.org")'
OTHERS = ("+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1+1")


@pytest.fixture
def db(sqlite_engine: Engine) -> Iterator[Session]:
    """What is in the files does not depend on the database: test_files reads them on both."""
    with sqlite_engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as handle:
            yield handle
        outer.rollback()


@pytest.fixture
def patient(make: Factory) -> Patient:
    """Someone who sent PEG, the tick-list and the service questions, began GAD-7, and opened nothing else."""
    patient = a_patient(make)
    cohort = make.db.get_one(Cohort, patient.enrolment.cohort_id)
    peg, fft, gad, rmdq = (patient.open(name) for name in ("peg-3", "fft", "gad-7", "rmdq-24"))
    patient.say_all(peg, {"1": 4, "2": 5, "3": 4}, now=patient.now + timedelta(minutes=1))
    patient.send(peg, now=patient.now + timedelta(minutes=2))
    patient.say_all(fft, {"experience": "good", "why": FORMULA})
    patient.send(fft)
    patient.say(gad, "1", 2)
    patient.say_all(rmdq, {"1": 1, "3": 1})
    patient.send(rmdq)
    for words in OTHERS:
        other = a_patient(make, cohort)
        form = other.open("fft")
        other.say_all(form, {"experience": "poor", "why": words})
    attend(make.db, cohort, 1, [patient.enrolment], patient.now)
    make.db.flush()
    return patient


def source_of(patient: Patient) -> Source:
    now, service_id = patient.now + timedelta(hours=1), patient.enrolment.service_id
    return Source(patient.db, service_id, now, asked_by(patient.db, service_id=service_id, plans=[shipped()], now=now))


def made(patient: Patient, file: File) -> bytes:
    pieces = KINDS[file].write(source_of(patient))
    return b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)


@pytest.fixture
def saved(patient: Patient, tmp_path: Path) -> Callable[[File], Path]:
    """Makes a file and says where it is."""

    def save(file: File) -> Path:
        path = tmp_path / f"data.{KINDS[file].extension}"
        path.write_bytes(made(patient, file))
        return path

    return save


def test_pandas_opens_the_csv_with_each_column_as_what_it_is(patient: Patient) -> None:
    frame = pandas.read_csv(io.BytesIO(made(patient, File.LONG)), parse_dates=["completed_at"])
    peg = frame[frame["instrument"] == "peg-3"]
    mine = peg[peg["person"] == patient.enrolment.code]
    assert list(mine[mine["kind"] == "answer"]["value"]) == [4, 5, 4]
    assert set(mine["completed_at"]) == {pandas.Timestamp("2026-03-03T09:02:00Z")}
    assert not frame["words"].dropna().str.match(r"\s*[=+@\-]").any()


def test_excel_gets_words_as_words_and_never_a_formula(saved: Callable[[File], Path]) -> None:
    book = openpyxl.load_workbook(saved(File.XLSX))
    assert book.sheetnames == ["wide", "long", "codebook"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    held = {cell.value: cell for cell in cells if isinstance(cell.value, str)}
    for words in (FORMULA, *(word.strip() for word in OTHERS)):
        assert held[words].data_type == "s"
        assert held[words].quotePrefix
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_excel_gets_times_as_times_and_numbers_as_numbers(saved: Callable[[File], Path], patient: Patient) -> None:
    sheet = openpyxl.load_workbook(saved(File.XLSX))["wide"]
    names, *rows = list(sheet.iter_rows(values_only=True))
    (row,) = [dict(zip(names, each, strict=True)) for each in rows if each[0] == patient.enrolment.code]
    assert row["baseline_peg_3_completed_at"] == datetime(2026, 3, 3, 9, 2)  # noqa: DTZ001 - Excel has no zones
    assert row["baseline_peg_3_mean_score"] == 4.33
    assert row["baseline_fft_in_house"] == "yes"


def test_spss_gets_labels_and_the_reason_for_each_gap(saved: Callable[[File], Path], patient: Patient) -> None:
    frame, about = pyreadstat.read_sav(str(saved(File.SPSS)), user_missing=True)
    mine = frame[frame["person"] == patient.enrolment.code].iloc[0]
    assert mine["baseline_peg_3_mean_score"] == 4.33
    assert mine["baseline_peg_3_completed_at"] == datetime(2026, 3, 3, 9, 2)  # noqa: DTZ001 - SPSS has no zones
    assert mine["baseline_fft_why"] == FORMULA
    assert mine["baseline_gad_7_2"] == GAPS[Gap.EMPTY]
    assert mine["baseline_phq_9_1"] == GAPS[Gap.NOT_OPENED]
    assert mine["month_12_phq_8_1"] == GAPS[Gap.NOT_ASKED]
    assert about.column_names_to_labels["baseline_phq_9_1"] == "Nothing seemed worth doing, or you got no joy from it."
    labels = about.variable_value_labels["baseline_phq_9_1"]
    assert (labels[0], labels[-98]) == ("Never", "Asked, form not opened")
    assert mine["baseline_rmdq_24_2"] == 0
    assert about.variable_value_labels["baseline_rmdq_24_2"][0] == "Not ticked"
    assert {each["lo"] for each in about.missing_ranges["baseline_phq_9_1"]} == {-97, -98, -99}


def test_spss_leaves_the_gaps_out_of_a_mean(saved: Callable[[File], Path]) -> None:
    frame, _ = pyreadstat.read_sav(str(saved(File.SPSS)))
    assert frame["baseline_peg_3_1"].mean() == 4
    assert math.isnan(frame["baseline_phq_9_1"].mean())


def test_stata_gets_labels_and_letters_for_the_gaps(saved: Callable[[File], Path], patient: Patient) -> None:
    frame, about = pyreadstat.read_dta(str(saved(File.STATA)), user_missing=True)
    mine = frame[frame["person"] == patient.enrolment.code].iloc[0]
    assert (mine["baseline_gad_7_2"], mine["baseline_phq_9_1"], mine["month_12_phq_8_1"]) == ("c", "b", "a")
    assert mine["baseline_fft_why"] == FORMULA
    assert mine["baseline_peg_3_completed_at"] == datetime(2026, 3, 3, 9, 2)  # noqa: DTZ001 - Stata has no zones
    labels = about.variable_value_labels["baseline_phq_9_1"]
    assert (labels[0], labels["b"]) == ("Never", "Asked, form not opened")
    without = pandas.read_stata(saved(File.STATA), convert_categoricals=False)
    assert without["baseline_peg_3_1"].mean() == 4


def test_stata_names_are_short_and_no_two_alike(patient: Patient) -> None:
    names = [stata_name(column.name) for column in source_of(patient).columns()]
    assert len(names) == len(set(names))
    assert max(map(len, names)) <= 32


def test_frictionless_finds_nothing_wrong_with_the_package(saved: Callable[[File], Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(saved(File.DATA_PACKAGE)) as archive:
        archive.extractall(tmp_path / "package")
    report = frictionless.Package(str(tmp_path / "package" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "note"])
    assert {task.name: task.stats["rows"] > 0 for task in report.tasks} == dict.fromkeys(
        ("long", "wide", "codebook"), True
    )


def test_redcap_gets_a_dictionary_that_explains_every_field_of_the_records(patient: Patient) -> None:
    with zipfile.ZipFile(io.BytesIO(made(patient, File.REDCAP))) as archive:
        assert archive.testzip() is None
        dictionary, records = (
            list(csv.DictReader(io.StringIO(archive.read(name).decode(), newline="")))
            for name in ("data_dictionary.csv", "records.csv")
        )
    fields = {row["Variable / Field Name"]: row for row in dictionary}
    assert tuple(dictionary[0]) == DICTIONARY
    assert len(fields) == len(dictionary)
    assert all(re.fullmatch(r"[a-z](?!.*__)[a-z0-9_]*[a-z0-9]", name) and len(name) <= 100 for name in fields)
    forms = {row["Form Name"] for row in dictionary}
    assert set(records[0]) == set(fields) | {f"{name}_complete" for name in forms}
    mine = next(row for row in records if row["record_id"] == patient.enrolment.code)
    assert (mine["baseline_peg_3_complete"], mine["baseline_gad_7_complete"], mine["baseline_phq_9_complete"]) == tuple(
        "210"
    )
    assert mine["baseline_peg_3_completed_at"] == "2026-03-03 09:02:00"
    assert mine["baseline_fft_why"] == f"'{FORMULA}"
    for name, row in fields.items():
        if row["Field Type"] == "radio":
            codes = {
                choice.partition(",")[0].strip() for choice in row["Choices, Calculations, OR Slider Labels"].split("|")
            }
            assert {record[name] for record in records} <= {*codes, ""}, name


def test_the_r4b_validator_takes_the_bundle(patient: Patient) -> None:
    text = made(patient, File.FHIR).decode()
    bundle = Bundle.model_validate_json(text)
    resources = [entry["resource"] for entry in json.loads(text)["entry"]]
    kinds = [each["resourceType"] for each in resources]
    assert len(bundle.entry) == len(resources)
    assert kinds.count("QuestionnaireResponse") == 4 + len(OTHERS)
    (peg,) = [each for each in resources if ":peg-3:" in each.get("questionnaire", "")]
    assert (peg["status"], peg["authored"]) == ("completed", "2026-03-03T09:02:00Z")
    assert [each["answer"] for each in peg["item"]] == [[{"valueInteger": number}] for number in (4, 5, 4)]
    score = next(each for each in resources if each.get("valueQuantity", {}).get("value") == 4.33)
    assert score["derivedFrom"] == [{"reference": f"urn:uuid:{peg['id']}"}]
    assert "never compare" in score["note"][0]["text"]
    assert FORMULA in [
        answer.get("valueString") for each in resources for item in each.get("item", ()) for answer in item["answer"]
    ]


@pytest.mark.parametrize("file", File)
def test_no_kind_of_file_holds_a_name_an_address_or_an_id(patient: Patient, file: File) -> None:
    person = patient.db.get_one(Person, patient.enrolment.person_id)
    secrets = (person.full_name, person.email, person.phone, person.id, patient.enrolment.id)
    raw = made(patient, file)
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            raw = b"".join(archive.read(name) for name in archive.namelist())
    if file in (File.CODEBOOK, File.EQUALITY):
        assert patient.enrolment.code.encode() not in raw, "it is about nobody"
    else:
        assert patient.enrolment.code.encode() in raw
    assert not [secret for secret in secrets if secret.encode() in raw]


def test_a_form_by_somebody_else_leaves_with_its_own_url_link_ids_and_codes_in_its_order(patient: Patient) -> None:
    service = patient.db.get_one(Service, patient.enrolment.service_id)
    data = from_elsewhere("20-options-high-first").read_bytes()
    row = importing.load(
        patient.db,
        service=service,
        actor=System("test", service.id),
        file=read_json(data, "f"),
        now=patient.now,
        instrument="phq-9",
    )
    form = patient.open("phq-9")
    for item in ("9", "2", "1"):
        patient.say(form, item, 3 if item == "1" else 0)
    resources = [entry["resource"] for entry in json.loads(made(patient, File.FHIR))["entry"]]
    (mine,) = [each for each in resources if each.get("questionnaire") == f"{row.url}|{row.version}"]
    assert [item["linkId"] for item in mine["item"]] == ["/44250-9", "/44255-8", "/44260-8"]
    every_day = {"system": "http://loinc.org", "code": "LA65611-3", "display": "Every day"}
    assert mine["item"][0]["answer"] == [{"valueCoding": every_day}]
