"""What the scheduler does goes on, whatever was not there when it began."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from backtolife import clock
from backtolife.config import Settings
from backtolife.database.session import metadata, open_engine, session_scope
from backtolife.keeping import settings as backup_settings
from backtolife.processes import beats
from backtolife.processes.supervised import Supervised
from backtolife.reminders.__main__ import beating, jobs
from backtolife.reminders.timetable import Timetable
from tests.support.sessions.socket_page import until

ASKS_NO_TABLE = {"leftovers"}
"""What looks at the file of SQLite alone, so that it goes well before there is anything in it."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def absent(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """The address of a database that is not there, and what puts it there: a server that starts later looks so too."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'late.db'}", lambda: None
        return
    admin, name = open_engine(request.getfixturevalue("postgresql_url")), f"late_{uuid4().hex}"

    def run(statement: str) -> None:
        with admin.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(statement))

    yield admin.url.set(database=name).render_as_string(), lambda: run(f"CREATE DATABASE {name}")
    run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    admin.dispose()


def test_every_job_goes_on_when_the_database_comes_after_the_scheduler(
    settings: Settings, absent: tuple[str, Callable[[], object]]
) -> None:
    url, comes = absent
    engine, stopping = open_engine(url), threading.Event()
    turns: dict[str, list[bool]] = {}
    threads = jobs(engine, settings, backup_settings.read({}), stopping)
    for each in threads:
        each.every_seconds, each.turn = 0.05, noting(each.turn, turns.setdefault(each.name, []))
        each.start()
    asking = [went for name, went in turns.items() if name not in ASKS_NO_TABLE]
    until(lambda: all(False in went for went in asking), "failing at first")
    comes()
    metadata.create_all(engine)
    until(lambda: all(went[-1] for went in turns.values()), "going on")
    assert all(each.well() for each in threads)
    beating(engine, threads)()
    with session_scope(engine) as db:
        assert (clock.now() - db.get_one(beats.Beat, beats.SCHEDULER).at).total_seconds() < 60
    stopping.set()
    for each in threads:
        assert each.thread is not None
        each.thread.join()
    engine.dispose()


def test_a_scheduler_with_a_thread_that_is_stuck_says_so_by_its_silence(settings: Settings, tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'here.db'}")
    metadata.create_all(engine)
    beating(engine, jobs(engine, settings, backup_settings.read({}), threading.Event()))()
    with session_scope(engine) as db:
        assert db.get(beats.Beat, beats.SCHEDULER) is None
    engine.dispose()


class Wall:
    """A clock on the wall that somebody can set."""

    def __init__(self) -> None:
        self.set_by = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.set_by


def test_a_clock_that_is_set_back_two_hours_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, turns = Wall(), list[datetime]()
    monkeypatch.setattr(clock, "now", wall.now)
    timetable = Timetable([Supervised("job", 3600.0, lambda: turns.append(wall.now()), timed=True)])
    timetable.start()
    until(lambda: len(turns) == 1, "beginning")
    timetable.watch()
    wall.set_by = -timedelta(hours=2)
    timetable.watch()
    until(lambda: len(turns) == 2, "going on after the jump")
    timetable.watch()
    assert timetable.apart == pytest.approx(timetable.clocks_apart(), abs=1)
    timetable.stop()


def test_a_job_that_fails_has_its_next_turn() -> None:
    turns: list[int] = []

    def fail() -> None:
        turns.append(1)
        raise ValueError("made up")

    job = Supervised("job", 0.05, fail, timed=True)
    timetable = Timetable([job])
    timetable.start()
    until(lambda: len(turns) >= 3, "going on")
    timetable.stop()
    assert job.well()


def noting(turn: Callable[[], object], went: list[bool]) -> Callable[[], object]:
    """The same turn, which also notes how it went."""

    def take() -> object:
        try:
            found = turn()
        except Exception:
            went.append(False)
            raise
        went.append(True)
        return found

    return take
