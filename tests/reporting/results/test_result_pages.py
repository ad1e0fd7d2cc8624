"""The results page and its downloads, for the right people only."""

import csv
import io
from codecs import BOM_UTF8
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.people.models import Role, SignedIn
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.passwords import hash_password
from backtolife.reporting.export.registry import KINDS, File
from tests.support.factories import Factory

WHY = "Report to the board"
PASSWORD = "three quiet green hills"
AGAIN = {"reason": WHY, "password": PASSWORD}


@pytest.fixture
def signed_in(app: Flask, request: pytest.FixtureRequest) -> FlaskClient:
    """A browser of someone in the role the test names, in a service with a group of seven."""
    role = getattr(request, "param", Role.SERVICE_LEAD)
    client = app.test_client()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        service = make.service()
        cohort = make.cohort(service, "=Monday", first_day=(clock.now() + timedelta(days=7)).date())
        for _ in range(7):
            make.enrolment(cohort)
        person = make.person(service, role)
        person.password_hash = hash_password(PASSWORD)
        token = signin.begin(db, person=person, now=clock.now())
    with client.session_transaction() as session:
        session["signed_in"] = token
    return client


def test_the_page_counts_and_hides(signed_in: FlaskClient) -> None:
    page = signed_in.get("/results").text
    assert "No group has ended yet" in page
    assert "1 group is not counted yet" in page
    assert "Hidden" in page


@pytest.mark.parametrize("signed_in", [Role.CLINICAL_LEAD], indirect=True)
def test_a_clinical_lead_reads_and_takes_nothing_away(signed_in: FlaskClient) -> None:
    assert "Download data" not in signed_in.get("/results").text
    assert signed_in.post("/results/download", data={"file": "long", "reason": WHY}).status_code == 403


@pytest.mark.parametrize("signed_in", [Role.FACILITATOR, Role.PATIENT, Role.ADMINISTRATOR], indirect=True)
def test_other_roles_do_not_get_in(signed_in: FlaskClient) -> None:
    assert signed_in.get("/results").status_code == 403


@pytest.mark.parametrize(("file", "rows"), [("long", 49), ("wide", 7)])
def test_a_file_arrives_whole(signed_in: FlaskClient, file: str, rows: int) -> None:
    answer = signed_in.post("/results/download", data={"file": file, **AGAIN})
    found = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"back-to-life-{file}-" in answer.headers["Content-Disposition"]
    assert len(found) == rows
    assert {row["group"] for row in found} == {"'=Monday"}


def test_a_csv_file_opens_in_excel_by_a_double_click_when_asked(signed_in: FlaskClient) -> None:
    plain = signed_in.post("/results/download", data={"file": "wide", **AGAIN})
    for_excel = signed_in.post("/results/download", data={"file": "wide", "excel": "y", **AGAIN})
    assert not plain.data.startswith(BOM_UTF8)
    assert for_excel.data == BOM_UTF8 + plain.data
    bundle = signed_in.post("/results/download", data={"file": "fhir", "excel": "y", **AGAIN})
    assert not bundle.data.startswith(BOM_UTF8), "what is no CSV file stays as it is"


def test_the_codebook_arrives(signed_in: FlaskClient) -> None:
    answer = signed_in.post("/results/download", data={"file": "codebook", **AGAIN})
    assert answer.text.startswith("file,column,meaning,type,values,missing")


def test_without_a_reason_nothing_leaves_and_nothing_is_on_record(app: Flask, signed_in: FlaskClient) -> None:
    answer = signed_in.post("/results/download", data={"file": "long", "reason": "", "password": PASSWORD})
    assert (answer.status_code, "what you need the data for" in answer.text) == (400, True)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.exec(select(AuditEntry).where(AuditEntry.action == "exported")).all() == []


def test_the_record_is_kept_before_the_first_line_leaves(app: Flask, signed_in: FlaskClient) -> None:
    answer = signed_in.post("/results/download", data={"file": "wide", **AGAIN}, buffered=False)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        entry = db.exec(select(AuditEntry).where(AuditEntry.action == "exported")).one()
    assert entry.detail["why"] == WHY
    assert answer.text.startswith("person,group,state")


def test_the_password_is_asked_for_once_and_then_holds_for_a_while(signed_in: FlaskClient) -> None:
    assert "Your password" in signed_in.get("/results").text
    refused = signed_in.post("/results/download", data={"file": "long", "reason": WHY})
    assert (refused.status_code, "Enter your password once more" in refused.text) == (400, True)
    assert signed_in.post("/results/download", data={"file": "long", **AGAIN}, buffered=True).status_code == 200
    assert "Your password" not in signed_in.get("/results").text
    assert (
        signed_in.post("/results/download", data={"file": "codebook", "reason": WHY}, buffered=True).status_code == 200
    )


def test_after_ten_minutes_the_password_is_asked_for_again(app: Flask, signed_in: FlaskClient) -> None:
    assert signed_in.post("/results/download", data={"file": "long", **AGAIN}, buffered=True).status_code == 200
    with session_scope(app.extensions["backtolife.engine"]) as db:
        place = db.exec(select(SignedIn)).one()
        place.confirmed_at = clock.now() - timedelta(minutes=11)
    assert signed_in.post("/results/download", data={"file": "long", "reason": WHY}).status_code == 400


def test_the_right_password_may_be_given_for_any_number_of_files(signed_in: FlaskClient) -> None:
    answers = [signed_in.post("/results/download", data={"file": "codebook", **AGAIN}, buffered=True) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [200] * 8


def test_a_wrong_password_takes_nothing_away_and_slows_down_who_guesses(
    signed_in: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at)  # however slow the machine, no wait is over meanwhile
    wrong = {"file": "long", "reason": WHY, "password": "not this one at all"}
    answers = [signed_in.post("/results/download", data=wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [400] * 6
    assert all("not your password" in answer.text for answer in answers[:5])
    assert "Please wait 10 seconds" in answers[5].text
    right = signed_in.post("/results/download", data={"file": "long", **AGAIN}, buffered=True)
    assert "Please wait 10 seconds" in right.text, "guessing goes no faster by guessing right"


@pytest.mark.parametrize("file", File)
def test_each_kind_of_file_arrives_with_its_name_and_kind(signed_in: FlaskClient, file: File) -> None:
    answer = signed_in.post("/results/download", data={"file": file.value, **AGAIN})
    assert answer.status_code == 200
    assert answer.mimetype == KINDS[file].mimetype
    assert answer.headers["Content-Disposition"].endswith(f'.{KINDS[file].extension}"')
    assert answer.data
