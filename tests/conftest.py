"""What every test may use: a real database rolled back, an application on a database of its own, the present moment."""

import os
import shutil
import smtplib
from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlmodel import Session

from backtolife import app as application
from backtolife.config import Settings, from_environment
from backtolife.database import session
from backtolife.database.session import metadata, open_engine
from backtolife.people.limits import even_time, throttles
from backtolife.people.limits.backoff import Backoff
from backtolife.people.limits.throttle import Throttle
from backtolife.people.signing_in import passwords
from tests.support.factories import Factory
from tests.support.lock_order import watched
from tests.support.mail import Inbox, mail_server_running
from tests.support.postgresql import own_database, running_postgresql
from tests.support.workers.disk import without_waiting
from tests.support.workers.memory import pytest_collection, pytest_collection_finish  # noqa: F401 - pytest calls them
from tests.support.workers.routes import BuiltOnce
from tests.support.workers.statements import compiling_once, engines_of_a_kind_are_alike
from tests.support.workers.templates import CompiledOnce

# How long an example takes says something about the machine, not about the code.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

# Each test has an application of its own: to compile its templates again took a third of the time of the page tests.
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledOnce()}
BuiltOnce().use()
engines_of_a_kind_are_alike()
session.create_engine = compiling_once(session.create_engine)
session.prepare_sqlite = without_waiting(session.prepare_sqlite)

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def no_mail(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A test that sends mail without saying so fails. `mail_server` is how a test says so."""
    if "mail_server" in request.fixturenames:
        return

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("This test sends mail. Use the mail_server fixture if it should.")

    monkeypatch.setattr(smtplib.SMTP, "connect", refuse)


@pytest.fixture(autouse=True, scope="session")
def locks_in_one_order() -> Iterator[None]:
    """A request that could wait for another one for ever fails."""
    with watched():
        yield


@pytest.fixture(autouse=True)
def nobody_tried_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins with no tries counted."""
    for counter in (value for value in vars(throttles).values() if isinstance(value, Throttle | Backoff)):
        monkeypatch.setattr(counter, "_tries", {})


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hashes at the least cost: hundreds of tests sign somebody in."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", cheap)
    monkeypatch.setattr(passwords, "NOBODY", cheap.hash("no one has this password"))


@pytest.fixture(autouse=True)
def no_even_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody measures these doors: a test need not wait for their next tenth of a second."""
    monkeypatch.setattr(even_time, "STEP_SECONDS", 0.0)


@pytest.fixture
def now() -> datetime:
    """Tuesday 3 March 2026, 9:00 in London."""
    return NOW


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with every table, to be copied."""
    path = tmp_path_factory.mktemp("database") / "template.db"
    engine = open_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def sqlite_engine(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    path = tmp_path_factory.mktemp("database") / "shared.db"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of our own, started from Debian's binaries as an unprivileged user."""
    with running_postgresql(tmp_path_factory.mktemp("postgresql")) as url:
        yield url


@pytest.fixture(scope="session")
def postgresql_template(postgresql_url: str) -> Iterator[str]:
    """The name of an empty database with every table, to be copied."""
    with own_database(postgresql_url) as url:
        engine = open_engine(url)
        metadata.create_all(engine)
        engine.dispose()
        yield str(engine.url.database)


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    engine = open_engine(postgresql_url)
    metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def db(request: pytest.FixtureRequest) -> Iterator[Session]:
    """A handle on a real database, SQLite and PostgreSQL in turn; everything is rolled back."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as handle:
            yield handle
        outer.rollback()


@pytest.fixture
def make(db: Session, now: datetime) -> Factory:
    """Makes people, cohorts and enrolments, with noise rows beside them so that filters are proved."""
    return Factory(db, now)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database that a test may fill for good: SQLite and PostgreSQL in turn, with every table."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "own.db")
        yield f"sqlite:///{tmp_path / 'own.db'}"
        return
    filled = request.getfixturevalue("postgresql_template")
    with own_database(request.getfixturevalue("postgresql_url"), filled) as found:
        yield found


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A database of a test's own, in which transactions really meet: SQLite and PostgreSQL in turn."""
    found = open_engine(url)
    yield found
    found.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return from_environment(
        {
            "BACKTOLIFE_ENV": "test",
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'test.db'}",
            "PUBLIC_URL": "http://localhost",
        }
    )


@pytest.fixture
def app(settings: Settings, sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The whole application on a database of its own. Forms need no token here; one test proves that they do."""
    shutil.copy(sqlite_template, tmp_path / "test.db")
    flask = application.create_app(settings, {"WTF_CSRF_ENABLED": False})
    yield flask
    flask.extensions["backtolife.engine"].dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def site(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """The whole application as `app` is, on SQLite and on PostgreSQL in turn, with real connections of its own."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    filled = request.getfixturevalue("postgresql_template")
    with own_database(request.getfixturevalue("postgresql_url"), filled) as url:
        flask = application.create_app(replace(settings, database_url=url), {"WTF_CSRF_ENABLED": False})
        yield flask
        flask.extensions["backtolife.engine"].dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def mail_server() -> Iterator[Inbox]:
    """A real SMTP server. A test that uses it may send mail; any other test that does fails."""
    with mail_server_running() as inbox:
        yield inbox


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Fast tests first, so that a plain mistake shows at once; what needs browsers and media last."""

    def weight(item: pytest.Item) -> int:
        marks = {mark.name for mark in item.iter_markers()}
        return 2 if "media" in marks else 1 if "browser" in marks else 0

    items.sort(key=weight)
    if os.environ.get("CI"):
        for item in filter(weight, items):
            item.add_marker(pytest.mark.flaky(reruns=1))  # decision 9: the summary counts whoever needed it


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where two workers share the tests (`make test`), what moves media runs one file at a time."""
    from tests.support.workers.scheduling import OneWithMediaAtATime

    return OneWithMediaAtATime(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI nothing is skipped: a test that skips itself has failed."""
    report = yield
    if report.skipped and os.environ.get("CI"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and in CI nothing is: {report.longrepr}"
    return report
