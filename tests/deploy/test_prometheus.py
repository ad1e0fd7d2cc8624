"""The alerts go off when they should and not before; they and the dashboard ask for nothing that no process tells."""

import json
import re
import subprocess
import urllib.error
import urllib.request
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from backtolife import clock
from backtolife.audit.checks import AuditCheck
from backtolife.config import ROOT
from backtolife.database.session import session_scope
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.services import open_service
from backtolife.processes import beats
from backtolife.processes.supervised import Supervised
from backtolife.reminders.status import Status, open_door
from tests.support.media.engine import running_engine
from tests.support.running import free_port

DASHBOARD = ROOT / "deploy" / "grafana" / "dashboard.json"
FOLDER = ROOT / "deploy" / "prometheus"
TOKEN = "a token for figures, 0123456789abcdef"
NAME = re.compile(r"\b(?:web|scheduler|media)_\w+")
TYPE = re.compile(r"^# TYPE (\S+) ", re.MULTILINE)
"""Names what a process tells of, also while there is no room yet that it could count."""
Samples = dict[tuple[str, str], float]


def samples(text: str) -> Samples:
    """Each value by its name and its labels in one line."""
    found = {}
    for family in text_string_to_metric_families(text):
        for each in family.samples:
            found[each.name, ",".join(value for _, value in sorted(each.labels.items()))] = each.value
    return found


def test_promtool_plays_every_alert_through() -> None:
    done = subprocess.run(
        ["promtool", "test", "rules", "rules_test.yml"], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rules = yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"][0]["rules"]
    played = yaml.safe_load((FOLDER / "rules_test.yml").read_text())["tests"][0]["alert_rule_test"]
    never = {"BacktolifeDatabaseSilent"}
    assert {each["alert"] for each in rules} - {each["alertname"] for each in played if "exp_alerts" in each} <= never
    for each in rules:
        assert each["annotations"]["do"]


@pytest.fixture
def figured(app: Flask) -> Flask:
    app.extensions["backtolife.settings"] = replace(app.extensions["backtolife.settings"], metrics_token=TOKEN)
    return app


def of_web(app: Flask, token: str = TOKEN) -> Samples:
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200
    return samples(answer.get_data(as_text=True))


def test_the_web_counts_its_answers_and_tells_of_its_threads(figured: Flask) -> None:
    figured.extensions["backtolife.threads"] = (Supervised("room-watch", 1.0, lambda: None, timed=True),)
    before = of_web(figured)
    figured.test_client().get("/nowhere")
    figured.test_client().get("/healthz")
    after = of_web(figured)
    assert after["web_answers_total", "404"] == before.get(("web_answers_total", "404"), 0) + 1
    assert after["web_answers_total", "200"] == before.get(("web_answers_total", "200"), 0) + 2
    assert after["web_answer_seconds_count", ""] >= 3
    assert after["web_thread_well", "room-watch"] == 1
    figured.extensions["backtolife.threads"][0].beat_at -= 1000
    assert of_web(figured)["web_thread_well", "room-watch"] == 0


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "Bearer é"])
def test_who_has_no_token_learns_nothing(given: str, figured: Flask) -> None:
    answer = figured.test_client().get("/metrics", headers={"Authorization": given})
    assert answer.status_code == 404


def test_without_a_token_in_the_settings_nobody_has_one(app: Flask) -> None:
    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def told(engine: Engine) -> Samples:
    return samples(Status(engine).figures().decode())


