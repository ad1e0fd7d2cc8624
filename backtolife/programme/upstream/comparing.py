"""What changed from one version of a programme to a newer one, and is not in a third: place by place. Pure.

A place is a way through names and ids: what stands in a list with ids is the same wherever it stands there.
"""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from backtolife.programme.editing.documents import document_of, written
from backtolife.programme.editing.parts import PLAN

Way = tuple[str, ...]
Documents = dict[str, Any]
NUMBERED = frozenset({(PLAN, "version")})
"""What each version says for itself."""


class Kind(StrEnum):
    """What happened to a place."""

    SAYS = "says"
    NEW = "new"
    GONE = "gone"
    ORDER = "order"
    """The same things stand in another order."""


@dataclass(frozen=True)
class Change:
    """One place. `was` and `newer` are what the two versions say there; `yours` is what the third one says.

    For another order each is the list of ids.
    """

    way: Way
    kind: Kind
    was: Any
    newer: Any
    yours: Any

    @property
    def key(self) -> str:
        return f"{self.kind} {'|'.join(self.way)}"

    @property
    def both(self) -> bool:
        """Whether the third one changed the place too, to something else."""
        return self.kind is Kind.SAYS and self.yours != self.was


def documents(files: Mapping[str, str]) -> Documents:
    """What each file of a programme says, by its path."""
    return {file: document_of(file, text) for file, text in files.items()}


def changes(was: Documents, newer: Documents, yours: Documents) -> list[Change]:
    """Each place that the newer version changed and the third does not say the same, in the newer one's order.

    What the third took out, it does not get back: nothing inside it is named.
    """
    return [each for each in between(was, newer, yours, ()) if each.way not in NUMBERED]


def between(was: Any, newer: Any, yours: Any, way: Way) -> Iterator[Change]:
    inside = [named(each) for each in (was, newer, yours)]
    if newer in (was, yours):
        return
    old, new, own = inside
    if old is None or new is None or own is None:
        yield Change(way, Kind.SAYS, was, newer, yours)
        return
    for name in dict.fromkeys([*new, *old]):
        here = (*way, name)
        if name not in new:
            if name in own:
                yield Change(here, Kind.GONE, old[name], None, own[name])
        elif name not in old:
            if name not in own:
                yield Change(here, Kind.NEW, None, new[name], None)
            elif own[name] != new[name]:
                yield Change(here, Kind.SAYS, None, new[name], own[name])
        elif name in own:
            yield from between(old[name], new[name], own[name], here)
    if isinstance(newer, list):
        yield from another_order(list(old), list(new), list(own), way)


def another_order(old: list[str], new: list[str], own: list[str], way: Way) -> Iterator[Change]:
    """Whether what is in all three changed places, among themselves."""
    common = set(old) & set(new) & set(own)
    first, second, third = ([each for each in ids if each in common] for ids in (old, new, own))
    if second not in (first, third):
        yield Change(way, Kind.ORDER, first, second, third)


def named(value: Any) -> dict[str, Any] | None:
    """What is inside, by name or id; None for what has neither."""
    if isinstance(value, Mapping):
        return {str(name): each for name, each in value.items()}
    if isinstance(value, list) and value and all(isinstance(each, Mapping) and "id" in each for each in value):
        found = {str(each["id"]): each for each in value}
        return found if len(found) == len(value) else None
    return None


def taken_over(files: Mapping[str, str], newer: Mapping[str, str], chosen: Sequence[Change]) -> dict[str, str]:
    """The files with the chosen changes; everything else stays byte for byte. Raises Invalid."""
    found = dict(files)
    touched = list(dict.fromkeys(each.way[0] for each in chosen if len(each.way) > 1))
    for each in chosen:
        if each.way == () or len(each.way) > 1:
            continue
        file = each.way[0]
        if each.kind is Kind.GONE:
            found.pop(file, None)
        else:
            found[file] = newer[file]
    for file in touched:
        document, says = deepcopy(document_of(file, found[file])), document_of(file, newer[file])
        for each in in_order(chosen):
            if each.way[0] == file and len(each.way) > 1:
                put(document, says, each)
        found[file] = written(file, found[file], document)
    return found


def in_order(chosen: Sequence[Change]) -> list[Change]:
    """An order comes last: by then all that it names is there."""
    return sorted(chosen, key=lambda each: each.kind is Kind.ORDER)


def put(document: Any, newer: Any, change: Change) -> None:
    """Change one place of a file's document to what the newer one says there."""
    way = change.way[1:]
    if change.kind is Kind.ORDER:
        reorder(at(document, way), change.newer)
        return
    holder, says, name = at(document, way[:-1]), at(newer, way[:-1]), way[-1]
    if isinstance(holder, list):
        place = next((index for index, each in enumerate(holder) if str(each["id"]) == name), None)
        if place is not None:
            holder[place : place + 1] = [] if change.kind is Kind.GONE else [change.newer]
        elif change.kind is not Kind.GONE:
            holder.insert(behind(holder, says, name), change.newer)
    elif change.kind is Kind.GONE:
        holder.pop(name, None)
    else:
        holder[name] = change.newer


def at(value: Any, way: Way) -> Any:
    """What stands there; each step is a name, or the id of an item."""
    for step in way:
        value = next(each for each in value if str(each["id"]) == step) if isinstance(value, list) else value[step]
    return value


def behind(holder: Sequence[Mapping[str, Any]], newer: Sequence[Mapping[str, Any]], name: str) -> int:
    """Where a new item goes: behind the one that it follows in the newer version."""
    ids, known = [str(each["id"]) for each in newer], [str(each["id"]) for each in holder]
    before = [each for each in ids[: ids.index(name)] if each in known]
    return known.index(before[-1]) + 1 if before else 0


def reorder(items: list[dict[str, Any]], ids: Sequence[str]) -> None:
    """Put the items that are named in this order, in the places that they have among the others."""
    places = [index for index, each in enumerate(items) if str(each["id"]) in ids]
    by_id = {str(each["id"]): each for each in items}
    for place, name in zip(places, [each for each in ids if each in by_id], strict=True):
        items[place] = by_id[name]
