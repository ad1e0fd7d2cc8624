"""An installation that is well, and what `backtolife doctor` says of it."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backtolife import cli
from tests.keeping.conftest import migrated_sqlite

__all__ = ["migrated_sqlite"]


@dataclass(frozen=True)
class Said:
    """The lines by their names, and how the command ended."""

    ended: int
    lines: dict[str, dict[str, str]]

    def __getitem__(self, name: str) -> tuple[str, str]:
        """The state, and what is said with what to do."""
        line = self.lines[name]
        return line["state"], f"{line['said']} {line['do']}"


Doctor = Callable[..., Said]


@pytest.fixture
def doctor(
    migrated_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Doctor:
    """Ask the doctor, with some settings changed and some options."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(migrated_sqlite, data / "backtolife.db")
    given = {
        "BACKTOLIFE_ENV": "test",
        "DATA_DIR": str(data),
        "PUBLIC_URL": "http://127.0.0.1:1",
        "LIVEKIT_API_URL": "http://127.0.0.1:1",
        "MEDIA_UDP_PORT": "0",
        "SECRET_KEY": "a secret of its own for cookies, 0123",
        "DATA_KEY": "a secret of its own for numbers, 4567",
        "AUDIT_KEY": "a secret of its own for the log, 8910",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    def ask(*options: str, **settings: str) -> Said:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        capsys.readouterr()
        ended = cli.main(["doctor", "--json", *options])
        lines: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return Said(ended, {line["name"]: line for line in lines})

    return ask
