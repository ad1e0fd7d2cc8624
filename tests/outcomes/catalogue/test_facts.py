"""The instruments the programme asked for: each is here with its questions, answers and range, or says why not."""

import json
from pathlib import Path
from typing import Any

import pytest

from backtolife.outcomes.catalogue.shipped import load_instrument, shipped_instruments
from backtolife.outcomes.scoring.score import score

ENTRIES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "entries.json").read_text(encoding="utf-8"))

WAITING = {
    "hads": "only the licensed form says what each answer counts for",
    "msk-hq": "only the licensed form says what each answer counts for",
    "cpaq-8": "only the form says which four questions count the other way round",
    "eq-5d-5l": "the value set of the country is registered with EuroQol",
    "promis-29": "the T-score tables are licensed by HealthMeasures",
    "sf-12": "the weights are licensed by QualityMetric",
    "swemwbs": "the conversion table is licensed by the University of Warwick",
}
"""No score until the official form, or its table, is loaded."""

REPORTED = {
    "fft": "one answer of many people is counted, as the Friends and Family Test is",
    "work-status": "three figures reported as they are",
}
"""No score at all."""

NO_WORDS_OF_OURS = {
    "dass-21": "twenty-one questions nobody asks here; to be shipped with care, says its owner's page",
    "grc-11": "an alternative to the question on change, which is asked in our own words",
}
"""May be worded by us, and is not: the service loads it if it wants it."""

OTHER_COUNTS = {"swemwbs": 7}
"""“7 / 14” in the list is two questionnaires here; the other is wemwbs-14."""

LOOKED_UP = {"eq-5d-5l", "promis-29", "sf-12"}
"""Their range is in words, since a table gives it."""


def names(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["id"] for entry in entries]


def test_every_entry_is_an_instrument_and_the_longer_of_a_pair_is_another() -> None:
    assert {one.id for one in shipped_instruments()} == {*names(ENTRIES), "wemwbs-14"}
    assert len(ENTRIES) == 34


@pytest.mark.parametrize("entry", ENTRIES, ids=names(ENTRIES))
def test_an_entry_has_its_questions_with_the_answers_the_list_gives(entry: dict[str, Any]) -> None:
    measure = load_instrument(entry["id"])
    assert len(measure.items) == measure.item_count == OTHER_COUNTS.get(entry["id"], entry["n_items"])
    reaches = {(item.minimum, item.maximum) for item in measure.items}
    if "answers" in entry:
        assert tuple(entry["answers"]) in reaches
        assert len(reaches) == 1 or entry["id"] == "promis-29"


@pytest.mark.parametrize("entry", ENTRIES, ids=names(ENTRIES))
def test_an_entry_is_scored_in_the_range_the_list_gives_or_says_why_not(entry: dict[str, Any]) -> None:
    measure = load_instrument(entry["id"])
    waits = measure.readiness in ("needs_form", "needs_table")
    assert waits == (entry["id"] in WAITING)
    assert (measure.readiness == "recorded") == (entry["id"] in REPORTED)
    if entry["id"] in REPORTED:
        assert not measure.scales
        return
    assert measure.scales
    if entry["id"] not in LOOKED_UP:
        ranges = entry["range"] if isinstance(entry["range"][0], list) else [entry["range"]]
        assert [measure.scales[0].lowest, measure.scales[0].highest] == ranges[0]


@pytest.mark.parametrize("entry", ENTRIES, ids=names(ENTRIES))
def test_an_entry_goes_the_way_the_list_says(entry: dict[str, Any]) -> None:
    higher_is_better = load_instrument(entry["id"]).higher_is_better
    if entry["id"] in ("promis-29", "work-status"):
        assert higher_is_better is None
    else:
        assert higher_is_better == (entry["direction"] in ("higher = better", "higher index = better"))


@pytest.mark.parametrize("entry", ENTRIES, ids=names(ENTRIES))
def test_our_own_words_ship_only_where_the_licence_lets_them(entry: dict[str, Any]) -> None:
    measure, free = load_instrument(entry["id"]), entry["ship"].startswith("yes")
    assert measure.licence.ship == free
    assert (measure.wording == "in_house") == (free and entry["id"] not in NO_WORDS_OF_OURS)
    assert free or measure.licence.permission_from


def test_the_longer_wellbeing_scale_is_a_sum_that_bears_three_gaps() -> None:
    whole = score(load_instrument("wemwbs-14"), {"items": [3] * 14})
    gaps = score(load_instrument("wemwbs-14"), {"items": [*[3] * 11, None, None, None]})
    more = score(load_instrument("wemwbs-14"), {"items": [*[3] * 10, None, None, None, None]})
    assert (whole.value, gaps.value, more.value) == (42, 42, None)
