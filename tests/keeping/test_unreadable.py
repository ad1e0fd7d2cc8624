"""A backup or a key that whoever runs the command may not read is said to be one, with what to do."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.keeping.test_bad_backups import archived, refused

__all__ = ["archived"]
NOBODY = 65534


@contextmanager
def as_nobody() -> Iterator[None]:
    """What follows may read no more than anybody may: root reads everything."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def test_a_backup_that_is_somebody_elses_is_said_to_be_one(
    archived: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone, folder = tmp_path / archived.name, tmp_path / "shut" / archived.name
    folder.parent.mkdir(mode=0o700)
    for place in (alone, folder):
        place.write_bytes(archived.read_bytes())
        place.chmod(0o000)
    folder.parent.chmod(0o000)
    for place in (alone, folder):
        with as_nobody():
            said = refused(["verify", str(place)], capsys)
        assert f"{place} cannot be read: Permission denied" in said
        assert "chown" in said


def test_a_key_that_cannot_be_read_is_told_from_a_file_without_one(
    archived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shut").mkdir()
    said = refused(["verify", str(archived), "--key", "shut"], capsys)
    assert f"{tmp_path / 'shut'} cannot be read" in said
    (tmp_path / "empty").touch()
    assert "There is no private key in" in refused(["verify", str(archived), "--key", "empty"], capsys)
