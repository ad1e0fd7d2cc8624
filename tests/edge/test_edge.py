"""What happens around every request."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import app as application
from backtolife import clock
from backtolife.audit import AuditEntry
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.people.access import permission
from backtolife.people.models import Role, SignedIn
from backtolife.people.permissions import PUBLIC
from backtolife.people.signing_in import signin
from tests.support.factories import Factory


def test_a_form_without_its_token_is_refused_in_plain_words(settings: Settings, app: Flask) -> None:
    guarded = application.create_app(settings)
    answer = guarded.test_client().post("/sign-in", data={"email": "sam@example.org"})
    assert (answer.status_code, "load it again" in answer.text) == (400, True)
    guarded.extensions["backtolife.engine"].dispose()
    assert app is not guarded


def test_what_no_page_of_ours_sent_counts_against_nobody(settings: Settings, app: Flask) -> None:
    guarded = application.create_app(settings)
    strange, own = guarded.test_client(), guarded.test_client()
    token = re.search(r'name="csrf-?_?token"[^>]*(?:value|content)="([^"]+)"', own.get("/sign-in").text)
    assert token
    assert {strange.post("/sign-in", data={"email": "x"}).status_code for _ in range(310)} == {400}
    assert own.post("/sign-in", data={"csrf_token": token[1], "email": "nobody@example.org"}).status_code == 302
    guarded.extensions["backtolife.engine"].dispose()
    assert app is not guarded


def test_every_page_forbids_scripts_that_are_not_ours(client: FlaskClient) -> None:
    policy = client.get("/sign-in").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_a_fault_shows_a_kind_page_and_logs_nothing_personal(
    app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    @permission(PUBLIC)
    def broken() -> str:
        raise RuntimeError("no")

    app.view_functions["pages.privacy"] = broken
    answer = client.get("/privacy?name=Canary-Person")
    assert (answer.status_code, "our fault" in answer.text) == (500, True)
    assert "Canary-Person" not in capsys.readouterr().out


def test_an_application_with_an_undecided_route_does_not_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("backtolife.web.pages.cookies.permission")
    with pytest.raises(RuntimeError, match=r"pages\.cookies"):
        application.create_app(settings)


def test_someone_elses_record_answers_not_found_and_leaves_a_trace(
    app: Flask, client: FlaskClient, now: datetime
) -> None:
    engine = app.extensions["backtolife.engine"]
    with session_scope(engine) as db:
        make = Factory(db, now)
        mine, theirs = make.cohort(make.service()), make.noise()
        person = make.facilitator(mine)
        token = signin.begin(db, person=person, now=clock.now())
        asked, person_id = theirs.id, person.id
    with client.session_transaction() as session:
        session["signed_in"] = token
    assert client.get(f"/groups/{asked}/add").status_code == 404
    with session_scope(engine) as db:
        row = db.exec(select(AuditEntry).where(AuditEntry.action == "refused")).one()
        assert (row.actor_id, row.subject_id) == (person_id, asked)


def test_noting_that_somebody_is_here_makes_no_page_wait_for_whoever_saves(site: Flask) -> None:
    engine, before = site.extensions["backtolife.engine"], clock.now() - timedelta(minutes=5)
    with session_scope(engine) as db:
        make = Factory(db, before)
        token = signin.begin(db, person=make.person(make.service(), Role.PATIENT), now=before)
    client = site.test_client()
    with client.session_transaction() as session:
        session["signed_in"] = token

    def seen_at() -> datetime:
        with session_scope(engine) as db:
            return db.exec(select(SignedIn.seen_at)).one()

    with session_scope(engine) as other:  # holds the row, and on SQLite everything, for as long as the page takes
        other.exec(select(SignedIn)).one().expires_at += timedelta(hours=1)
        other.flush()
        assert client.get("/your-details").status_code == 200
    assert seen_at() == before
    assert client.get("/your-details").status_code == 200
    assert seen_at() > before


def test_cookies_are_bound_to_tls_where_there_is_tls(settings: Settings) -> None:
    flask = application.create_app(replace(settings, public_url="https://example.org"))
    assert flask.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert flask.config["SESSION_COOKIE_SECURE"]
    assert flask.config["SESSION_COOKIE_HTTPONLY"]
    assert flask.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    flask.extensions["backtolife.engine"].dispose()


@pytest.mark.parametrize("path", ["/sign-in", "/no-such-page", "/healthz"])
def test_every_answer_tells_browsers_to_keep_it_to_themselves(settings: Settings, path: str) -> None:
    flask = application.create_app(replace(settings, public_url="https://example.org"))
    told = flask.test_client().get(path).headers
    assert (told["X-Content-Type-Options"], told["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert "frame-ancestors 'none'" in told["Content-Security-Policy"]
    assert told["Strict-Transport-Security"] == "max-age=31536000"
    assert told["Cache-Control"] == "no-store"
    assert told["Permissions-Policy"].startswith("camera=(self), microphone=(self)")
    assert "Access-Control-Allow-Origin" not in told
    flask.extensions["backtolife.engine"].dispose()
