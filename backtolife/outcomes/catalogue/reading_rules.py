"""Reading what is said about a score: cut-offs, classes, alerts and counts over many people."""

from __future__ import annotations

from typing import Literal

from backtolife.outcomes.catalogue.instrument import Alert, ClassRule, Comparison, Cutoff, Grouping, Item, Tally
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.catalogue.reading_scales import Positions, read_position

Relation = Literal["at_least", "at_most", "below"]
RELATIONS: tuple[Relation, ...] = ("at_least", "at_most", "below")


def read_cutoff(node: JsonNode, scales: set[str]) -> Cutoff:
    """A named yes or no."""
    node.only("id", "any_of")
    return Cutoff(node.at("id").text(), tuple(_test(test, scales) for test in node.at("any_of").each()))


def read_grouping(node: JsonNode, scales: set[str]) -> Grouping:
    """Classes in order of precedence."""
    node.only("id", "rules")
    rules = []
    for rule in node.at("rules").each():
        rule.only("id", "all_of")
        tests = tuple(_test(test, scales) for test in rule.at("all_of").each())
        if any(test.scale is None for test in tests):
            raise rule.refuse("a class is decided by scales, not by single answers")
        rules.append(ClassRule(rule.at("id").text(), tests))
    return Grouping(node.at("id").text(), tuple(rules))


def read_alert(node: JsonNode, positions: Positions) -> Alert:
    """An item that a clinician must see."""
    node.only("id", "item", "same_day_from", "urgent_from", "urgent_with_total")
    total = node.maybe("urgent_with_total")
    same_day, urgent = node.at("same_day_from").whole(), node.at("urgent_from").whole()
    if urgent < same_day:
        raise node.at("urgent_from").refuse("must not be below same_day_from")
    return Alert(
        id=node.at("id").text(),
        item=read_position(node.at("item"), positions),
        same_day_from=same_day,
        urgent_from=urgent,
        urgent_with_total=None if total is None else total.whole(),
    )


def read_tally(node: JsonNode, items: tuple[Item, ...], positions: Positions) -> Tally:
    """How one choice item is counted over many people."""
    node.only("item", "groups", "suppress_below")
    position = read_position(node.at("item"), positions)
    groups = {name: node.at("groups").at(name).texts() for name in node.at("groups").object()}
    for name, choices in groups.items():
        for choice in choices:
            if choice not in items[position].choices:
                raise node.at("groups").at(name).refuse(f"names “{choice}”, which is no choice of the item")
    return Tally(position, groups, node.at("suppress_below").whole())


def _test(node: JsonNode, scales: set[str]) -> Comparison:
    node.only("scale", "any_item", *RELATIONS)
    given = [relation for relation in RELATIONS if node.maybe(relation) is not None]
    if len(given) != 1:
        raise node.refuse(f"must have exactly one of {', '.join(RELATIONS)}")
    scale = node.text_at("scale")
    if scale is None and node.maybe("any_item") is None:
        raise node.refuse("must name a scale or say “any_item”")
    if scale is not None and scale not in scales:
        raise node.at("scale").refuse(f"must be one of the scales: {', '.join(sorted(scales))}")
    return Comparison(scale, given[0], node.at(given[0]).number())
