"""What a room page loads: joined files while they are newer than what they were made from, else each by itself."""

import os
from pathlib import Path

import pytest

from backtolife.sessions import joined
from backtolife.sessions.joined import fresh, loaded
from backtolife.sessions.modules import modules_of


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where joined files are looked for: beside the real ones, so that nobody's pages change."""
    monkeypatch.setattr(joined, "STATIC", tmp_path)
    monkeypatch.setattr(joined, "FOLDER", tmp_path / "vendor" / "room")
    monkeypatch.setattr(joined, "SHEETS", (tmp_path / "css" / "one.css", tmp_path / "css" / "two.css"))
    for path in ("js/room/patient.js", *modules_of("patient.js"), "css/one.css", "css/two.css"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
        os.utime(tmp_path / path, (1000, 1000))
    (tmp_path / "vendor" / "room").mkdir(parents=True)
    return tmp_path


def join(folder: Path, name: str) -> None:
    (folder / "vendor" / "room" / name).touch()
    os.utime(folder / "vendor" / "room" / name, (2000, 2000))


def test_where_nothing_was_joined_each_file_is_loaded_by_itself(folder: Path) -> None:
    once = loaded("patient.js")
    assert once.script == "js/room/patient.js"
    assert once.modules == modules_of("patient.js")
    assert once.sheets == ("css/one.css", "css/two.css")


def test_joined_files_are_loaded_alone(folder: Path) -> None:
    join(folder, "patient.js")
    join(folder, "room.css")
    once = loaded("patient.js")
    assert (once.script, once.modules, once.sheets) == ("vendor/room/patient.js", (), ("vendor/room/room.css",))


@pytest.mark.parametrize("changed", ["js/room/patient.js", "js/room/media.js"])
def test_a_script_changed_since_is_loaded_by_itself(folder: Path, changed: str) -> None:
    join(folder, "patient.js")
    os.utime(folder / changed, (3000, 3000))
    assert loaded("patient.js").script == "js/room/patient.js"


def test_a_sheet_changed_since_is_loaded_by_itself(folder: Path) -> None:
    join(folder, "room.css")
    os.utime(folder / "css/two.css", (3000, 3000))
    assert loaded("patient.js").sheets == ("css/one.css", "css/two.css")
    assert not fresh(folder / "nowhere", [])
