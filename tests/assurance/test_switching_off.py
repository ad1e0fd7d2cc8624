"""What counts as having been seen: with the control on the test passes, and off it fails by what it looks at."""

import pytest

from tools.assurance.hazards import read_hazards
from tools.switch_off import Outcome, judged, short

HAZARD = read_hazards()[0]


def outcome(result: str, kind: str = "", phase: str = "call") -> Outcome:
    return Outcome(HAZARD.test, phase, result, kind, "assert 0 == 1" if kind else "")


ON = [outcome("passed")]


def test_a_test_that_passes_with_the_control_and_fails_without_shows_it() -> None:
    good, words = judged(HAZARD, ON, [outcome("failed", "AssertionError")])
    assert good
    assert words.endswith("off: fails (1 of 1): AssertionError: assert 0 == 1")


@pytest.mark.parametrize(
    ("on", "off"),
    [
        (ON, [outcome("passed")]),
        (ON, [outcome("failed", "NameError")]),
        (ON, [outcome("failed", "AssertionError", "setup")]),
        (ON, []),
        ([], [outcome("failed", "AssertionError")]),
        ([outcome("failed", "AssertionError")], [outcome("failed", "AssertionError")]),
        ([outcome("skipped")], [outcome("failed", "AssertionError")]),
    ],
)
def test_nothing_else_shows_it(on: list[Outcome], off: list[Outcome]) -> None:
    assert not judged(HAZARD, on, off)[0]


def test_what_is_kept_names_no_place_of_a_machine() -> None:
    assert short("no such file: /tmp/somewhere/deep/x.py\nat all") == "no such file: … at all"
