"""The drill: a service that goes on writing is backed up, its machine is lost, and another one takes over."""

import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from backtolife import cli, clock
from backtolife.audit import AuditEntry, record
from backtolife.audit.chain import verify
from backtolife.database.session import session_scope
from backtolife.people.access import System
from tests.keeping.conftest import Clinic


@dataclass
class Writer:
    """Writes one entry after another, and knows which of them were acknowledged."""

    acknowledged: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    some: threading.Event = field(default_factory=threading.Event)

    def write(self, engine: Engine, service: str) -> None:
        while not self.stopping.is_set():
            name = f"entry-{len(self.acknowledged)}"
            with session_scope(engine) as db:
                actor = System("drill", service)
                record(db, actor=actor, action="drill", subject_type="drill", subject_id=name, now=clock.now())
            self.acknowledged.append(name)
            if len(self.acknowledged) > 20:
                self.some.set()


@contextmanager
def writing(clinic: Clinic) -> Iterator[Writer]:
    """Somebody works on the database while the block runs."""
    engine, writer = clinic.engine(), Writer()
    thread = threading.Thread(target=writer.write, args=(engine, clinic.service))
    thread.start()
    try:
        assert writer.some.wait(60)
        yield writer
    finally:
        writer.stopping.set()
        thread.join()
        engine.dispose()


def entries(clinic: Clinic) -> set[str]:
    engine = clinic.engine()
    with Session(engine) as db:
        assert verify(db, clinic.service).broken_at is None
        found = set(db.exec(select(AuditEntry.subject_id).where(AuditEntry.action == "drill")))
    engine.dispose()
    return found


def backed_up(*words: str, capsys: pytest.CaptureFixture[str]) -> Path:
    capsys.readouterr()
    assert cli.main(["backup", *words]) == 0, capsys.readouterr().err
    return Path(capsys.readouterr().out.strip())


@pytest.fixture
def saved(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> tuple[Path, set[str]]:
    """A backup made while somebody writes, and what was acknowledged before it began."""
    with writing(clinic) as writer:
        before = set(writer.acknowledged)
        path = backed_up(capsys=capsys)
        enough = len(writer.acknowledged) + 5
        while len(writer.acknowledged) < enough:
            writer.some.wait(0.01)
    return path, before


def test_what_was_acknowledged_before_the_backup_is_there_on_another_machine(
    saved: tuple[Path, set[str]], elsewhere: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    path, before = saved
    assert cli.main(["restore", str(path), "--key", str(elsewhere.key)]) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "1 minute at the most" in said
    assert before <= entries(elsewhere)
    film = elsewhere.settings.videos_dir / "packages" / "p1" / "film.mp4"
    assert film.read_bytes() == b"film" * 50_000
    assert sorted(each.name for each in elsewhere.settings.data_dir.iterdir() if "lock" not in each.name) == sorted(
        ["videos", *(["backtolife.db"] if elsewhere.environ["DATABASE_URL"].startswith("sqlite") else [])]
    )


def test_a_backup_that_came_back_can_be_backed_up_and_brought_back_over_what_is_there(
    saved: tuple[Path, set[str]], elsewhere: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    path, before = saved
    restore = ["restore", str(path), "--key", str(elsewhere.key)]
    assert cli.main(restore) == 0
    with writing(elsewhere):
        second = backed_up(capsys=capsys)
    with writing(elsewhere):
        pass
    assert cli.main(restore) == 2
    assert "--replace" in capsys.readouterr().err
    assert cli.main([*restore, "--replace"]) == 0
    assert before <= entries(elsewhere)
    assert cli.main(["restore", str(second), "--key", str(elsewhere.key), "--replace"]) == 0
    assert "replaced_" in capsys.readouterr().out
    third = backed_up(capsys=capsys)
    assert cli.main(["verify", str(third), "--key", str(elsewhere.key)]) == 0
    assert third.stat().st_size < 2 * second.stat().st_size, "what was put aside is not backed up"


def test_a_newer_backup_of_the_database_goes_over_an_older_full_one(
    clinic: Clinic, elsewhere: Clinic, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in clinic.environ.items():
        monkeypatch.setenv(name, value)
    full = backed_up(capsys=capsys)
    with writing(clinic) as writer:
        later = backed_up("--database-only", capsys=capsys)
        before = set(writer.acknowledged[:20])
    assert later.stat().st_size < full.stat().st_size
    for name, value in elsewhere.environ.items():
        monkeypatch.setenv(name, value)
    assert cli.main(["restore", str(full), str(later), "--key", str(clinic.key)]) == 0, capsys.readouterr().err
    assert before <= entries(elsewhere)
    assert (elsewhere.settings.videos_dir / "packages" / "p1" / "film.mp4").is_file()


def test_age_itself_opens_it_and_the_sums_are_as_sha256sum_reads_them(
    clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = backed_up(capsys=capsys)
    assert clinic.folder == path.parent
    check = ["sha256sum", "--check", "--quiet"]
    subprocess.run([*check, f"{path.name}.sha256"], cwd=path.parent, check=True)
    identity = pyrage.x25519.Identity.from_str(clinic.key.read_text().splitlines()[1])
    pyrage.decrypt_file(str(path), str(tmp_path / "plain.tar"), [identity])
    with tarfile.open(tmp_path / "plain.tar") as tar:
        tar.extractall(tmp_path / "plain", filter="data")
    subprocess.run([*check, "SHA256SUMS"], cwd=tmp_path / "plain", check=True)
    assert oct(path.stat().st_mode & 0o777) == "0o600"
