"""Reading how one figure of a questionnaire is computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from backtolife.outcomes.catalogue.instrument import Band, Item, Method, Missing, Policy, Scale
from backtolife.outcomes.catalogue.json_node import JsonNode

Positions = Mapping[str, int]


def read_scale(node: JsonNode, items: tuple[Item, ...], positions: Positions) -> Scale:
    """One scale. Raises Invalid when its items, bands or rule for gaps do not fit the instrument."""
    node.only(
        *("id", "label", "method", "items", "over", "of", "multiply", "places"),
        *("range", "missing", "only_if", "bands"),
    )
    method = cast(Method, node.at("method").one_of(*get_args(Method)))
    chosen = read_positions(node.maybe("items"), items, positions)
    over = read_positions(node.maybe("over"), items, positions)
    of = node.maybe("of")
    names = () if of is None else of.texts()
    _check_method(node, method, chosen, over, names)
    low, high = _range(node.at("range"))
    multiply, places = node.maybe("multiply"), node.maybe("places")
    return Scale(
        id=node.at("id").text(),
        label=node.at("label").text(),
        method=method,
        items=chosen,
        over=over,
        of=names,
        multiply=1 if multiply is None else multiply.whole(),
        places=0 if places is None else places.whole(),
        lowest=low,
        highest=high,
        missing=_missing(node.at("missing"), items, positions, len(chosen)),
        only_if=_only_if(node.maybe("only_if"), items, positions),
        bands=_bands(node.list_at("bands"), low, high),
    )


def read_positions(node: JsonNode | None, items: tuple[Item, ...], positions: Positions) -> tuple[int, ...]:
    """Positions of items named by id, or of all when the word is "all". Choice items cannot be counted."""
    if node is None:
        return ()
    if node.value == "all":
        return tuple(range(len(items)))
    found = tuple(read_position(name, positions) for name in node.each())
    if any(items[index].kind == "choice" for index in found):
        raise node.refuse("must not count a choice item")
    return found


def read_position(node: JsonNode, positions: Positions) -> int:
    """The position of the item named here. Raises Invalid when there is no such item."""
    if node.text() not in positions:
        raise node.refuse(f"must be the id of an item, not {node.value!r}")
    return positions[node.text()]


def _check_method(
    node: JsonNode, method: Method, items: tuple[int, ...], over: tuple[int, ...], of: tuple[str, ...]
) -> None:
    if method == "either":
        if len(of) != 2:
            raise node.refuse("“either” needs “of” with two scales")
    elif not items:
        raise node.refuse("must name its items")
    if (method == "ratio") != bool(over):
        raise node.refuse("“over” belongs to a ratio, and a ratio needs it")


def _range(node: JsonNode) -> tuple[int, int]:
    ends = [end.whole() for end in node.each()]
    if len(ends) != 2 or ends[0] >= ends[1]:
        raise node.refuse("must be the lowest and the highest whole number")
    return ends[0], ends[1]


def _missing(node: JsonNode, items: tuple[Item, ...], positions: Positions, count: int) -> Missing:
    node.only("policy", "allowed", "flag", "items", "certainty")
    policy = cast(Policy, node.at("policy").one_of(*get_args(Policy)))
    allowed = node.at("allowed").whole() if policy in ("prorate", "reduce") else 0
    if policy in ("prorate", "reduce") and not 0 < allowed < count:
        raise node.at("allowed").refuse(f"must be from 1 to {count - 1}")
    if policy != "not_applicable":
        return Missing(policy, allowed)
    return Missing(policy, 0, node.at("flag").text(), read_positions(node.at("items"), items, positions))


def _only_if(node: JsonNode | None, items: tuple[Item, ...], positions: Positions) -> tuple[int, str] | None:
    if node is None:
        return None
    node.only("item", "is")
    position = read_position(node.at("item"), positions)
    return position, node.at("is").one_of(*items[position].choices)


def _bands(places: list[JsonNode], low: int, high: int) -> tuple[Band, ...]:
    bands: list[Band] = []
    for node in places:
        node.only("id", "label", "from", "to")
        lowest, highest = node.at("from").whole(), node.at("to").whole()
        if not low <= lowest <= highest <= high:
            raise node.refuse(f"must lie within {low} to {high}")
        if bands and lowest <= bands[-1].highest:
            raise node.refuse("must start above the band before it")
        bands.append(Band(node.at("id").text(), node.at("label").text(), lowest, highest))
    return tuple(bands)
