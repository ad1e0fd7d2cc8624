"""What of a programme can be changed on one page: each part with its words, and where in its file it stands."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from typing import Any

from backtolife.programme.plan.message_text import GAP
from backtolife.programme.plan.template import Programme, Station

Place = tuple[str | int, ...]
PLAN = "programme.yaml"
MESSAGES = "messages.yaml"
EXERCISES = "exercises.yaml"
OUT = "out"
"""The place in the order of what is taken out."""


class Kind(StrEnum):
    """How a part is typed."""

    LINE = "line"
    TEXT = "text"
    LINES = "lines"
    """One to a line."""
    NUMBER = "number"
    CHOICE = "choice"
    ORDER = "order"
    """Which one of its list it shall be; the list is put in order when all is typed."""
    ASIDE = "aside"
    """A choice that stands nowhere in the file by itself: what the page begins with needs it."""


@dataclass(frozen=True)
class Part:
    """One thing to type. An empty one that is `optional` is left out of the file."""

    name: str
    label: str
    place: Place
    kind: Kind = Kind.LINE
    hint: str = ""
    low: int = 0
    high: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Rows:
    """A list that comes and goes with the page: each item has an ORDER part, `order_` and its number from 0."""

    name: str
    needs: str = ""
    """The beginning of the name of the part without which an item is not there; empty where each item stays."""
    stem: str = ""
    """How the id of a new item begins; empty for items without one."""


SHORT = frozenset({Kind.NUMBER, Kind.CHOICE, Kind.ORDER})
Begins = Callable[[dict[str, Any], int, Mapping[str, Any]], None]


@dataclass(frozen=True)
class Page:
    """The parts that are changed together: of which file, and where in it."""

    title: str
    file: str
    base: Place
    parts: tuple[Part, ...]
    rows: Rows | None = None
    fresh: Mapping[str, Any] | None = None
    """What stands at `base` before anything is typed, on a page that makes something new."""
    begins: Begins | None = field(default=None, compare=False)
    """Puts `fresh` into what holds the list that `base` ends in, given its place in the list and what was typed."""

    def lines(self) -> list[list[Part]]:
        """The parts as they stand below each other: short ones of the same item share a line."""
        found = groupby(self.parts, key=lambda part: row_of(part) if part.kind in SHORT else part.name)
        return [list(parts) for _, parts in found]


def row_of(part: Part) -> str:
    """The number of its item, at the end of its name; the whole name where it has none."""
    last = part.name.rpartition("_")[2]
    return last if last.isdecimal() else part.name


def order_part(at: int, name: str, many: int, *, removable: bool) -> Part:
    """Which one of `many` the item shall be."""
    choices = [(str(each), str(each)) for each in range(1, many + 1)]
    out = [(OUT, "Take it out")] if removable else []
    return Part(f"order_{at}", f"{name}: place", (at,), Kind.ORDER, choices=(*choices, *out))


def at_place(data: Any, place: Place) -> Any:
    """What stands there; None where nothing does."""
    for step in place:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def shown(part: Part, data: Any) -> Any:
    """What the field shows of the page's `data`."""
    if part.kind is Kind.ORDER:
        return str(int(part.place[-1]) + 1)
    if part.kind is Kind.ASIDE:
        return part.choices[-1][0]
    value = at_place(data, part.place)
    if part.kind is Kind.LINES:
        return "\n".join(value or ())
    return value.strip() if isinstance(value, str) else value


def changed(document: Any, page: Page, typed: Mapping[str, Any]) -> Any:
    """The whole file's `document` with what was typed; what is the same but for blanks at its ends stays."""
    document = deepcopy(document)
    if page.begins:
        *way, _, at = page.base
        page.begins(at_place(document, tuple(way)), int(at), typed)
    data = at_place(document, page.base)
    for part in page.parts:
        if part.kind not in (Kind.ORDER, Kind.ASIDE) and typed[part.name] != shown(part, data):
            put(data, part, typed[part.name])
    if page.rows and page.rows.name in data:
        items = data[page.rows.name]
        kept = [at for at in rows_in_order(page, typed) if at < len(items)]
        for at in kept:
            name_new(document, page.rows.stem, items, at)
        data[page.rows.name] = [items[at] for at in kept]
    return document


def rows_in_order(page: Page, typed: Mapping[str, Any]) -> list[int]:
    """The items that stay, each by its place before, in the order that was typed. One that moves takes the place, and
    the one that has it moves over.
    """
    needs = page.rows.needs if page.rows else ""
    known = [int(part.place[-1]) for part in page.parts if part.kind is Kind.ORDER]
    chosen = {at: typed[f"order_{at}"] for at in known if not needs or typed.get(f"{needs}_{at}")}
    wanted = {at: int(place) - 1 for at, place in chosen.items() if place != OUT}
    return sorted(wanted, key=lambda at: (wanted[at], (wanted[at] > at) - (wanted[at] < at), at))


def name_new(document: Any, stem: str, items: list[dict[str, Any]], at: int) -> None:
    """Give a new item of a list with ids the first one that is free."""
    if stem and "id" not in items[at]:
        known = {each.get("id") for session in document["sessions"] for each in session["home_practice"]}
        free = next(number for number in range(1, len(known) + 2) if f"{stem}-{number}" not in known)
        items[at] = {"id": f"{stem}-{free}", **items[at]}


def put(data: Any, part: Part, value: Any) -> None:
    *way, last = part.place
    inside = data
    for step in way:
        if isinstance(inside, list) and isinstance(step, int) and step >= len(inside):
            inside.extend({} for _ in range(step - len(inside) + 1))
        elif isinstance(inside, dict) and step not in inside:
            inside[step] = []
        inside = inside[step]
    before = at_place(data, part.place)
    if value in ("", None) and part.optional:
        inside.pop(last, None)
    elif part.kind is Kind.LINES:
        inside[last] = [line.strip() for line in value.split("\n") if line.strip()]
    else:
        inside[last] = (
            f"{value}\n" if value is not None and isinstance(before, str) and before.endswith("\n") else value
        )


def about(page: Page, place: Place, typed: Mapping[str, Any]) -> str | None:
    """The name of the field that a refused place of the file belongs to. Items left out are not in the file."""
    inside = place[len(page.base) :] if place[: len(page.base)] == page.base else ()
    if page.rows and len(inside) > 1 and inside[0] == page.rows.name and isinstance(inside[1], int):
        rows = rows_in_order(page, typed)
        inside = (inside[0], rows[inside[1]], *inside[2:]) if inside[1] < len(rows) else inside
    parts = [each for each in page.parts if each.kind not in (Kind.ORDER, Kind.ASIDE)]
    exact = next((each.name for each in parts if inside[: len(each.place)] == each.place), None)
    ways = [inside[:length] for length in range(len(inside), 0, -1)]
    within = (each.name for way in ways for each in parts if each.place[: len(way)] == way)
    circuit_itself = "work_0" if "work_0" in typed and not exact else None
    return exact or next(within, circuit_itself)


def missing_gaps(before: str, after: str) -> list[str]:
    """Placeholders that the words had and have no more, without the polite ones."""
    return [name for name in dict.fromkeys(GAP.findall(before)) if name in NEEDED and f"{{{name}}}" not in after]


NEEDED = frozenset(
    {"link", "guest_link", "code", "date", "time", "dates", "changed_dates", "old_date", "close_date", "minutes_valid"}
)
"""Without these a message does not do what it is sent for."""


def exercises_of(plan: Programme, stations: Sequence[Station]) -> list[tuple[Station, str]]:
    return [(each, plan.exercises[each.exercise_id].name) for each in stations]
