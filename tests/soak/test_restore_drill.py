"""The drill with a clock: a service that goes on writing loses its machine, and another one serves in its place."""

import os
import time
import urllib.request
from pathlib import Path

import pytest
from sqlmodel import Session, select

from backtolife import cli, clock
from backtolife.audit import AuditEntry, record
from backtolife.audit.chain import verify
from backtolife.database.session import session_scope
from backtolife.people.access import System
from tests.keeping.conftest import Clinic, clinic, elsewhere, migrated_postgresql, migrated_sqlite
from tests.keeping.test_drill import backed_up, writing
from tests.support.figures import figure
from tests.support.running import free_port, web_process

__all__ = ["clinic", "elsewhere", "migrated_postgresql", "migrated_sqlite"]
ENTRIES, FILM_MB = 5_000, 200
EVERY_SECONDS, BACK_SECONDS = 300.0, 1800.0
"""How often docs/operating.md lets the scheduler make one, and how long a service may be away."""


def fill(clinic: Clinic) -> None:
    """Years of audit entries, and a film that no program makes smaller."""
    engine = clinic.engine()
    with session_scope(engine) as db:
        actor = System("drill", clinic.service)
        for number in range(ENTRIES):
            record(db, actor=actor, action="kept", subject_type="drill", subject_id=f"{number}", now=clock.now())
    engine.dispose()
    film = clinic.settings.videos_dir / "packages" / "p1" / "long.mp4"
    with film.open("wb") as file:
        for _ in range(FILM_MB):
            file.write(os.urandom(1024**2))


@pytest.fixture
def lost(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> tuple[list[Path], set[str], float]:
    """A full backup, and one of the database made while somebody writes; what was acknowledged before it began."""
    fill(clinic)
    full = backed_up(capsys=capsys)
    with writing(clinic) as writer:
        before, begun = set(writer.acknowledged), time.monotonic()
        newest = backed_up("--database-only", capsys=capsys)
        took = time.monotonic() - begun
    return [full, newest], before, took


def serves(clinic: Clinic, folder: Path) -> bool:
    """Start the pages there; whether they say that they can serve."""
    port = free_port()
    web = web_process({**clinic.environ, "PUBLIC_URL": f"http://127.0.0.1:{port}"}, port, folder)
    try:
        web.start()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            return bool(answer.status == 200)
    finally:
        web.stop()


def test_another_machine_serves_within_half_an_hour_and_lacks_five_minutes_at_most(
    lost: tuple[list[Path], set[str], float], elsewhere: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backups, before, took = lost
    begun = time.monotonic()
    words = ["restore", *(str(path) for path in backups), "--key", str(elsewhere.key)]
    assert cli.main(words) == 0, capsys.readouterr().err
    restored = time.monotonic() - begun
    assert serves(elsewhere, tmp_path)
    back = time.monotonic() - begun
    engine = elsewhere.engine()
    with Session(engine) as db:
        whole = verify(db, elsewhere.service).broken_at is None
        there = set(db.exec(select(AuditEntry.subject_id).where(AuditEntry.action == "drill")))
        kept = len(db.exec(select(AuditEntry.id).where(AuditEntry.action == "kept")).all())
    engine.dispose()
    missing = len(before - there)
    kind = elsewhere.environ["DATABASE_URL"].partition(":")[0]
    figure(
        f"{kind}: {kept} of {ENTRIES} old entries and {FILM_MB} MB of film "
        f"back; backing up the database took {took:.1f} s; of {len(before)} entries acknowledged before it began "
        f"{missing} missing; brought back in {restored:.1f} s, served after {back:.1f} s; "
        f"audit chain {'whole' if whole else 'BROKEN'}"
    )
    assert (missing, kept, whole) == (0, ENTRIES, True)
    assert took < EVERY_SECONDS, "each backup ends before the next begins: what is lost began after the last"
    assert back <= BACK_SECONDS
