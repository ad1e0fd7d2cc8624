"""The HTTP API: only with a token that works, only its scope and service, page by page, as its description says."""

import base64
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from sqlalchemy import Engine
from sqlmodel import select
from werkzeug.test import TestResponse

from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.database.session import session_scope
from backtolife.errors import NotPermitted
from backtolife.outcomes.models import GivenAnswer, InstrumentResponse
from backtolife.people.access import permission_of
from backtolife.people.limits.throttle import Throttle
from backtolife.people.models import Person, Role, Service
from backtolife.people.permissions import CLIENT_SCOPES
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.reporting.api import clients, views
from backtolife.reporting.api.models import ApiClient
from backtolife.reporting.api.resources import RESOURCES
from tests.support.factories import Factory
from tests.support.outcomes.sheets import a_patient

FORMULA = '=HYPERLINK("http://example.org")'
BOTH = ("answers:read", "results:read")
API = "/api/v1"


@dataclass
class Desk:
    """A program at the door, with the token it was given."""

    browser: FlaskClient
    token: str
    client_id: str
    codes: list[str] = field(default_factory=list)
    """The people of its service, sorted."""
    secrets: tuple[str, ...] = ()

    def ask(self, path: str, **query: object) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"}
        return self.browser.get(f"{API}{path}", headers=headers, query_string={k: str(v) for k, v in query.items()})

    def every(self, path: str, limit: int) -> Iterator[dict[str, object]]:
        """Each row, page by page."""
        query: dict[str, object] = {"limit": limit}
        while True:
            answer = self.ask(path, **query).get_json()
            assert len(answer["data"]) <= limit
            yield from answer["data"]
            if answer["next_cursor"] is None:
                return
            query["cursor"] = answer["next_cursor"]


