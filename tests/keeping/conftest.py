"""A service that is set up as a clinic sets it up, on SQLite and on PostgreSQL in turn, with something to lose."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from backtolife import cli, clock
from backtolife.config import Settings, from_environment
from backtolife.database.migrating import migrate
from backtolife.database.session import open_engine, opened, session_scope
from backtolife.keeping import settings as backup_settings
from backtolife.keeping.settings import BackupSettings
from backtolife.people.services import open_service
from tests.support.postgresql import own_database


@dataclass(frozen=True)
class Clinic:
    """Where everything is, and the environment that says so."""

    environ: dict[str, str]
    key: Path
    service: str

    @property
    def settings(self) -> Settings:
        return from_environment(self.environ)

    @property
    def backups(self) -> BackupSettings:
        return backup_settings.read(self.environ)

    @property
    def folder(self) -> Path:
        return self.backups.must()

    def engine(self) -> Engine:
        return open_engine(self.settings.database_url)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "template.db"
    with opened(f"sqlite:///{path}") as engine:
        migrate(engine)
    return path


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_url: str) -> Iterator[str]:
    with own_database(postgresql_url) as url:
        with opened(url) as engine:
            migrate(engine)
            name = str(engine.url.database)
        yield name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def clinic(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """One service with a video; the commands run in its environment."""
    data = tmp_path / "data"
    (data / "videos" / "packages" / "p1").mkdir(parents=True)
    (data / "videos" / "packages" / "p1" / "film.mp4").write_bytes(b"film" * 50_000)
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_sqlite"), data / "backtolife.db")
        yield set_up(tmp_path, data, f"sqlite:///{data / 'backtolife.db'}", monkeypatch)
        return
    filled = request.getfixturevalue("migrated_postgresql")
    with own_database(request.getfixturevalue("postgresql_url"), filled) as url:
        yield set_up(tmp_path, data, url, monkeypatch)


def set_up(folder: Path, data: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Clinic:
    environ = {"BACKTOLIFE_ENV": "test", "DATA_DIR": str(data), "DATABASE_URL": url}
    environ["BACKUP_DIR"] = str(folder / "backups")
    cli.main(["backup-key", str(folder / "key.txt")])
    environ["BACKUP_RECIPIENTS"] = (folder / "key.txt").read_text().split()[3]
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with opened(url) as engine, session_scope(engine) as db:
        made = open_service(
            db, name="Midtown", short_name="Midtown", phone="01632 960000", zone="Europe/London",
            covers_item_9=True, now=clock.now(),
        )  # fmt: skip
        return Clinic(environ, folder / "key.txt", made.id)


@pytest.fixture
def elsewhere(
    clinic: Clinic, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Clinic]:
    """An empty machine of the same kind, on which the commands run now."""
    data = tmp_path / "new"
    data.mkdir()

    def named(url: str) -> Clinic:
        environ = {**clinic.environ, "DATA_DIR": str(data), "DATABASE_URL": url}
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        return Clinic(environ, clinic.key, clinic.service)

    if clinic.environ["DATABASE_URL"].startswith("sqlite"):
        yield named(f"sqlite:///{data / 'backtolife.db'}")
        return
    with own_database(request.getfixturevalue("postgresql_url")) as url:
        yield named(url)
