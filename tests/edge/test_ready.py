"""`/readyz` says no as soon as the process cannot do its work; `/healthz` says only that it lives."""

import errno
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from backtolife import clock
from backtolife.app import create_app
from backtolife.config import Settings
from backtolife.database.session import session_scope
from backtolife.processes import beats
from backtolife.processes.supervised import Supervised
from backtolife.release import release
from backtolife.web import readiness
from tests.support.sessions.socket_page import until


@pytest.fixture
def app(url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr(readiness, "KEPT_SECONDS", -1.0)
    app = create_app(replace(settings, database_url=url), {"TESTING": True})
    yield app
    app.extensions["backtolife.engine"].dispose()


def asked(app: Flask, path: str = "/readyz") -> tuple[int, Any]:
    answer = app.test_client().get(path)
    return answer.status_code, answer.json


def test_a_process_that_can_write_is_ready_and_names_each_part(app: Flask) -> None:
    status, found = asked(app)
    assert status == 200
    assert found == {"database": "ok", "disk": "ok", "threads": {}, "scheduler": "never seen"}


def test_a_locked_database_is_not_ready_but_alive(app: Flask) -> None:
    engine = app.extensions["backtolife.engine"]
    with session_scope(engine) as db:
        beats.leave(db, name=beats.WEB, now=clock.now())
    with session_scope(engine) as db:  # somebody who holds the row, and on SQLite everything
        beats.leave(db, name=beats.WEB, now=clock.now() - timedelta(days=1))
        assert asked(app)[0] == 503
        assert asked(app, "/healthz") == (200, {"status": "ok", "release": release()})
    assert asked(app)[0] == 200


def test_a_disk_that_takes_nothing_is_not_ready(app: Flask, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "full").symlink_to("/dev/full")
    app.extensions["backtolife.settings"] = replace(settings, data_dir=tmp_path / "full")
    status, found = asked(app)
    assert (status, found["disk"]) == (503, "cannot write")


def test_a_disk_that_is_full_is_not_ready_though_files_can_be_made_on_it(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk takes names, and says at the latest when it must keep the bytes that there is no room."""

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("backtolife.web.readiness.os.fsync", full)
    status, found = asked(app)
    assert (status, found["disk"], found["database"]) == (503, "cannot write", "ok")


def test_a_thread_that_beats_no_more_is_not_ready(app: Flask) -> None:
    stuck = threading.Event()
    thread = Supervised("room-watch", 0.01, stuck.wait).start()
    app.extensions["backtolife.threads"] = (thread,)
    assert asked(app)[0] == 200
    thread.beat_at -= 1000
    status, found = asked(app)
    assert (status, found["threads"]) == (503, {"room-watch": "silent"})
    stuck.set()
    until(thread.well, "beating again")
    assert asked(app)[0] == 200
    thread.stopping.set()


@pytest.mark.parametrize(("age", "word", "alarm"), [(5, "ok", 200), (600, "silent", 503)])
def test_a_silent_scheduler_rings_the_alarm_but_takes_no_page_away(app: Flask, age: int, word: str, alarm: int) -> None:
    with session_scope(app.extensions["backtolife.engine"]) as db:
        beats.leave(db, name=beats.SCHEDULER, now=clock.now() - timedelta(seconds=age))
    status, found = asked(app)
    assert (status, found["scheduler"]) == (200, word)
    assert asked(app, "/readyz?all=yes")[0] == alarm


def test_many_who_ask_cause_one_write(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "KEPT_SECONDS", 60.0)
    asked(app)
    with session_scope(app.extensions["backtolife.engine"]) as db:
        first = db.get_one(beats.Beat, beats.WEB).at
    assert asked(app)[0] == 200
    with session_scope(app.extensions["backtolife.engine"]) as db:
        assert db.get_one(beats.Beat, beats.WEB).at == first


def test_a_supervised_thread_outlives_whatever_goes_wrong_and_goes_on_at_once_when_there_is_more() -> None:
    turns: list[int] = []

    def turn() -> bool:
        turns.append(1)
        if len(turns) < 3:
            raise KeyError("not a fault that anybody thought of")
        return len(turns) < 5

    thread = Supervised("made-up", 0.01, turn).start()
    until(lambda: len(turns) > 6, "going on")
    assert thread.well()
    thread.stopping.set()
