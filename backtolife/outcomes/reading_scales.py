"""Reading how one figure of a questionnaire is computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from backtolife.outcomes.instrument import Band, Item, Method, Missing, Policy, Scale
from backtolife.outcomes.place import Place

Positions = Mapping[str, int]


def read_scale(place: Place, items: tuple[Item, ...], positions: Positions) -> Scale:
    """One scale. Raises Invalid when its items, bands or rule for gaps do not fit the instrument."""
    place.only(
        *("id", "label", "method", "items", "over", "of", "multiply", "places"),
        *("range", "missing", "only_if", "bands"),
    )
    method = cast(Method, place.at("method").one_of(*get_args(Method)))
    chosen = read_positions(place.maybe("items"), items, positions)
    over = read_positions(place.maybe("over"), items, positions)
    of = place.maybe("of")
    names = () if of is None else of.texts()
    _check_method(place, method, chosen, over, names)
    low, high = _range(place.at("range"))
    multiply, places = place.maybe("multiply"), place.maybe("places")
    return Scale(
        id=place.at("id").text(),
        label=place.at("label").text(),
        method=method,
        items=chosen,
        over=over,
        of=names,
        multiply=1 if multiply is None else multiply.whole(),
        places=0 if places is None else places.whole(),
        lowest=low,
        highest=high,
        missing=_missing(place.at("missing"), items, positions, len(chosen)),
        only_if=_only_if(place.maybe("only_if"), items, positions),
        bands=_bands(place.list_at("bands"), low, high),
    )


def read_positions(place: Place | None, items: tuple[Item, ...], positions: Positions) -> tuple[int, ...]:
    """Positions of items named by id, or of all when the word is "all". Choice items cannot be counted."""
    if place is None:
        return ()
    if place.value == "all":
        return tuple(range(len(items)))
    found = tuple(read_position(name, positions) for name in place.each())
    if any(items[index].kind == "choice" for index in found):
        raise place.refuse("must not count a choice item")
    return found


def read_position(place: Place, positions: Positions) -> int:
    """The position of the item named here. Raises Invalid when there is no such item."""
    if place.text() not in positions:
        raise place.refuse(f"must be the id of an item, not {place.value!r}")
    return positions[place.text()]


def _check_method(
    place: Place, method: Method, items: tuple[int, ...], over: tuple[int, ...], of: tuple[str, ...]
) -> None:
    if method == "either":
        if len(of) != 2:
            raise place.refuse("“either” needs “of” with two scales")
    elif not items:
        raise place.refuse("must name its items")
    if (method == "ratio") != bool(over):
        raise place.refuse("“over” belongs to a ratio, and a ratio needs it")


def _range(place: Place) -> tuple[int, int]:
    ends = [end.whole() for end in place.each()]
    if len(ends) != 2 or ends[0] >= ends[1]:
        raise place.refuse("must be the lowest and the highest whole number")
    return ends[0], ends[1]


def _missing(place: Place, items: tuple[Item, ...], positions: Positions, count: int) -> Missing:
    place.only("policy", "allowed", "flag", "items", "certainty")
    policy = cast(Policy, place.at("policy").one_of(*get_args(Policy)))
    allowed = place.at("allowed").whole() if policy in ("prorate", "reduce") else 0
    if policy in ("prorate", "reduce") and not 0 < allowed < count:
        raise place.at("allowed").refuse(f"must be from 1 to {count - 1}")
    if policy != "not_applicable":
        return Missing(policy, allowed)
    return Missing(policy, 0, place.at("flag").text(), read_positions(place.at("items"), items, positions))


def _only_if(place: Place | None, items: tuple[Item, ...], positions: Positions) -> tuple[int, str] | None:
    if place is None:
        return None
    place.only("item", "is")
    position = read_position(place.at("item"), positions)
    return position, place.at("is").one_of(*items[position].choices)


def _bands(places: list[Place], low: int, high: int) -> tuple[Band, ...]:
    bands: list[Band] = []
    for place in places:
        place.only("id", "label", "from", "to")
        lowest, highest = place.at("from").whole(), place.at("to").whole()
        if not low <= lowest <= highest <= high:
            raise place.refuse(f"must lie within {low} to {high}")
        if bands and lowest <= bands[-1].highest:
            raise place.refuse("must start above the band before it")
        bands.append(Band(place.at("id").text(), place.at("label").text(), lowest, highest))
    return tuple(bands)
