"""The results page and its downloads, for the right people only."""

import csv
import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.db import session_scope
from backtolife.people import signin
from backtolife.people.models import Role
from tests.factories import Factory

WHY = "Report to the board"


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
        token = signin.begin(db, person=make.person(service, role), now=clock.now())
    with client.session_transaction() as session:
        session["signed_in"] = token
    return client


def test_the_page_counts_and_hides(signed_in: FlaskClient) -> None:
    page = signed_in.get("/results").text
    assert "1 group, as of" in page
    assert "Hidden" in page
    assert "Not open yet" in page


@pytest.mark.parametrize("signed_in", [Role.CLINICAL_LEAD], indirect=True)
def test_a_clinical_lead_reads_and_takes_nothing_away(signed_in: FlaskClient) -> None:
    assert "Take the data away" not in signed_in.get("/results").text
    assert signed_in.post("/results/download", data={"file": "long", "reason": WHY}).status_code == 403


@pytest.mark.parametrize("signed_in", [Role.FACILITATOR, Role.PATIENT, Role.ADMINISTRATOR], indirect=True)
def test_other_roles_do_not_get_in(signed_in: FlaskClient) -> None:
    assert signed_in.get("/results").status_code == 403


@pytest.mark.parametrize(("file", "rows"), [("long", 49), ("wide", 7)])
def test_a_file_arrives_whole(signed_in: FlaskClient, file: str, rows: int) -> None:
    answer = signed_in.post("/results/download", data={"file": file, "reason": WHY})
    found = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f"back-to-life-{file}-" in answer.headers["Content-Disposition"]
    assert len(found) == rows
    assert {row["group"] for row in found} == {"'=Monday"}


def test_the_codebook_arrives(signed_in: FlaskClient) -> None:
    answer = signed_in.post("/results/download", data={"file": "codebook", "reason": WHY})
    assert answer.text.startswith("file,column,meaning,type,values,missing")


def test_without_a_reason_nothing_leaves_and_nothing_is_on_record(app: Flask, signed_in: FlaskClient) -> None:
    answer = signed_in.post("/results/download", data={"file": "long", "reason": ""})
    assert (answer.status_code, "what you need the data for" in answer.text) == (400, True)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.exec(select(AuditEntry).where(AuditEntry.action == "exported")).all() == []


def test_the_record_is_kept_before_the_first_line_leaves(app: Flask, signed_in: FlaskClient) -> None:
    answer = signed_in.post("/results/download", data={"file": "wide", "reason": WHY}, buffered=False)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        entry = db.exec(select(AuditEntry).where(AuditEntry.action == "exported")).one()
    assert entry.detail["why"] == WHY
    assert answer.text.startswith("person,group,state")
