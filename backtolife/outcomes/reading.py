"""Turning a questionnaire's data file into an Instrument, refusing what does not hold together."""

from __future__ import annotations

from typing import cast, get_args

from backtolife.outcomes.instrument import ChangeLimit, Instrument, Item, Kind, Licence, Readiness, Scale
from backtolife.outcomes.place import Place
from backtolife.outcomes.reading_rules import read_alert, read_cutoff, read_grouping, read_tally
from backtolife.outcomes.reading_scales import read_scale

FIELDS = (
    *("id", "version", "name", "domain", "measures", "recall", "direction", "scoring", "needs", "wording"),
    *("item_count", "turned_on_form", "items", "primary", "scales", "cutoffs", "classes", "alerts", "tally"),
    *("minimal_change", "reliable_change", "notes", "codes", "licence", "citation"),
)
DIRECTIONS = {"higher_is_better": True, "higher_is_worse": False, "none": None}


def read_instrument(whole: Place) -> Instrument:
    """The instrument a file describes. Raises Invalid naming the file, the place and the broken rule."""
    whole.only(*FIELDS)
    readiness = _readiness(whole)
    items = tuple(read_item(place) for place in whole.at("items").each())
    positions = {item.id: index for index, item in enumerate(items)}
    _check_items(whole, items, positions)
    scales = tuple(read_scale(place, items, positions) for place in whole.at("scales").each())
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
        cutoffs=tuple(read_cutoff(place, names) for place in whole.list_at("cutoffs")),
        groupings=tuple(read_grouping(place, names) for place in whole.list_at("classes")),
        alerts=tuple(read_alert(place, positions) for place in whole.list_at("alerts")),
        tally=None if tally is None else read_tally(tally, items, positions),
        minimal_change=tuple(read_change(place) for place in whole.list_at("minimal_change")),
        reliable_change=tuple(read_change(place) for place in whole.list_at("reliable_change")),
        notes=tuple(place.text() for place in whole.list_at("notes")),
        codes=whole.at("codes").object(),
        licence=read_licence(whole.at("licence")),
        citation=whole.at("citation").text(),
    )


def read_item(place: Place) -> Item:
    """One item. A whole-number item has min and max (at most 1001 values); a choice item has its codes."""
    place.only("id", "topic", "kind", "min", "max", "choices", "reversed", "option_scores", "loinc")
    kind = cast(Kind, place.at("kind").one_of(*get_args(Kind)))
    minimum, maximum = place.maybe("min"), place.maybe("max")
    low = None if minimum is None else minimum.whole()
    high = None if maximum is None else maximum.whole()
    choices = place.at("choices").texts() if kind == "choice" else ()
    if kind == "whole" and (low is None or high is None or not low < high <= low + 1000):
        raise place.refuse("a whole-number item needs min below max, at most 1000 apart")
    if kind == "number" and low is None:
        raise place.refuse("a number item needs min")
    return Item(
        id=place.at("id").text(),
        topic=place.at("topic").text(),
        kind=kind,
        minimum=low,
        maximum=high,
        choices=choices,
        points=_points(place, low, high) if kind == "whole" else {},
        loinc=place.text_at("loinc"),
    )


def _points(place: Place, low: int | None, high: int | None) -> dict[object, int]:
    lowest, highest = low or 0, high or 0
    reversed_ = place.maybe("reversed")
    scores = place.maybe("option_scores")
    if scores is None:
        turned = reversed_ is not None and reversed_.flag()
        return {value: lowest + highest - value if turned else value for value in range(lowest, highest + 1)}
    points = [score.whole() for score in scores.each()]
    if len(points) != highest - lowest + 1:
        raise scores.refuse(f"must have one score for each of the {highest - lowest + 1} answers")
    return {lowest + index: score for index, score in enumerate(points)}


def read_change(place: Place) -> ChangeLimit:
    """A published size of change."""
    place.only("value", "unit", "note", "source", "certainty")
    value = place.maybe("value")
    unit = place.at("unit").one_of("points", "percent")
    return ChangeLimit(
        value=None if value is None else value.number(),
        unit="points" if unit == "points" else "percent",
        note=place.text_at("note"),
        source=place.text_at("source"),
        certainty=place.text_at("certainty"),
    )


def read_licence(place: Place) -> Licence:
    """The terms of the official wording."""
    place.only("ship", "status", "permission_from", "conditions", "source", "certainty")
    return Licence(
        ship=place.at("ship").flag(),
        status=place.text_at("status"),
        permission_from=place.text_at("permission_from"),
        conditions=place.text_at("conditions"),
        source=place.text_at("source"),
        certainty=place.text_at("certainty"),
    )


def _readiness(whole: Place) -> Readiness:
    readiness = cast(Readiness, whole.at("scoring").one_of(*get_args(Readiness)))
    if readiness in ("needs_form", "needs_table") and whole.maybe("needs") is None:
        raise whole.refuse("must say what it “needs” before it can be scored")
    if readiness == "shipped" and not whole.at("scales").each():
        raise whole.at("scales").refuse("must hold at least one scale when scoring is shipped")
    return readiness


def _check_items(whole: Place, items: tuple[Item, ...], positions: dict[str, int]) -> None:
    count = whole.at("item_count").whole()
    if len(positions) != len(items):
        raise whole.at("items").refuse("must not use an id twice")
    if items and len(items) != count:
        raise whole.at("items").refuse(f"must hold {count} items, as item_count says, not {len(items)}")
    if not items and whole.at("scoring").value not in ("needs_form", "needs_table"):
        raise whole.at("items").refuse("may only be empty where an import brings the items")


def _check_scales(whole: Place, scales: tuple[Scale, ...], names: set[str]) -> None:
    if len(names) != len(scales):
        raise whole.at("scales").refuse("must not use an id twice")
    primary = whole.maybe("primary")
    if primary is not None and primary.text() not in names:
        raise primary.refuse(f"must name one of the scales: {', '.join(sorted(names)) or 'there are none'}")
    known: set[str] = set()
    for place, scale in zip(whole.at("scales").each(), scales, strict=True):
        if not known.issuperset(scale.of):
            raise place.at("of").refuse("must name scales that stand before this one")
        known.add(scale.id)
