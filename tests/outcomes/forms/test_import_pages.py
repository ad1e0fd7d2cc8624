"""The pages where official wording is loaded and the questions of a milestone are chosen."""

import io
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.outcomes.forms import importing
from backtolife.outcomes.forms.models import ChosenBattery, ImportedForm
from backtolife.people.models import Role
from backtolife.people.signing_in import signin
from tests.support.factories import Factory
from tests.support.outcomes.confirming import confirm
from tests.support.outcomes.questionnaires import filled, from_elsewhere, made_up_table

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
    answer = client.post("/questionnaires", data={**fields, **files})
    return confirm(client, answer.text) if answer.status_code == 200 else answer


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
        (filled("phq-9"), {}, "This file says that it is PHQ-9, and you chose Pain Self-Efficacy Questionnaire"),
        (filled("phq-9"), {}, "has 10 questions with a score, and this file has 9"),
        (filled("pseq-10") | {"title": "<script>alert(1)</script>"}, {}, "only plain text can be shown"),
        (filled("pseq-10"), {"licence_holder": ""}, "needs a licence from Prof Michael Nicholas"),
        (filled("pseq-10"), {"licence_expires_on": "2020-01-01"}, "This licence has expired"),
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


def test_a_form_without_codes_is_checked_beside_our_topics_and_its_safety_question_named_by_hand(
    app: Flask, lead: FlaskClient
) -> None:
    """The file's fourth question is the one about harm, and its ninth the one about tiredness."""
    data = {"instrument": "phq-9", "file": (io.BytesIO(from_elsewhere("40-order-nocodes").read_bytes()), "f.json")}
    page = lead.post("/questionnaires", data=data).text
    assert "Made-up words about harm to oneself" in page
    assert "9. better-off-dead/self-harm thoughts" in page
    refused = confirm(lead, page)
    assert (refused.status_code, "Say which question is “9. better-off-dead/self-harm thoughts”" in refused.text) == (
        400,
        True,
    )
    twice = confirm(lead, refused.text, **{"part-3": "9", "part-8": "3"})
    assert (twice.status_code, "cannot both be “3. sleep”" in twice.text) == (400, True)
    assert confirm(lead, twice.text, **{"part-8": "4"}).status_code == 302
    with session_scope(app.extensions["backtolife.engine"]) as db:
        form = importing.form_in(db.exec(select(ImportedForm)).one())
    assert form.question("9").text == "Made-up words about harm to oneself"
    assert form.question("4").text == "Made-up words about tiredness"


def test_what_the_file_does_not_say_is_asked_on_the_page(app: Flask, lead: FlaskClient) -> None:
    name = "07-lforms-no-url-no-version"
    data = {"instrument": "phq-9", "file": (io.BytesIO(from_elsewhere(name).read_bytes()), "f.json")}
    page = lead.post("/questionnaires", data=data).text
    refused = confirm(lead, page, url="here", version="2")
    assert (refused.status_code, "Start the form’s address with https:// or urn:" in refused.text) == (400, True)
    assert confirm(lead, refused.text, url="https://clinic.example/mood").status_code == 302
    with session_scope(app.extensions["backtolife.engine"]) as db:
        row = db.exec(select(ImportedForm)).one()
    assert (row.url, row.version) == ("https://clinic.example/mood", "2")


def test_the_same_words_under_another_url_are_answered_in_words(lead: FlaskClient) -> None:
    answers = []
    for name in ("00-flat-ok", "24-same-words-other-url"):
        data = {"instrument": "phq-9", "file": (io.BytesIO(from_elsewhere(name).read_bytes()), "f.json")}
        answers.append(confirm(lead, lead.post("/questionnaires", data=data).text))
    assert [each.status_code for each in answers] == [302, 409]
    assert "These words are loaded already" in answers[1].text


def test_a_page_that_brings_no_file_back_says_so(lead: FlaskClient) -> None:
    for held in ("", "no file", "eJw="):
        answer = lead.post("/questionnaires/confirm", data={"instrument": "phq-9", "held_file": held})
        assert answer.status_code == 400
        assert "Choose " in answer.text
