"""Reading what is said about a score: cut-offs, classes, alerts and counts over many people."""

from __future__ import annotations

from typing import Literal

from backtolife.outcomes.instrument import Alert, ClassRule, Comparison, Cutoff, Grouping, Item, Tally
from backtolife.outcomes.place import Place
from backtolife.outcomes.reading_scales import Positions, read_position

Relation = Literal["at_least", "at_most", "below"]
RELATIONS: tuple[Relation, ...] = ("at_least", "at_most", "below")


def read_cutoff(place: Place, scales: set[str]) -> Cutoff:
    """A named yes or no."""
    place.only("id", "any_of")
    return Cutoff(place.at("id").text(), tuple(_test(test, scales) for test in place.at("any_of").each()))


def read_grouping(place: Place, scales: set[str]) -> Grouping:
    """Classes in order of precedence."""
    place.only("id", "rules")
    rules = []
    for rule in place.at("rules").each():
        rule.only("id", "all_of")
        tests = tuple(_test(test, scales) for test in rule.at("all_of").each())
        if any(test.scale is None for test in tests):
            raise rule.refuse("a class is decided by scales, not by single answers")
        rules.append(ClassRule(rule.at("id").text(), tests))
    return Grouping(place.at("id").text(), tuple(rules))


def read_alert(place: Place, positions: Positions) -> Alert:
    """An item that a clinician must see."""
    place.only("id", "item", "same_day_from", "urgent_from", "urgent_with_total")
    total = place.maybe("urgent_with_total")
    same_day, urgent = place.at("same_day_from").whole(), place.at("urgent_from").whole()
    if urgent < same_day:
        raise place.at("urgent_from").refuse("must not be below same_day_from")
    return Alert(
        id=place.at("id").text(),
        item=read_position(place.at("item"), positions),
        same_day_from=same_day,
        urgent_from=urgent,
        urgent_with_total=None if total is None else total.whole(),
    )


def read_tally(place: Place, items: tuple[Item, ...], positions: Positions) -> Tally:
    """How one choice item is counted over many people."""
    place.only("item", "groups", "suppress_below")
    position = read_position(place.at("item"), positions)
    groups = {name: place.at("groups").at(name).texts() for name in place.at("groups").object()}
    for name, choices in groups.items():
        for choice in choices:
            if choice not in items[position].choices:
                raise place.at("groups").at(name).refuse(f"names “{choice}”, which is no choice of the item")
    return Tally(position, groups, place.at("suppress_below").whole())


def _test(place: Place, scales: set[str]) -> Comparison:
    place.only("scale", "any_item", *RELATIONS)
    given = [relation for relation in RELATIONS if place.maybe(relation) is not None]
    if len(given) != 1:
        raise place.refuse(f"must have exactly one of {', '.join(RELATIONS)}")
    scale = place.text_at("scale")
    if scale is None and place.maybe("any_item") is None:
        raise place.refuse("must name a scale or say “any_item”")
    if scale is not None and scale not in scales:
        raise place.at("scale").refuse(f"must be one of the scales: {', '.join(sorted(scales))}")
    return Comparison(scale, given[0], place.at(given[0]).number())
