"""Processes that we start know none of our secrets: they read strangers' files, or come to us as strangers do."""

import ast
import json
import sys
import threading
from pathlib import Path

import pytest

from backtolife.config import ROOT
from backtolife.processes.child_env import child_env
from backtolife.sessions.rehearsal.orders import Orders
from backtolife.sessions.rehearsals.processes import Troupe

CANARY = "canary-of-a-secret"
SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_OLD",
    "DATA_KEY",
    "AUDIT_KEY",
    "AUDIT_KEY_OLD",
    "DATABASE_URL",
    "LIVEKIT_API_SECRET",
    "SMTP_PASSWORD",
    "NOTIFY_API_KEY",
    "NOTIFY_CALLBACK_TOKEN",
    "TURN_SECRET",
    "REDIS_URL",
)
OUR_OWN = {"backtolife/demo/supervisor.py": "it starts web, media and scheduler themselves"}


def test_nothing_of_our_settings_is_told() -> None:
    told = child_env({**dict.fromkeys(SECRETS, CANARY), "ANYTHING_NEW": CANARY, "PATH": "/bin", "SSL_CERT_FILE": "/ca"})
    assert told == {"PATH": "/bin", "SSL_CERT_FILE": "/ca"}


def test_every_process_that_we_start_is_given_an_environment_made_for_it() -> None:
    bare = []
    for path in (ROOT / "backtolife").rglob("*.py"):
        place = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or place in OUR_OWN:
                continue
            called = ast.unparse(node.func)
            starts = called.startswith(("subprocess.", "asyncio.create_subprocess", "os.spawn", "os.exec", "os.system"))
            if starts and not any(keyword.arg == "env" for keyword in node.keywords):
                bare.append(f"{place}:{node.lineno} {called}")
    assert bare == []


def test_the_simulated_people_are_told_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, CANARY)
    monkeypatch.setenv("SSL_CERT_FILE", "/etc/ssl/own-authority.pem")
    told, ended = tmp_path / "told.json", threading.Event()
    command = [sys.executable, "-c", f"import json, os; json.dump(dict(os.environ), open({str(told)!r}, 'w'))"]
    troupe = Troupe(lambda *_: ended.set(), command)
    troupe.send(Orders("http://127.0.0.1", "room", "somebody", 1.0, ()))
    assert ended.wait(60)
    environment = json.loads(told.read_text())
    assert CANARY not in environment.values()
    assert environment["SSL_CERT_FILE"] == "/etc/ssl/own-authority.pem", "a site behind its own authority is reached"
