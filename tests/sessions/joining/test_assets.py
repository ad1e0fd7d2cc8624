"""What a room page loads: joined files while they are newer than what they were made from, else each by itself."""

import json
import os
from pathlib import Path

import pytest

from backtolife import joined
from backtolife.sessions.joining.assets import loaded

SCRIPTS = ("js/room/patient.js", "js/room/core/media.js")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where joined files are looked for: beside the real ones, so that nobody's pages change."""
    monkeypatch.setattr(joined, "STATIC", tmp_path)
    monkeypatch.setattr(joined, "FOLDER", tmp_path / "vendor" / "room")
    monkeypatch.setattr(joined, "BUNDLES", {"room": ("one", "two")})
    for path in (*SCRIPTS, "css/one.css", "css/two.css"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
        os.utime(tmp_path / path, (1000, 1000))
    (tmp_path / "vendor" / "room").mkdir(parents=True)
    return tmp_path


def join(folder: Path, name: str) -> None:
    (folder / "vendor" / "room" / name).touch()
    os.utime(folder / "vendor" / "room" / name, (2000, 2000))
    (folder / "vendor" / "room" / f"{name}.json").write_text(json.dumps({"inputs": {path: {} for path in SCRIPTS}}))


def test_where_nothing_was_joined_each_file_is_loaded_by_itself(folder: Path) -> None:
    once = loaded("patient.js")
    assert once.script == "js/room/patient.js"
    assert once.sheets == ("css/one.css", "css/two.css")


def test_joined_files_are_loaded_alone(folder: Path) -> None:
    join(folder, "patient.js")
    join(folder, "room.css")
    once = loaded("patient.js")
    assert (once.script, once.sheets) == ("vendor/room/patient.js", ("vendor/room/room.css",))


@pytest.mark.parametrize("changed", SCRIPTS)
def test_a_script_changed_since_is_loaded_by_itself(folder: Path, changed: str) -> None:
    join(folder, "patient.js")
    os.utime(folder / changed, (3000, 3000))
    assert loaded("patient.js").script == "js/room/patient.js"


def test_a_script_that_has_gone_since_is_not_missed(folder: Path) -> None:
    join(folder, "patient.js")
    (folder / SCRIPTS[1]).unlink()
    assert loaded("patient.js").script == "js/room/patient.js"


def test_in_an_installed_wheel_the_files_moments_say_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    join(folder, "patient.js")
    os.utime(folder / SCRIPTS[0], (3000, 3000))
    monkeypatch.setattr(joined, "PACKED", True)
    assert loaded("patient.js").script == "vendor/room/patient.js"


def test_a_sheet_changed_since_is_loaded_by_itself(folder: Path) -> None:
    join(folder, "room.css")
    os.utime(folder / "css/two.css", (3000, 3000))
    assert loaded("patient.js").sheets == ("css/one.css", "css/two.css")
    assert not joined.fresh(folder / "nowhere", [])


def test_a_sheet_that_is_in_no_bundle_is_loaded_by_its_name(folder: Path) -> None:
    assert joined.sheets("questions") == ("css/questions.css",)


@pytest.mark.parametrize("bundle", joined.BUNDLES)
def test_every_sheet_of_a_bundle_is_there_and_named_once(bundle: str) -> None:
    sheets = joined.parts(bundle)
    assert [sheet.name for sheet in sheets if not sheet.is_file()] == []
    assert len({*sheets}) == len(sheets)
