"""Browsers tell what they blocked: it is counted by rule and kind of page, and nothing else of it is kept."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife import clock
from backtolife.app import create_app
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.people.models import Role
from backtolife.web.blocked import counting, views
from backtolife.web.blocked.models import BlockedCount
from backtolife.web.blocked.reading import DIRECTIVES, Blocked, reports_in
from tests.support.browser import chromium
from tests.support.factories import Factory
from tests.support.people.at_once import at_once
from tests.support.people.cookies import browser_of
from tests.support.running import running_house

WHERE = "/blocked-by-browser"
CANARY = "Canary"
OLD = {
    "csp-report": {
        "document-uri": f"http://localhost/patients/0123456789abcdef/looks?name={CANARY}",
        "effective-directive": "script-src-elem",
        "blocked-uri": f"https://{CANARY}.example/x.js?{CANARY}",
        "script-sample": CANARY,
        "referrer": CANARY,
    }
}
NEW = {"type": "csp-violation", "url": CANARY, "body": {"documentURL": "http://localhost/", "blockedURL": "inline"}}


def rows(app: Flask) -> list[BlockedCount]:
    with Session(app.extensions["backtolife.engine"]) as db:
        return list(db.exec(select(BlockedCount)))


def test_a_report_is_counted_by_rule_and_kind_of_page_and_nothing_personal_stays(
    app: Flask, client: FlaskClient, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        assert client.post(WHERE, json=OLD, content_type="application/csp-report").status_code == 204
    (row,) = rows(app)
    assert (row.directive, row.page, row.kind, row.times) == (
        "script-src-elem",
        "/patients/<enrolment_id>/looks",
        "other",
        3,
    )
    assert CANARY not in row.model_dump_json() + capsys.readouterr().out
    told = app.extensions["backtolife.metrics"].registry.get_sample_value(
        "web_blocked_total", {"directive": "script-src-elem"}
    )
    assert told == 3


def test_both_forms_of_reports_are_read_and_what_is_none_is_passed_over(app: Flask, client: FlaskClient) -> None:
    body = json.dumps([NEW, {"type": "deprecation", "body": {}}, 3, OLD])
    assert client.post(WHERE, data=body, content_type="application/reports+json").status_code == 204
    assert {(row.page, row.kind) for row in rows(app)} == {("/", "inline"), ("/patients/<enrolment_id>/looks", "other")}
    for rubbish in (b"", b"[", b"[" * 5000, b'"x"', b"\xff\x00", b'{"csp-report": [1]}'):
        assert client.post(WHERE, data=rubbish).status_code == 204
    assert len(rows(app)) == 2


@given(st.recursive(st.none() | st.integers() | st.text(), lambda part: st.lists(part) | st.dictionaries(
    st.sampled_from(["csp-report", "body", "type", "document-uri", "effective-directive", "blocked-uri", "x"]), part
)))  # fmt: skip
def test_whatever_is_sent_only_words_of_ours_come_out(sent: object) -> None:
    for each in reports_in(json.dumps(sent).encode(), host="localhost", page_at=lambda path: "/"):
        assert each.directive in DIRECTIVES | {"other"}
        assert each.page in ("/", "other")
        assert each.kind in ("inline", "eval", "data", "blob", "own", "extension", "other")


def test_a_large_report_is_refused_and_a_flood_is_slowed_down(app: Flask, client: FlaskClient) -> None:
    assert client.post(WHERE, data=b"x" * (views.LARGEST_REPORT + 1)).status_code == 413
    chunked = client.post(WHERE, input_stream=None, headers={"Transfer-Encoding": "chunked"})
    assert chunked.status_code == 411
    said = [client.post(WHERE, json=OLD).status_code for _ in range(30)]
    assert said == [204] * 20 + [429] * 10
    assert rows(app)[0].times == 20
    for number in range(200):
        client.post(WHERE, json=OLD, environ_base={"REMOTE_ADDR": f"10.0.{number}.1"})
    assert rows(app)[0].times == 120, "from everywhere together there is a limit too"


def test_sixteen_reports_at_once_are_all_counted(engine: Engine) -> None:
    now = clock.now()
    found = [Blocked("img-src", "/here", "other")]
    assert set(at_once(engine, *[lambda db: counting.count(db, found, now=now)] * 16)) == {""}
    with session_scope(engine) as db:
        (row,) = db.exec(select(BlockedCount).where(BlockedCount.page == "/here"))
        assert row.times == 16
        counting.count(db, [Blocked("img-src", "/there", "own")], now=now + counting.KEPT_FOR + timedelta(minutes=1))
        assert [each.page for each in db.exec(select(BlockedCount))] == ["/there"], "what is long gone goes"
        db.rollback()


def test_an_administrator_reads_them_and_nobody_else(app: Flask, client: FlaskClient) -> None:
    client.post(WHERE, json=OLD)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        make = Factory(db, clock.now())
        service = make.service()
        admin, lead = make.person(service, Role.ADMINISTRATOR), make.person(service, Role.CLINICAL_LEAD)
    page = browser_of(app, admin).get("/service/blocked").text
    assert "/patients/&lt;enrolment_id&gt;/looks" in page
    assert "script-src-elem" in page
    assert browser_of(app, lead).get("/service/blocked").status_code == 403
    assert "/service/blocked" in browser_of(app, admin).get("/service").text


def test_pages_name_where_to_tell_it(app: Flask, settings: Settings) -> None:
    plain = app.test_client().get("/sign-in").headers
    assert f"report-uri {WHERE}" in plain["Content-Security-Policy"]
    assert "Reporting-Endpoints" not in plain
    from dataclasses import replace

    secure = create_app(replace(settings, public_url="https://clinic.example"))
    told = secure.test_client().get("/sign-in", base_url="https://clinic.example").headers
    assert "report-to blocked" in told["Content-Security-Policy"]
    assert told["Reporting-Endpoints"] == f'blocked="{WHERE}"'
    secure.extensions["backtolife.engine"].dispose()


def test_a_real_browser_that_blocks_something_is_heard_and_fails_its_walk(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="script-src"), running_house(tmp_path, media=False) as house:
        with chromium() as browser:
            page = browser.new_page()
            page.goto(f"{house.url}/sign-in?secret={CANARY}")
            page.evaluate(
                "() => { const s = document.createElement('script'); s.textContent = '1'; document.body.append(s) }"
            )
            page.wait_for_timeout(1500)
        (row,) = rows(house.app)
        assert (row.page, row.kind, row.directive) == ("/sign-in", "inline", "script-src-elem")
