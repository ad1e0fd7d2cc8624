"""What is kept of a long run: its figures as the tests told them, its failures too, and nothing of the machine."""

from pathlib import Path

import pytest

from tools.assurance import results
from tools.kept_results.keeping import kept_at, without_places
from tools.kept_results.runs import RUNS, Run

GOOD = """
from tests.support.figures import figure

def test_it_counts():
    figure("7 of 7 counted")
"""
BAD = """
def test_it_fails():
    assert "/tmp/somewhere/deep" == 1
"""


def run_of(folder: Path, **files: str) -> Run:
    for name, text in files.items():
        (folder / f"test_{name}.py").write_text(text)
    return Run("some", "attacks", "Some run", "everything", tests=[str(folder / f"test_{name}.py") for name in files])


def test_a_figure_is_kept_in_the_words_of_the_test_that_told_it(tmp_path: Path) -> None:
    good, words = kept_at(run_of(tmp_path, good=GOOD))
    assert good, words
    assert "Result:  1 passed" in words
    assert "::test_it_counts\n  7 of 7 counted\n" in words
    assert str(tmp_path) not in words


def test_a_run_that_fails_is_kept_as_one_that_failed(tmp_path: Path) -> None:
    good, words = kept_at(run_of(tmp_path, good=GOOD, bad=BAD))
    assert not good
    assert "Result:  1 failed, 1 passed" in words
    assert "::test_it_fails: AssertionError" in words
    assert "somewhere" not in words


def test_a_run_that_never_began_is_no_success(tmp_path: Path) -> None:
    good, words = kept_at(run_of(tmp_path, broken="import nothing_of_that_name\n"))
    assert not good
    assert "nothing ran, and pytest ended with 2" in words


def test_no_place_of_a_machine_is_kept() -> None:
    assert without_places("ended in /home/somebody/tree/x.py: no\n") == "ended in …: no"
    assert without_places("GET /patients/1 and 3/4 of it") == "GET /patients/1 and 3/4 of it"


def test_a_text_of_no_run_and_one_by_hand_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    (folder / "attacks").mkdir(parents=True)
    (folder / "by-hand.txt").write_text("0 dialogs")
    (folder / RUNS[0].text).write_text("0 dialogs")
    (folder / RUNS[1].text).write_text(kept_at(run_of(tmp_path, good=GOOD))[1])
    monkeypatch.setattr(results, "FOLDER", folder)
    assert [each.split()[0] for each in results.faults()] == [
        f"docs/safety/results/{RUNS[0].text}",
        "docs/safety/results/by-hand.txt",
    ]


def test_the_page_says_what_came_of_a_run_and_which_was_not_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "results"
    (folder / "attacks").mkdir(parents=True)
    (folder / RUNS[0].text).write_text(kept_at(run_of(tmp_path, good=GOOD))[1])
    monkeypatch.setattr(results, "FOLDER", folder)
    rows = results.table().splitlines()[2:]
    assert "1 passed" in rows[0]
    assert all("not kept yet" in row for row in rows[1:])
