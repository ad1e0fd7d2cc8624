"""One scheduler works at a time; the other waits, and takes over when the first one dies."""

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from backtolife.database.session import open_engine
from backtolife.processes.turn import turn

HOLDER = """
import sys, threading
from pathlib import Path
from backtolife.database.session import open_engine
from backtolife.processes.turn import turn
with turn(open_engine(sys.argv[1]), Path(sys.argv[2]), threading.Event()) as mine:
    print("mine", mine, flush=True)
    threading.Event().wait()
"""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    return str(request.getfixturevalue("postgresql_url"))


def test_a_second_scheduler_waits_and_takes_over_when_the_first_is_killed(url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, url, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        while "mine True" not in (line := first.stdout.readline()):
            assert line
        engine, stopping, got = open_engine(url), threading.Event(), threading.Event()

        def second() -> None:
            with turn(engine, tmp_path, stopping) as mine:
                if mine:
                    got.set()
                    stopping.wait()

        waiting = threading.Thread(target=second)
        waiting.start()
        try:
            assert not got.wait(2.5)
            first.send_signal(signal.SIGKILL)
            assert got.wait(30)
        finally:
            first.kill()
            stopping.set()
            waiting.join(30)
            engine.dispose()


def test_a_scheduler_that_is_told_to_stop_while_it_waits_stops(url: str, tmp_path: Path) -> None:
    engine = open_engine(url)
    with turn(engine, tmp_path, threading.Event()) as mine:
        assert mine
        told = threading.Event()
        told.set()
        with turn(engine, tmp_path, told) as second:
            assert not second
    engine.dispose()


@pytest.mark.postgresql
def test_who_loses_the_database_stops_working(postgresql_url: str, tmp_path: Path) -> None:
    """Another one may hold the lock by then: nobody works without it."""
    engine, stopping = open_engine(postgresql_url), threading.Event()
    with turn(engine, tmp_path, stopping) as mine:
        assert mine
        with engine.connect() as other:
            other.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = 7242001"
            )
        assert stopping.wait(30)
    engine.dispose()


@pytest.mark.postgresql
def test_a_database_that_goes_away_just_as_it_is_asked_for_the_turn_is_asked_again(
    postgresql_url: str, tmp_path: Path
) -> None:
    engine, other, cut = open_engine(postgresql_url), open_engine(postgresql_url), threading.Event()

    def cut_once(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        if "pg_try_advisory_lock" in statement and not cut.is_set():
            cut.set()
            mine = connection.connection.driver_connection
            assert mine is not None
            with other.connect() as killer:
                killer.exec_driver_sql("SELECT pg_terminate_backend(%(pid)s, 10000)", {"pid": mine.info.backend_pid})

    event.listen(engine, "before_cursor_execute", cut_once)
    with turn(engine, tmp_path, threading.Event()) as mine:
        assert (mine, cut.is_set()) == (True, True)
    for each in (engine, other):
        each.dispose()
