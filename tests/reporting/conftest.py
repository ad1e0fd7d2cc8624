"""A simulated service that the tests of results share: made once, and never changed by a test that keeps it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from backtolife.database.session import open_engine, reading, session_scope
from backtolife.demo.simulated.service import Size, simulate
from backtolife.reporting.dataset.loading import load
from backtolife.reporting.dataset.shape import Data
from tests.support.reporting.clinic import bring_the_clinic

THEN = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Simulated:
    """The database file with the service in it, and its data as they are loaded."""

    path: Path
    engine: Engine
    service_id: str
    data: Data
    now: datetime = THEN

    def reading(self) -> Session:
        return Session(reading(self.engine))


@pytest.fixture(scope="session")
def simulated(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """Six groups, 70 patients, with people who left, gaps, and answers that a clinician must see."""
    path = tmp_path_factory.mktemp("simulated") / "simulated.db"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    with session_scope(engine) as db:
        service = simulate(db, name="Simulated service", size=Size(), now=THEN)
        simulate(db, name="Noise", size=Size(groups=1, patients=9, waiting=1, seed=7), now=THEN, domain="noise.example")
    with Session(reading(engine)) as db:
        data = load(db, service_id=service.id, now=THEN)
    yield Simulated(path, engine, service.id, data)
    engine.dispose()


@pytest.fixture(scope="session")
def larger(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulated]:
    """Sixteen groups, the last under way, beside the clinic's own: some hidden, enough shown for limits over time."""
    path = tmp_path_factory.mktemp("larger") / "larger.db"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    size = Size(groups=16, patients=176, since=40, apart=30, seed=5)
    with session_scope(engine) as db:
        service = simulate(db, name="Larger service", size=size, now=THEN)
        bring_the_clinic(db, service)
    with Session(reading(engine)) as db:
        data = load(db, service_id=service.id, now=THEN)
    yield Simulated(path, engine, service.id, data)
    engine.dispose()
