"""`backtolife score`, `change` and `instruments`: JSON in, JSON out, 2 when refused."""

import argparse
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backtolife.outcomes.command import add_to
from tests.support.outcomes.questionnaires import filled, made_up_table

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, Any]:
    parser = argparse.ArgumentParser()
    add_to(parser.add_subparsers(required=True))
    arguments = parser.parse_args(argv)
    code: int = arguments.run(arguments)
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("case", CASES, ids=[f"{case['id']}-{case['name']}" for case in CASES])
def test_the_command_answers_every_golden_case(case: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    verb = "change" if "baseline" in case["responses"] else "score"
    code, found = run(capsys, verb, case["id"], json.dumps(case["responses"]))
    assert {name: found.get(name, "absent") for name in case["expected"]} == case["expected"]
    assert code == (2 if "error" in case["expected"] else 0)


@pytest.mark.parametrize(
    ("argv", "error"),
    [
        (("score", "gad-7", "{"), "not_json"),
        (("score", "gad-7", '{"items": [NaN, 0, 0, 0, 0, 0, 0]}'), "not_json"),
        (("score", "gad-7", "[" * 100_000), "not_json"),
        (("score", "gad-7", "[0, 0]"), "wrong_type"),
        (("score", "gad-99", "{}"), "unknown_instrument"),
        (("change", "gad-7", '{"baseline": 3}'), "no_score"),
        (("change", "gad-7", "7"), "wrong_type"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_says_why(
    argv: tuple[str, ...], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = run(capsys, *argv)
    assert (code, found["error"]) == (2, error)
    assert found["message"]


def test_answers_may_come_on_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"items": [7, 6, 8]}'))
    assert run(capsys, "score", "peg-3", "-")[1]["mean"] == 7.0


def test_the_list_says_what_can_be_scored_and_sent_today(capsys: pytest.CaptureFixture[str]) -> None:
    code, found = run(capsys, "instruments")
    by_id = {one["id"]: one for one in found}
    assert (code, len(by_id)) == (0, 35)
    assert (by_id["phq-9"]["scoring"], by_id["phq-9"]["wording"]) == ("shipped", "in_house")
    assert (by_id["eq-5d-5l"]["scoring"], by_id["eq-5d-5l"]["wording"]) == ("needs_table", "import")


def test_a_table_given_beside_the_answers_gives_the_score_it_holds(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "table.csv"
    file.write_bytes(made_up_table("eq-5d-5l"))
    answers = '{"items": [1, 1, 2, 3, 1, 70]}'
    code, found = run(capsys, "score", "eq-5d-5l", answers, "--table", str(file))
    assert (code, found["index"], found["vas"], found["status"]) == (0, 0.85, 70, "scored")
    for bad in (tmp_path / "none.csv", tmp_path):
        code, found = run(capsys, "score", "eq-5d-5l", answers, "--table", str(bad))
        assert (code, found["error"], found["field"]) == (2, "invalid", "table")


def test_the_program_itself_answers_with_its_exit_code() -> None:
    """As others call it: a process, its output and how it ended. All golden cases run above, inside this process."""
    good = CASES[0]
    for arguments, code in ((("score", good["id"], json.dumps(good["responses"])), 0), (("score", "gad-7", "{"), 2)):
        ended = subprocess.run(
            [sys.executable, "-m", "backtolife.cli", *arguments], capture_output=True, text=True, check=False
        )
        found = json.loads(ended.stdout)
        assert ended.returncode == code, ended.stderr
        assert ("error" in found) == (code == 2)


def test_official_wording_goes_in_by_the_command_and_comes_out_the_same(tmp_path: Path) -> None:
    environment = os.environ | {
        "BACKTOLIFE_ENV": "test",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'test.db'}",
    }

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "backtolife.cli", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    assert command("migrate").returncode == 0
    assert command("service", "create", "Example", "--short-name", "Ex", "--phone", "01632 960000").returncode == 0
    file = tmp_path / "pseq.json"
    file.write_text(json.dumps(filled("pseq-10")), encoding="utf-8")
    refused = command("instruments", "import", str(file))
    assert (refused.returncode, "needs a licence" in refused.stderr) == (2, True)
    licence = ("--licence-holder", "Trust", "--licence-reference", "L-1", "--licence-expires", "2031-01-31")
    loaded = command("instruments", "import", str(file), *licence)
    assert json.loads(loaded.stdout)["url"] == "https://example.org/Questionnaire/pseq-10|1.0", loaded.stderr
    assert json.loads(command("instruments", "export", "pseq-10").stdout) == filled("pseq-10")
