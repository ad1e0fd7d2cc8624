"""What can be wrong with a backup, or with the place it comes back to, is said in words; and nothing is touched."""

import io
import signal
import subprocess
import sys
import tarfile
import threading
import time
from pathlib import Path

import pyrage
import pytest

from backtolife import cli, clock
from backtolife.config import ROOT
from backtolife.database.keys import begin_with_keys
from backtolife.database.session import opened
from backtolife.errors import Conflict
from backtolife.keeping import archive
from backtolife.keeping.about import ABOUT, SUMS, About
from backtolife.processes.turn import turn
from tests.keeping.conftest import Clinic
from tests.keeping.test_drill import backed_up, entries, writing


@pytest.fixture
def archived(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> Path:
    assert clinic.service
    return backed_up(capsys=capsys)


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """What the command says as it refuses: one line, without a trace."""
    capsys.readouterr()
    assert cli.main(words) == 2
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    return said


def untouched(place: Clinic) -> bool:
    left = [each.name for each in place.settings.data_dir.iterdir() if "lock" not in each.name]
    with opened(place.settings.database_url) as engine:
        if engine.dialect.name == "sqlite":
            return [name for name in left if (place.settings.data_dir / name).stat().st_size] == []
        with engine.connect() as connection:
            return left == [] and not engine.dialect.get_table_names(connection)


def test_another_key_opens_nothing_and_says_so(
    archived: Path, elsewhere: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["backup-key", str(tmp_path / "other.txt")])
    for words in (["verify", str(archived)], ["restore", str(archived)]):
        assert "This key does not open" in refused([*words, "--key", str(tmp_path / "other.txt")], capsys)
        assert "no private key" in refused([*words, "--key", str(archived)], capsys)
        assert "no private key" in refused([*words, "--key", str(tmp_path / "none.txt")], capsys)
    assert untouched(elsewhere)


@pytest.mark.parametrize("share", [0.0, 0.0005, 0.3, 0.7, 0.9999])
def test_half_a_backup_is_told_from_a_whole_one(
    share: float, archived: Path, elsewhere: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = archived.read_bytes()
    half = archived.with_name("half.age")
    half.write_bytes(raw[: int(len(raw) * share)])
    key = ["--key", str(elsewhere.key)]
    assert refused(["verify", str(half), *key], capsys)
    assert refused(["restore", str(half), *key], capsys)
    assert untouched(elsewhere)


def test_a_cut_where_the_outer_shape_is_right_is_seen_by_the_sum_and_by_the_key(
    archived: Path, elsewhere: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = archived.read_bytes()
    head = raw.index(b"\n", raw.index(b"\n--- ") + 1) + 1
    alone = archived.with_name("alone.age")
    alone.write_bytes(raw[: head + archive.TAG + archive.CHUNK + archive.TAG])
    assert cli.main(["verify", str(alone)]) == 0
    assert "its .sha256 file or --key tells" in capsys.readouterr().out
    assert "half a backup" in refused(["verify", str(alone), "--key", str(elsewhere.key)], capsys)
    archived.write_bytes(alone.read_bytes())
    assert "half a backup" in refused(["verify", str(archived)], capsys)


def test_one_changed_byte_is_found(archived: Path, elsewhere: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    raw = bytearray(archived.read_bytes())
    raw[len(raw) // 2] ^= 1
    other = archived.with_name("other.age")
    other.write_bytes(raw)
    assert "half a backup, or was changed" in refused(["verify", str(other), "--key", str(elsewhere.key)], capsys)


def test_a_whole_backup_passes_with_the_key_and_without(
    archived: Path, clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["verify", str(archived)]) == 0
    assert "its sum is right" in capsys.readouterr().out
    assert cli.main(["verify", str(archived), "--key", str(clinic.key)]) == 0
    said = capsys.readouterr().out
    assert "It is whole: full" in said
    assert f"audit log of service {clinic.service}: 1 entries" in said


def test_what_is_no_backup_is_said(tmp_path: Path, clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--key", str(clinic.key)]
    assert "There is no backup at" in refused(["verify", str(tmp_path / "none.age"), *words], capsys)
    (tmp_path / "notes.age").write_text("words " * 2000)
    assert "is no backup" in refused(["verify", str(tmp_path / "notes.age"), *words], capsys)


def crafted(path: Path, clinic: Clinic, *names: str) -> Path:
    """Somebody with the public key alone can make an archive, which begins as ours do."""
    about = About("full", clock.now(), "0.1.0", "0001", "sqlite", []).as_bytes()
    plain = io.BytesIO()
    with tarfile.open(mode="w", fileobj=plain) as tar:
        for name in names:
            told = tarfile.TarInfo(name)
            words = about if name == ABOUT else b"words"
            told.size = len(words)
            tar.addfile(told, io.BytesIO(words))
    keys = [pyrage.x25519.Recipient.from_str(each) for each in clinic.backups.recipients]
    path.write_bytes(pyrage.encrypt(plain.getvalue(), keys))
    return path


@pytest.mark.parametrize("name", ["../outside", "/outside", "files/../../outside"])
def test_an_archive_of_a_stranger_writes_nowhere(
    name: str, elsewhere: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = crafted(tmp_path / "strange.age", elsewhere, ABOUT, name)
    assert "a part of it leads outside" in refused(["restore", str(path), "--key", str(elsewhere.key)], capsys)
    assert untouched(elsewhere)
    assert not list(tmp_path.rglob("outside"))


def test_parts_that_do_not_fit_their_sums_are_named(
    elsewhere: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = crafted(tmp_path / "strange.age", elsewhere, ABOUT, "database", SUMS)
    assert "about.json, database" in refused(["verify", str(path), "--key", str(elsewhere.key)], capsys)
    path = crafted(tmp_path / "strange.age", elsewhere, "database", SUMS)
    assert "none of ours" in refused(["verify", str(path), "--key", str(elsewhere.key)], capsys)


def test_a_newer_database_is_refused_before_anything_is_changed(
    clinic: Clinic, elsewhere: Clinic, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(clinic.settings.database_url) as engine, engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for name, value in clinic.environ.items():
        monkeypatch.setenv(name, value)
    path = backed_up(capsys=capsys)
    assert "newer version" in refused(["migrate"], capsys)
    assert "newer version" in refused(["scheduler"], capsys)
    with opened(clinic.settings.database_url) as engine, pytest.raises(Conflict, match="newer version"):
        begin_with_keys(engine, now=clock.now())  # as web does
    for name, value in elsewhere.environ.items():
        monkeypatch.setenv(name, value)
    assert "with the schema 9999" in refused(["restore", str(path), "--key", str(elsewhere.key)], capsys)
    assert untouched(elsewhere)


def test_nothing_is_brought_back_under_a_scheduler_that_runs(
    archived: Path, elsewhere: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["restore", str(archived), "--key", str(elsewhere.key), "--replace"]
    with opened(elsewhere.settings.database_url) as engine:
        with turn(engine, elsewhere.settings.data_dir, threading.Event()) as mine:
            assert mine
            assert "The scheduler runs" in refused(words, capsys)
        assert cli.main(words) == 0


def test_nothing_is_brought_back_over_a_database_that_somebody_has_open(
    archived: Path, clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["restore", str(archived), "--key", str(clinic.key), "--replace"]
    with writing(clinic):
        assert "open. Stop web, media and scheduler first" in refused(words, capsys)
    assert entries(clinic)
    assert cli.main(words) == 0
    assert not entries(clinic)


@pytest.mark.parametrize("clinic", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_a_backup_of_the_other_database_says_which_one_it_needs(
    archived: Path, clinic: Clinic, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "third").mkdir()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "third"))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'third' / 'backtolife.db'}")
    said = refused(["restore", str(archived), "--key", str(clinic.key)], capsys)
    assert "Set DATABASE_URL to a database of postgresql" in said


COMMAND = [sys.executable, "-m", "backtolife.cli", "backup"]


def test_a_disk_that_fills_leaves_nothing_that_looks_like_a_backup(clinic: Clinic) -> None:
    """The system refuses to let any file grow past 300 KB, in the middle of the archive."""
    (clinic.settings.data_dir / "videos" / "film2.mp4").write_bytes(b"f" * 2_000_000)
    most = 100_000 + max([0, *(each.stat().st_size for each in clinic.settings.data_dir.glob("*.db"))])
    limited = ["prlimit", f"--fsize={max(most, 1_000_000)}", *COMMAND]
    done = subprocess.run(limited, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("No backup was made")
    assert len(done.stderr.splitlines()) == 1
    assert list(clinic.folder.iterdir()) == []
    assert not list(clinic.settings.data_dir.glob("backing-up-*"))


def test_a_backup_that_is_killed_leaves_no_whole_name_and_the_next_one_tidies_up(
    clinic: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    with (clinic.settings.data_dir / "videos" / "large.mp4").open("wb") as film:
        film.truncate(3_000_000_000)
    with subprocess.Popen(COMMAND, cwd=ROOT) as running:
        while not any(each.stat().st_size for each in clinic.folder.glob("*.part")):
            assert running.poll() is None
            time.sleep(0.02)
        assert refused(["backup", "--database-only"], capsys).startswith("Another backup is being made")
        running.send_signal(signal.SIGKILL)
    assert not list(clinic.folder.glob("*.age"))
    (clinic.settings.data_dir / "videos" / "large.mp4").unlink()
    path = backed_up(capsys=capsys)
    assert sorted(each.name for each in clinic.folder.iterdir()) == [path.name, f"{path.name}.sha256"]
    assert not list(clinic.settings.data_dir.glob("backing-up-*"))


def test_a_log_that_was_changed_in_a_backup_is_told(
    clinic: Clinic, elsewhere: Clinic, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(clinic.settings.database_url) as engine, engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in triggers.scalars().all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("UPDATE audit_entry SET actor_id = 'nobody'")
    for name, value in clinic.environ.items():
        monkeypatch.setenv(name, value)
    path = backed_up(capsys=capsys)
    for name, value in elsewhere.environ.items():
        monkeypatch.setenv(name, value)
    assert "is broken at entry 1" in refused(["restore", str(path), "--key", str(elsewhere.key)], capsys)


def test_a_log_of_another_key_comes_back_and_says_which_setting_it_needs(
    archived: Path, elsewhere: Clinic, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIT_KEY", "another key than the one that signed the entries")
    assert cli.main(["restore", str(archived), "--key", str(elsewhere.key)]) == 0
    assert "an AUDIT_KEY that is not here" in capsys.readouterr().out


def test_a_key_is_never_written_over(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    before = clinic.key.read_text()
    assert "is there already" in refused(["backup-key", str(clinic.key)], capsys)
    assert clinic.key.read_text() == before
    assert oct(clinic.key.stat().st_mode & 0o777) == "0o600"
