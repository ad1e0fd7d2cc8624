"""The scheduler makes backups by itself, says when it made them, and says in its log when it cannot."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session

from backtolife import cli
from backtolife.config import ROOT
from backtolife.database.session import opened
from backtolife.processes import beats
from tests.keeping.conftest import Clinic


def logged(environ: dict[str, str], event: str) -> dict[str, object]:
    """Run the scheduler until its log says `event`."""
    command = [sys.executable, "-m", "backtolife.reminders"]
    environ = {**os.environ, **environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if event in line:
                running.terminate()
                running.stdout.read()
                return dict(json.loads(line))
    raise AssertionError(f"{event} was never said")


def test_the_scheduler_backs_up_and_leaves_word_when(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> None:
    logged({**clinic.environ, "BACKUP_EVERY_MINUTES": "5"}, "backup_made")
    (path,) = clinic.folder.glob("*-full.age")
    assert cli.main(["verify", str(path), "--key", str(clinic.key)]) == 0, capsys.readouterr().err
    with opened(clinic.settings.database_url) as engine, Session(engine) as db:
        beat = db.get_one(beats.Beat, beats.BACKUP)
    assert f"{beat.at:%Y%m%dT%H%M%S}" in path.name


def test_a_backup_that_cannot_be_made_is_said_in_words(clinic: Clinic, tmp_path: Path) -> None:
    (tmp_path / "a_file").write_text("in the way")
    said = logged(
        {**clinic.environ, "BACKUP_EVERY_MINUTES": "5", "BACKUP_DIR": str(tmp_path / "a_file")}, "backup_failed"
    )
    assert said["reason"] == (
        f"No backup was made: File exists. Look at BACKUP_DIR ({tmp_path / 'a_file'}) and DATA_DIR: is there room, and "
        "may we write?"
    )