def test_the_scheduler_tells_what_waits_and_for_how_long(engine: Engine) -> None:
    now = clock.now()
    assert told(engine)["scheduler_messages_late_seconds", "true"] == 0
    with session_scope(engine) as db:
        service = open_service(
            db, name="M", short_name="M", phone="01632 960000", zone="Europe/London", covers_item_9=True, now=now
        )
        for key, urgent, tries, age, channel in (
            ("urgent", True, 3, 400, Channel.EMAIL),
            ("due", False, 0, 50, Channel.EMAIL),
            ("later", False, 0, -5000, Channel.EMAIL),
            ("call", True, 0, 90000, Channel.TELEPHONE),
        ):
            at = now - timedelta(seconds=age)
            trying = now + timedelta(seconds=60) if tries else at
            db.add(
                OutgoingMessage(
                    service_id=service.id, key=key, address="a@example.org", subject="s", body="b", queued_at=at,
                    try_at=trying, urgent=urgent, tries=tries, channel=channel,
                )
            )  # fmt: skip
        db.add(AuditCheck(service_id=service.id, at=now, entries=3, broken_at=2, fault="changed"))
        beats.leave(db, name=beats.BACKUP, now=now)
    found = told(engine)
    assert found["scheduler_messages_waiting", "email,true"] == 1
    assert found["scheduler_messages_waiting", "email,false"] == 1
    assert 400 <= found["scheduler_messages_late_seconds", "true"] < 430
    assert 50 <= found["scheduler_messages_late_seconds", "false"] < 80
    assert found["scheduler_audit_logs_broken", ""] == 1
    assert found["scheduler_backup_made_seconds", ""] == pytest.approx(now.timestamp())
    assert "example.org" not in Status(engine).figures().decode()


def asked(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_the_scheduler_is_ready_while_its_threads_and_its_beat_are_well(engine: Engine) -> None:
    port, thread = free_port(), Supervised("mail", 1.0, lambda: None, timed=True)
    status = Status(engine)
    open_door(status, "127.0.0.1", port)
    assert asked(port, "/healthz")[0] == 200
    assert asked(port, "/readyz") == (503, '{"turn": "waits for another scheduler to end"}')
    status.threads = (thread,)
    assert asked(port, "/readyz")[0] == 503, "no beat yet"
    with session_scope(engine) as db:
        beats.leave(db, name=beats.SCHEDULER, now=clock.now())
    assert asked(port, "/readyz") == (200, '{"beat": "ok", "mail": "ok"}')
    thread.beat_at -= 1000
    assert asked(port, "/readyz")[0] == 503
    assert 'scheduler_thread_well{thread="mail"} 0.0' in asked(port, "/metrics")[1]
    assert asked(port, "/elsewhere")[0] == 404


@pytest.mark.media
def test_the_engine_is_ready_and_every_figure_that_a_rule_asks_for_is_told(
    figured: Flask, sqlite_engine: Engine
) -> None:
    figured.extensions["backtolife.threads"] = (Supervised("room-watch", 1.0, lambda: None, timed=True),)
    of_web(figured)  # what counts answers tells nothing before the first one
    told_by = {name for name, _ in of_web(figured)} | {"scheduler_thread_well"}
    told_by |= set(TYPE.findall(Status(sqlite_engine).figures().decode()))
    with running_engine() as engine:
        status, words = asked(engine.port, "/readyz")
        assert (status, words) == (200, '{"loop": "ok", "load": "ok", "socket": "ok"}')
        told_by |= set(TYPE.findall(asked(engine.port, "/metrics")[1]))
    asked_for = [*re.findall("expr: (.*)", (FOLDER / "rules.yml").read_text()), *queries()]
    wanted = set(NAME.findall("\n".join(asked_for)))
    assert {"web_answer_seconds_bucket", "scheduler_messages_late_seconds", "media_load_level"} <= wanted
    assert wanted - told_by == set()


def queries() -> list[str]:
    """What the panels of the dashboard ask Prometheus for."""
    panels = json.loads(DASHBOARD.read_text())["panels"]
    return [target["expr"] for panel in panels for target in panel["targets"]]


def test_prometheus_takes_every_query_of_the_dashboard(tmp_path: Path) -> None:
    rules = [{"record": f"panel:{number}", "expr": query} for number, query in enumerate(queries())]
    assert len(rules) > 15
    (tmp_path / "panels.yml").write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": rules}]}))
    done = subprocess.run(
        ["promtool", "check", "rules", "panels.yml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_two_panels_of_the_dashboard_lie_on_each_other() -> None:
    places = [each["gridPos"] for each in json.loads(DASHBOARD.read_text())["panels"]]
    squares = [
        (x, y)
        for each in places
        for x in range(each["x"], each["x"] + each["w"])
        for y in range(each["y"], each["y"] + each["h"])
    ]
    assert len(squares) == len(set(squares))
    assert max(x for x, _ in squares) < 24
