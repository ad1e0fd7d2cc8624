"""What happens around every request."""

from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import select

from backtolife import app as application
from backtolife.audit import AuditEntry
from backtolife.config import Settings, from_environment
from backtolife.db import session_scope
from backtolife.errors import Invalid
from backtolife.people import signin
from backtolife.people.access import PUBLIC, permission
from tests.factories import Factory


def test_a_form_without_its_token_is_refused_in_plain_words(settings: Settings, app: Flask) -> None:
    guarded = application.create_app(settings)
    answer = guarded.test_client().post("/sign-in", data={"email": "sam@example.org"})
    assert (answer.status_code, "load it again" in answer.text) == (400, True)
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
    monkeypatch.delattr("backtolife.pages.cookies.permission")
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
        token = signin.begin(db, person=person, now=signin_now())
        asked, person_id = theirs.id, person.id
    with client.session_transaction() as session:
        session["signed_in"] = token
    assert client.get(f"/groups/{asked}/add").status_code == 404
    with session_scope(engine) as db:
        row = db.exec(select(AuditEntry).where(AuditEntry.action == "refused")).one()
        assert (row.actor_id, row.subject_id) == (person_id, asked)


def signin_now() -> datetime:
    from backtolife import clock

    return clock.now()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", ""),
        ("SECRET_KEY", "short"),
        ("LIVEKIT_API_SECRET", ""),
        ("PUBLIC_URL", "http://example.org"),
        ("LIVEKIT_URL", "ws://example.org"),
        ("SMTP_HOST", ""),
    ],
)
def test_production_does_not_start_on_an_unsafe_value(name: str, value: str) -> None:
    safe = {
        "BACKTOLIFE_ENV": "production",
        "SECRET_KEY": "k" * 40,
        "LIVEKIT_API_SECRET": "s" * 40,
        "PUBLIC_URL": "https://example.org",
        "LIVEKIT_URL": "wss://example.org",
        "SMTP_HOST": "mail.example.org",
    }
    assert from_environment(safe).production
    with pytest.raises(Invalid, match=name):
        from_environment({**safe, name: value} if value else {k: v for k, v in safe.items() if k != name})


def test_cookies_are_bound_to_tls_where_there_is_tls(settings: Settings) -> None:
    flask = application.create_app(replace(settings, public_url="https://example.org"))
    assert flask.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert flask.config["SESSION_COOKIE_SECURE"]
    flask.extensions["backtolife.engine"].dispose()
