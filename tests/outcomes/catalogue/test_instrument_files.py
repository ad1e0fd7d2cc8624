"""The instruments that ship, and what the loader refuses."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backtolife.errors import Invalid, NotFound
from backtolife.outcomes.catalogue import shipped
from backtolife.outcomes.catalogue.json_node import JsonNode, open_file
from backtolife.outcomes.catalogue.reading import read_instrument
from backtolife.outcomes.catalogue.shipped import load_instrument, shipped_instruments

PHQ9 = json.loads((shipped.HERE / "mood" / "phq-9.v1.json").read_text(encoding="utf-8"))
HASHES = json.loads((Path(__file__).parent / "hashes.json").read_text(encoding="utf-8"))


def test_a_shipped_version_never_changes() -> None:
    assert {f"{one.id} {one.version}": one.hash for one in shipped_instruments()} == HASHES


def test_the_hash_ignores_layout_and_notices_every_change() -> None:
    spread = json.loads(json.dumps(PHQ9, indent=8))
    changed = copy.deepcopy(PHQ9)
    changed["scales"][0]["bands"][0]["to"] = 3
    original = JsonNode("a", "", PHQ9).digest()
    assert JsonNode("b", "", spread).digest() == original != JsonNode("c", "", changed).digest()


def test_an_unknown_instrument_or_version_says_how_to_see_the_list() -> None:
    with pytest.raises(NotFound, match="There is no instrument “phq-10”"):
        load_instrument("phq-10")
    with pytest.raises(NotFound, match="“phq-9 version 7”"):
        load_instrument("phq-9", "7")


def test_what_needs_a_table_or_a_licensed_form_says_so_and_is_not_ours_to_send() -> None:
    waiting = {one.id for one in shipped_instruments() if one.readiness in ("needs_table", "needs_form")}
    assert waiting == {"hads", "msk-hq", "eq-5d-5l", "promis-29", "sf-12", "swemwbs", "cpaq-8"}
    assert all(load_instrument(name).needs and load_instrument(name).wording == "import" for name in waiting)


def test_every_instrument_names_its_source_and_its_terms() -> None:
    for instrument in shipped_instruments():
        assert instrument.citation
        assert instrument.licence.ship or instrument.licence.permission_from, instrument.id


def test_the_alert_stands_on_item_9_alone() -> None:
    assert [one.id for one in shipped_instruments() if one.alerts] == ["phq-9"]


def broken(change: Callable[[dict[str, Any]], object]) -> JsonNode:
    data = copy.deepcopy(PHQ9)
    change(data)
    return JsonNode("mood.json", "", data)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.pop("name"), "mood.json: the whole file: must have “name”"),
        (lambda data: data.update(colour="red"), "mood.json: the whole file: has an unknown field “colour”"),
        (lambda data: data["items"].pop(), r"mood.json: items: must hold 9 items"),
        (
            lambda data: data["items"][3].update(max=0),
            r"mood.json: items\[3\]: a whole-number item needs min below max",
        ),
        (lambda data: data["items"][3].update(id="1"), "mood.json: items: must not use an id twice"),
        (lambda data: data["items"][3].update(kind="colour"), r"items\[3\].kind: must be one of whole, number, choice"),
        (lambda data: data["items"][3].update(min="0"), r"items\[3\].min: must be a whole number"),
        (
            lambda data: data["items"][3].update(option_scores=[1]),
            r"option_scores: must have one score for each of the 4",
        ),
        (lambda data: data["scales"][0].update(items=["10"]), r"scales\[0\].items\[0\]: must be the id of an item"),
        (lambda data: data["scales"][0].update(method="magic"), r"scales\[0\].method: must be one of sum, mean"),
        (lambda data: data["scales"][0]["missing"].update(allowed=9), r"missing.allowed: must be from 1 to 8"),
        (
            lambda data: data["scales"][0]["bands"][1].update({"from": 4}),
            r"bands\[1\]: must start above the band before",
        ),
        (lambda data: data["scales"][0]["bands"][4].update(to=30), r"bands\[4\]: must lie within 0 to 27"),
        (
            lambda data: data["scales"][0].update(range=[27, 0]),
            r"scales\[0\].range: must be the lowest and the highest",
        ),
        (lambda data: data["scales"].append(data["scales"][0]), "mood.json: scales: must not use an id twice"),
        (lambda data: data["scales"].clear(), "mood.json: scales: must hold at least one scale"),
        (lambda data: data.update(primary="sum"), "mood.json: primary: must name one of the scales: total"),
        (lambda data: data.update(scoring="needs_table"), "must say what it “needs”"),
        (
            lambda data: data["cutoffs"][0]["any_of"][0].update(scale="x"),
            r"any_of\[0\].scale: must be one of the scales",
        ),
        (
            lambda data: data["cutoffs"][0]["any_of"][0].update(below=3),
            "must have exactly one of at_least, at_most, below",
        ),
        (lambda data: data["alerts"][0].update(item="10"), r"alerts\[0\].item: must be the id of an item"),
        (lambda data: data["alerts"][0].update(urgent_from=0), "must not be below same_day_from"),
        (lambda data: data["licence"].update(ship="yes"), "licence.ship: must be true or false"),
        (lambda data: data["minimal_change"][0].update(value="5"), r"minimal_change\[0\].value: must be a number"),
        (lambda data: data.update(items={}), "mood.json: items: must be a list"),
        (lambda data: data.update(licence=[]), "mood.json: licence: must be an object"),
    ],
)
def test_a_bad_file_names_the_file_the_place_and_the_rule(
    change: Callable[[dict[str, Any]], object], message: str
) -> None:
    with pytest.raises(Invalid, match=message):
        read_instrument(broken(change))


def test_a_file_that_is_not_json_names_its_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{\n "id": oops\n}', encoding="utf-8")
    with pytest.raises(Invalid, match=r"bad.json: line 2: must be JSON"):
        open_file(bad)
