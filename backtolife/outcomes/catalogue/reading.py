"""Turning a questionnaire's data file into an Instrument, refusing what does not hold together."""

from __future__ import annotations

from typing import cast, get_args

from backtolife.outcomes.catalogue.instrument import ChangeLimit, Instrument, Item, Kind, Licence, Readiness, Scale
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.catalogue.reading_rules import read_alert, read_cutoff, read_grouping, read_tally
from backtolife.outcomes.catalogue.reading_scales import read_scale

FIELDS = (
    *("id", "version", "name", "domain", "measures", "recall", "direction", "scoring", "needs", "wording"),
    *("item_count", "turned_on_form", "items", "primary", "scales", "cutoffs", "classes", "alerts", "tally"),
    *("minimal_change", "reliable_change", "notes", "codes", "licence", "citation"),
)
DIRECTIONS = {"higher_is_better": True, "higher_is_worse": False, "none": None}


def read_instrument(whole: JsonNode) -> Instrument:
    """The instrument a file describes. Raises Invalid naming the file, the place and the broken rule."""
    whole.only(*FIELDS)
    readiness = _readiness(whole)
    items = tuple(read_item(node) for node in whole.at("items").each())
    positions = {item.id: index for index, item in enumerate(items)}
    _check_items(whole, items, positions)
    scales = tuple(read_scale(node, items, positions) for node in whole.at("scales").each())
    names = {scale.id for scale in scales}
    _check_scales(whole, scales, names)
    tally, turned = whole.maybe("tally"), whole.maybe("turned_on_form")
    return Instrument(
        id=whole.at("id").text(),
        version=whole.at("version").text(),
        hash=whole.digest(),
        name=whole.at("name").text(),
        domain=whole.at("domain").text(),
        measures=whole.at("measures").text(),
        recall=whole.text_at("recall"),
        higher_is_better=DIRECTIONS[whole.at("direction").one_of(*DIRECTIONS)],
        readiness=readiness,
        needs=whole.text_at("needs"),
        wording="in_house" if whole.at("wording").one_of("in_house", "import") == "in_house" else "import",
        item_count=whole.at("item_count").whole(),
        turned_on_form=0 if turned is None else turned.whole(),
        items=items,
        positions=positions,
        primary=whole.text_at("primary"),
        scales=scales,
        cutoffs=tuple(read_cutoff(node, names) for node in whole.list_at("cutoffs")),
        groupings=tuple(read_grouping(node, names) for node in whole.list_at("classes")),
        alerts=tuple(read_alert(node, positions) for node in whole.list_at("alerts")),
        tally=None if tally is None else read_tally(tally, items, positions),
        minimal_change=tuple(read_change(node) for node in whole.list_at("minimal_change")),
        reliable_change=tuple(read_change(node) for node in whole.list_at("reliable_change")),
        notes=tuple(node.text() for node in whole.list_at("notes")),
        codes=whole.at("codes").object(),
        licence=read_licence(whole.at("licence")),
        citation=whole.at("citation").text(),
    )


def read_item(node: JsonNode) -> Item:
    """One item. A whole-number item has min and max (at most 1001 values); a choice item has its codes."""
    node.only("id", "topic", "kind", "min", "max", "choices", "reversed", "option_scores", "loinc")
    kind = cast(Kind, node.at("kind").one_of(*get_args(Kind)))
    minimum, maximum = node.maybe("min"), node.maybe("max")
    low = None if minimum is None else minimum.whole()
    high = None if maximum is None else maximum.whole()
    choices = node.at("choices").texts() if kind == "choice" else ()
    if kind == "whole" and (low is None or high is None or not low < high <= low + 1000):
        raise node.refuse("a whole-number item needs min below max, at most 1000 apart")
    if kind == "number" and low is None:
        raise node.refuse("a number item needs min")
    return Item(
        id=node.at("id").text(),
        topic=node.at("topic").text(),
        kind=kind,
        minimum=low,
        maximum=high,
        choices=choices,
        points=_points(node, low, high) if kind == "whole" else {},
        loinc=node.text_at("loinc"),
    )


def _points(node: JsonNode, low: int | None, high: int | None) -> dict[object, int]:
    lowest, highest = low or 0, high or 0
    reversed_ = node.maybe("reversed")
    scores = node.maybe("option_scores")
    if scores is None:
        turned = reversed_ is not None and reversed_.flag()
        return {value: lowest + highest - value if turned else value for value in range(lowest, highest + 1)}
    points = [score.whole() for score in scores.each()]
    if len(points) != highest - lowest + 1:
        raise scores.refuse(f"must have one score for each of the {highest - lowest + 1} answers")
    return {lowest + index: score for index, score in enumerate(points)}


def read_change(node: JsonNode) -> ChangeLimit:
    """A published size of change."""
    node.only("value", "unit", "note", "source", "certainty")
    value = node.maybe("value")
    unit = node.at("unit").one_of("points", "percent")
    return ChangeLimit(
        value=None if value is None else value.number(),
        unit="points" if unit == "points" else "percent",
        note=node.text_at("note"),
        source=node.text_at("source"),
        certainty=node.text_at("certainty"),
    )


def read_licence(node: JsonNode) -> Licence:
    """The terms of the official wording."""
    node.only("ship", "status", "permission_from", "conditions", "source", "certainty")
    return Licence(
        ship=node.at("ship").flag(),
        status=node.text_at("status"),
        permission_from=node.text_at("permission_from"),
        conditions=node.text_at("conditions"),
        source=node.text_at("source"),
        certainty=node.text_at("certainty"),
    )


def _readiness(whole: JsonNode) -> Readiness:
    readiness = cast(Readiness, whole.at("scoring").one_of(*get_args(Readiness)))
    if readiness in ("needs_form", "needs_table") and whole.maybe("needs") is None:
        raise whole.refuse("must say what it “needs” before it can be scored")
    if readiness == "shipped" and not whole.at("scales").each():
        raise whole.at("scales").refuse("must hold at least one scale when scoring is shipped")
    return readiness


def _check_items(whole: JsonNode, items: tuple[Item, ...], positions: dict[str, int]) -> None:
    count = whole.at("item_count").whole()
    if len(positions) != len(items):
        raise whole.at("items").refuse("must not use an id twice")
    if items and len(items) != count:
        raise whole.at("items").refuse(f"must hold {count} items, as item_count says, not {len(items)}")
    if not items and whole.at("scoring").value not in ("needs_form", "needs_table"):
        raise whole.at("items").refuse("may only be empty where an import brings the items")


def _check_scales(whole: JsonNode, scales: tuple[Scale, ...], names: set[str]) -> None:
    if len(names) != len(scales):
        raise whole.at("scales").refuse("must not use an id twice")
    primary = whole.maybe("primary")
    if primary is not None and primary.text() not in names:
        raise primary.refuse(f"must name one of the scales: {', '.join(sorted(names)) or 'there are none'}")
    known: set[str] = set()
    for node, scale in zip(whole.at("scales").each(), scales, strict=True):
        if not known.issuperset(scale.of):
            raise node.at("of").refuse("must name scales that stand before this one")
        known.add(scale.id)
