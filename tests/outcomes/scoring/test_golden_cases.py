"""Every golden case, by name: one form or two scores of one person, and the least that must come back."""

import json
from pathlib import Path
from typing import Any

import pytest

from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.scoring.change import change
from backtolife.outcomes.scoring.responses_in import InvalidAnswer
from backtolife.outcomes.scoring.score import score

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "vectors.json").read_text(encoding="utf-8"))


def outcome(case: dict[str, Any]) -> dict[str, Any]:
    instrument = load_instrument(case["id"])
    try:
        if "baseline" in case["responses"]:
            return change(instrument, case["responses"]).as_dict()
        return score(instrument, case["responses"]).as_dict()
    except InvalidAnswer as error:
        return {"error": error.code}


@pytest.mark.parametrize("case", CASES, ids=[f"{case['id']}-{case['name']}" for case in CASES])
def test_golden_case_gives_what_was_published(case: dict[str, Any]) -> None:
    found = outcome(case)
    assert {name: found.get(name, "absent") for name in case["expected"]} == case["expected"]


def test_every_golden_case_has_its_own_name() -> None:
    assert len({(case["id"], case["name"]) for case in CASES}) == len(CASES) == 62