def answered(make: Factory, cohort: Cohort | None = None) -> Enrolment:
    """Someone who sent PEG and the service questions."""
    patient = a_patient(make, cohort)
    peg, fft = patient.open("peg-3"), patient.open("fft")
    patient.say_all(peg, {"1": 4, "2": 5, "3": 4})
    patient.send(peg)
    patient.say_all(fft, {"experience": "good", "why": FORMULA})
    patient.send(fft)
    return patient.enrolment


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins with nothing asked yet, and may ask much."""
    monkeypatch.setattr(views, "by_client", Throttle(most=5000, window=timedelta(minutes=1)))


@pytest.fixture
def desk(app: Flask, now: datetime, request: pytest.FixtureRequest) -> Desk:
    """A program with both scopes, or those the test names, of a service with two people who answered."""
    scopes = getattr(request, "param", BOTH)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, now)
        answered(make)
        first = answered(make)
        people = [first, answered(make, db.get_one(Cohort, first.cohort_id))]
        lead = make.actor(make.person(db.get_one(Service, first.service_id), Role.SERVICE_LEAD))
        client, token = clients.create(
            db, actor=lead, name="Trust dashboard", scopes=scopes, days=30, confirmed=True, now=clock.now()
        )
        secrets = (*(each.id for each in people), *(each.person_id for each in people), client.id)
        return Desk(app.test_client(), token, client.id, sorted(each.code for each in people), secrets)


def engine_of(app: Flask) -> Engine:
    found: Engine = app.extensions["backtolife.engine"]
    return found


def test_each_resource_gives_the_rows_of_its_own_service_and_no_other(desk: Desk) -> None:
    for name in RESOURCES:
        rows = list(desk.every(f"/{name}", 100))
        assert {row["person"] for row in rows} == set(desk.codes), name
    scores = [row for row in desk.every("/scores", 100) if row["instrument"] == "peg-3"]
    assert [(row["scale"], row["value"], row["in_house"]) for row in scores] == [("mean", 4.33, True)] * 2
    words = [row["words"] for row in desk.every("/answers", 100) if row["item"] == "why"]
    assert words == [FORMULA] * 2
    form = desk.ask("/forms", instrument="peg-3").get_json()["data"][0]
    assert form["invited_at"] == form["opened_at"] == form["completed_at"] == "2026-03-03T09:00:00Z"
    assert form["wording"] == "Pain questions, in-house, scored as PEG"


@pytest.mark.parametrize("name", RESOURCES)
def test_pages_of_any_size_give_each_row_once_in_the_same_order(desk: Desk, name: str) -> None:
    whole = list(desk.every(f"/{name}", 500))
    assert list(desk.every(f"/{name}", 1)) == list(desk.every(f"/{name}", 3)) == whole
    assert len(whole) > 1


def test_a_filter_gives_only_what_fits(desk: Desk) -> None:
    rows = desk.ask("/answers", person=desk.codes[0], instrument="peg-3", milestone="baseline").get_json()["data"]
    assert [(row["person"], row["item"], row["value"]) for row in rows] == [
        (desk.codes[0], str(number), value) for number, value in ((1, 4), (2, 5), (3, 4))
    ]
    assert desk.ask("/answers", instrument="gad-7").get_json() == {"data": [], "next_cursor": None}


def test_no_id_of_ours_goes_out_not_even_in_a_cursor(desk: Desk) -> None:
    for name in RESOURCES:
        answer = desk.ask(f"/{name}", limit=1)
        cursor = answer.get_json()["next_cursor"]
        text = answer.text + base64.urlsafe_b64decode(cursor + "==").decode()
        assert not [secret for secret in desk.secrets if secret in text]


@pytest.mark.parametrize("desk", [("results:read",)], indirect=True)
def test_a_token_reads_what_its_scope_says_and_nothing_else(desk: Desk) -> None:
    assert desk.ask("/scores").status_code == 200
    refused = desk.ask("/answers")
    assert (refused.status_code, refused.mimetype) == (403, "application/problem+json")
    assert "answers:read" in refused.get_json()["detail"]


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer btl_wrong", "Basic {token}", "{token}"])
def test_without_a_token_that_works_nothing_is_read(desk: Desk, header: str) -> None:
    sent = {"Authorization": header.format(token=desk.token)}
    refused = desk.browser.get(f"{API}/scores", headers=sent)
    assert (refused.status_code, refused.mimetype) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_that_was_taken_back_opens_nothing(app: Flask, desk: Desk) -> None:
    assert desk.ask("/people").status_code == 200
    with session_scope(engine_of(app)) as db:
        client = db.get_one(ApiClient, desk.client_id)
        lead = Factory(db, clock.now()).actor(db.get_one(Person, client.created_by))
        clients.revoke(db, actor=lead, client_id=client.id, now=clock.now())
    assert desk.ask("/people").status_code == 401


def test_a_token_that_ran_out_opens_nothing(app: Flask, desk: Desk) -> None:
    with session_scope(engine_of(app)) as db:
        db.get_one(ApiClient, desk.client_id).expires_at = clock.now() - timedelta(seconds=1)
    assert desk.ask("/people").status_code == 401


def test_the_token_itself_is_kept_nowhere(app: Flask, desk: Desk) -> None:
    with session_scope(engine_of(app)) as db:
        rows = [str(each.model_dump()) for table in (ApiClient, AuditEntry) for each in db.exec(select(table))]
    assert not [row for row in rows if desk.token in row]


def test_each_page_that_was_read_is_on_record(app: Flask, desk: Desk) -> None:
    desk.ask("/scores", limit=1)
    with session_scope(engine_of(app)) as db:
        entry = db.exec(select(AuditEntry).where(AuditEntry.action == "api_read")).one()
    assert (entry.actor_id, entry.detail) == (desk.client_id, {"what": "scores", "rows": 1})


def test_who_asks_too_often_is_asked_to_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "by_client", Throttle(most=2, window=timedelta(minutes=1)))
    answers = [desk.ask("/people") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert (answers[2].mimetype, answers[2].headers["Retry-After"]) == ("application/problem+json", "60")


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 501}, {"limit": "٣"}, {"cursor": "!"}, {"person": "a b"}, {"who": "x"}]
)
def test_what_is_not_understood_is_said(desk: Desk, query: dict[str, object]) -> None:
    refused = desk.ask("/people", **query)
    assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")


@pytest.mark.parametrize("cursor", ["abc", "W10", "WzFd", "WyJcdTAwMDAiXQ"])
def test_a_cursor_we_did_not_give_finds_no_page(desk: Desk, cursor: str) -> None:
    assert desk.ask("/people", cursor=cursor).status_code == 404


def test_an_address_that_does_not_exist_answers_as_a_program_reads_it(desk: Desk) -> None:
    refused = desk.ask("/names")
    assert (refused.status_code, refused.mimetype) == (404, "application/problem+json")
    wrong = desk.browser.delete(f"{API}/people", headers={"Authorization": f"Bearer {desk.token}"})
    assert (wrong.status_code, wrong.mimetype) == (405, "application/problem+json")
    assert "GET" in wrong.headers["Allow"]


def test_the_description_names_each_address_with_its_scope(app: Flask) -> None:
    document = app.test_client().get(f"{API}/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    told = {path: each["get"]["security"][0]["token"][0] for path, each in document["paths"].items()}
    real = {
        rule.rule.removeprefix(API): permission_of(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
    }
    assert told == {path: scope for path, scope in real.items() if scope in CLIENT_SCOPES}
    assert real.keys() - told.keys() == {"/openapi.json"}


def test_the_api_does_as_its_description_says(app: Flask, desk: Desk) -> None:
    """Schemathesis makes requests, right and wrong, from the description, and holds each answer against it."""
    schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", app)
    seen: set[int] = set()
    # This client does not unpack what comes compressed; another test does.
    headers = {"Authorization": f"Bearer {desk.token}", "Accept-Encoding": "identity"}
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in schemathesis.GenerationMode:

            @settings(max_examples=20, database=None, derandomize=True)
            @given(case=operation.as_strategy(generation_mode=mode))
            def holds(case: schemathesis.Case) -> None:
                answer = case.call_and_validate(headers=headers)
                seen.add(answer.status_code)

            holds()
    assert {200, 400} <= seen


def test_only_who_may_lets_a_program_in(app: Flask, now: datetime) -> None:
    with session_scope(engine_of(app)) as db:
        make = Factory(db, now)
        service = make.service()
        for role in Role:
            actor = make.actor(make.person(service, role))
            if role in (Role.SERVICE_LEAD, Role.ADMINISTRATOR):
                assert clients.clients_of(db, actor=actor, now=now) == []
            else:
                with pytest.raises(NotPermitted):
                    clients.clients_of(db, actor=actor, now=now)


def test_since_gives_what_reached_us_from_then_on(app: Flask, desk: Desk) -> None:
    now = clock.now()
    before, after = (f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in (now - timedelta(days=4000), now + timedelta(days=1)))
    for name in RESOURCES:
        everything = desk.ask(f"/{name}", limit=500).get_json()["data"]
        assert everything
        assert desk.ask(f"/{name}", limit=500, since=before).get_json()["data"] == everything
        assert desk.ask(f"/{name}", limit=500, since=after).get_json()["data"] == []


def test_since_finds_an_answer_that_came_late_from_an_offline_device(app: Flask, desk: Desk) -> None:
    late = clock.now() + timedelta(days=30)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        of_peg = select(GivenAnswer).join(InstrumentResponse).where(InstrumentResponse.instrument == "peg-3")
        for row in db.exec(of_peg.where(GivenAnswer.item == "2")):
            row.arrived_at = late
    found = desk.ask("/answers", since=f"{late:%Y-%m-%dT%H:%M:%SZ}").get_json()["data"]
    assert {(row["instrument"], row["item"]) for row in found} == {("peg-3", "2")}


@pytest.mark.parametrize("since", ["yesterday", "2026-03-03", "2026-13-03T09:00:00Z", "2026-03-03T09:00:00"])
def test_a_since_that_is_no_moment_is_refused_in_words(desk: Desk, since: str) -> None:
    answer = desk.ask("/people", since=since)
    assert answer.status_code == 400
    assert "2026-03-03T09:00:00Z" in answer.get_json()["detail"]


def test_who_holds_the_rows_already_gets_no_body_and_who_can_gets_it_compressed(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {desk.token}"}
    plain = desk.browser.get(f"{API}/answers?limit=500", headers=headers)
    tight = desk.browser.get(f"{API}/answers?limit=500", headers={**headers, "Accept-Encoding": "gzip"})
    assert tight.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(tight.data) == plain.data
    again = desk.browser.get(f"{API}/answers?limit=500", headers={**headers, "If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
