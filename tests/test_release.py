"""The name of the running release: the same while nothing has changed, another one when anything has."""

from pathlib import Path

import pytest

from backtolife.release import name_of, release


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("backtolife/app.py", "static/js/room/core/room-connection.js", "static/img/mark.svg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("one")
    return tmp_path


def named(site: Path) -> str:
    return name_of([site / "backtolife", site / "static"])


@pytest.mark.parametrize("changed", ["backtolife/app.py", "static/js/room/core/room-connection.js"])
def test_a_release_is_another_one_when_a_file_of_it_changes(site: Path, changed: str) -> None:
    before = named(site)
    assert named(site) == before
    (site / changed).write_text("two")
    assert named(site) != before


def test_a_release_is_another_one_when_a_file_comes_goes_or_takes_another_name(site: Path) -> None:
    names = [named(site)]
    (site / "static/js/more.js").write_text("one")
    names.append(named(site))
    (site / "static/js/more.js").rename(site / "static/js/other.js")
    names.append(named(site))
    assert len(set(names)) == 3
    (site / "static/js/other.js").unlink()
    assert named(site) == names[0]


def test_a_running_process_keeps_its_release_whatever_becomes_of_the_files() -> None:
    assert release() == release()
    assert len(release()) == 16
