"""The pages where official wording is loaded and the questions of a milestone are chosen."""

import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.db import session_scope
from backtolife.outcomes.form_models import ChosenBattery, ImportedForm
from backtolife.people import signin
from backtolife.people.models import Role
from tests.factories import Factory
from tests.outcomes.questionnaires import filled, made_up_table

LICENCE = {"licence_holder": "Trust", "licence_reference": "L-1", "licence_expires_on": "2031-01-31"}


@pytest.fixture
def lead(app: Flask) -> FlaskClient:
    """A clinical lead, signed in."""
    client = app.test_client()
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        make.noise()
        token = signin.begin(db, person=make.person(make.service(), Role.CLINICAL_LEAD), now=clock.now())
    with client.session_transaction() as session:
        session["signed_in"] = token
    return client


def load(client: FlaskClient, form: object, table: bytes = b"", **fields: str) -> Any:
    data = form if isinstance(form, bytes) else json.dumps(form).encode()
    fields = {"instrument": "pseq-10"} | LICENCE | fields
    files = {"file": (io.BytesIO(data), "f.json")} | ({"table": (io.BytesIO(table), "t.csv")} if table else {})
    return client.post("/questionnaires", data={**fields, **files})


def test_a_form_is_loaded_listed_and_given_back_as_it_came(app: Flask, lead: FlaskClient) -> None:
    assert load(lead, filled("pseq-10")).status_code == 302
    with session_scope(app.extensions["backtolife.engine"]) as db:
        row = db.exec(select(ImportedForm)).one()
    page = lead.get("/questionnaires").get_data(as_text=True)
    assert "Example form pseq-10" in page
    assert "© Example Trust" in page
    assert "L-1" in page
    assert lead.get(f"/questionnaires/{row.id}.json").get_json(force=True) == filled("pseq-10")


@pytest.mark.parametrize(
    ("form", "fields", "words"),
    [
        (b"{", {}, "This file is not JSON"),
        (filled("phq-9"), {}, "has 10 questions with a score, and this file has 9"),
        (filled("pseq-10") | {"title": "<script>alert(1)</script>"}, {}, "only plain text can be shown"),
        (filled("pseq-10"), {"licence_holder": ""}, "needs a licence from Prof Michael Nicholas"),
        (filled("pseq-10"), {"licence_expires_on": "2020-01-01"}, "This licence is over"),
    ],
)
def test_a_form_that_is_refused_says_why_and_loads_nothing(
    app: Flask, lead: FlaskClient, form: object, fields: dict[str, str], words: str
) -> None:
    answer = load(lead, form, **fields)
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)
    assert "<script>alert" not in answer.get_data(as_text=True)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.exec(select(ImportedForm)).all() == []


def test_an_empty_form_is_fetched_filled_in_and_loaded(lead: FlaskClient) -> None:
    empty = lead.get("/questionnaires/template/wsas").get_json(force=True)
    assert len(empty["item"]) == 5
    assert load(lead, empty, instrument="wsas").status_code == 400
    assert load(lead, filled("wsas"), instrument="wsas").status_code == 302


def test_an_empty_table_is_fetched_filled_in_and_loaded_with_its_form(lead: FlaskClient) -> None:
    empty = lead.get("/questionnaires/table/eq-5d-5l.csv")
    assert (empty.mimetype, empty.text.splitlines()[:2]) == ("text/csv", ["scale,key,value", "index,11111,"])
    assert "Empty table" in lead.get("/questionnaires").text
    refused = load(lead, filled("eq-5d-5l"), instrument="eq-5d-5l", table=empty.data)
    assert (refused.status_code, "Row 2 of the table must end in a number" in refused.text) == (400, True)
    assert load(lead, filled("eq-5d-5l"), instrument="eq-5d-5l").status_code == 302
    assert "No score yet" in lead.get("/questionnaires").text


def test_a_form_loaded_with_its_table_is_scored(lead: FlaskClient) -> None:
    table = made_up_table("eq-5d-5l")
    assert load(lead, filled("eq-5d-5l"), instrument="eq-5d-5l", table=table).status_code == 302
    page = lead.get("/questionnaires").text
    assert "Example form eq-5d-5l" in page
    assert "No score yet" not in page


def test_a_milestone_asks_what_was_chosen_for_it(app: Flask, lead: FlaskClient) -> None:
    load(lead, filled("pseq-10"))
    page = lead.get("/questionnaires/milestones").get_data(as_text=True)
    assert 'value="pseq-10"' in page
    assert 'value="odi-2.1a"' not in page
    refused = lead.post("/questionnaires/milestones/mid", data={"instruments": ["pseq-10", "fft"]})
    assert refused.status_code == 400
    assert "leave out what pain stops people doing and mood" in refused.get_data(as_text=True)
    chosen = ["peg-3", "pseq-10", "phq-4", "fft"]
    assert lead.post("/questionnaires/milestones/mid", data={"instruments": chosen}).status_code == 302
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.exec(select(ChosenBattery)).one().instruments == chosen
