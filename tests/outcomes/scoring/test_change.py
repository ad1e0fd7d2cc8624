"""One person's change between two scores."""

import pytest

from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.scoring.change import Change, change
from backtolife.outcomes.scoring.responses_in import InvalidAnswer


def changed(name: str, **responses: object) -> Change:
    return change(load_instrument(name), responses)


def test_without_a_limit_named_the_instruments_own_published_one_is_used() -> None:
    found = changed("rmdq-24", baseline=15, followup=10)
    assert (found.mic_points, found.mic_pct, found.minimal) == (5, 30, "improved")


def test_a_change_within_measurement_error_is_not_called_reliable() -> None:
    assert changed("rmdq-24", baseline=15, followup=10).reliable == "no_clear_change"
    assert changed("rmdq-24", baseline=15, followup=9).reliable == "improved"
    assert changed("rmdq-24", baseline=9, followup=15).reliable == "worse"


def test_a_rise_is_an_improvement_where_higher_is_better() -> None:
    assert changed("semcd-6", baseline=4.5, followup=6.25).improvement == 1.75


def test_getting_worse_is_said_as_plainly_as_getting_better() -> None:
    found = changed("phq-9", baseline=8, followup=14)
    assert (found.improvement, found.minimal, found.reliable) == (-6, "worse", "worse")


def test_no_per_cent_from_a_baseline_of_nought() -> None:
    found = changed("nprs", baseline=0, followup=2)
    assert (found.improvement_pct, found.meets_mic_pct, found.meets_mic_points) == (None, None, False)


def test_in_house_wording_gets_no_published_limit() -> None:
    found = changed("rmdq-24", baseline=15, followup=5, in_house=True, mic_points=5)
    assert found.improvement == 10
    assert (found.minimal, found.reliable, found.meets_mic_points, found.reliable_points) == (None, None, None, None)


def test_no_limit_is_invented_where_none_is_established() -> None:
    assert changed("semcd-6", baseline=4, followup=8).minimal is None


def test_a_limit_is_met_exactly_without_binary_error() -> None:
    assert changed("peg-3", baseline=4.33, followup=3.03, mic_points=1.3).meets_mic_points is True


@pytest.mark.parametrize(
    ("name", "responses", "code"),
    [
        ("rmdq-24", {"baseline": 15}, "no_score"),
        ("rmdq-24", {"baseline": None, "followup": 3}, "no_score"),
        ("rmdq-24", {"baseline": 25, "followup": 3}, "out_of_range"),
        ("rmdq-24", {"baseline": "15", "followup": 3}, "wrong_type"),
        ("rmdq-24", {"baseline": True, "followup": 3}, "wrong_type"),
        ("rmdq-24", {"baseline": float("inf"), "followup": 3}, "wrong_type"),
        ("rmdq-24", {"baseline": 5, "followup": 3, "mic_points": 0}, "out_of_range"),
        ("rmdq-24", {"baseline": 5, "followup": 3, "mic": 1}, "unknown_key"),
        ("rmdq-24", {"baseline": 5, "followup": 3, "in_house": 1}, "wrong_type"),
        ("work-status", {"baseline": 5, "followup": 3}, "no_direction"),
        ("dass-21", {"baseline": 5, "followup": 3}, "no_direction"),
    ],
)
def test_a_change_that_cannot_be_computed_is_refused(name: str, responses: dict[str, object], code: str) -> None:
    with pytest.raises(InvalidAnswer) as refused:
        change(load_instrument(name), responses)
    assert refused.value.code == code
