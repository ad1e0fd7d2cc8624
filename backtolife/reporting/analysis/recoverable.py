"""What an onlooker can work out about a hidden number from everything shown beside it.

A table whose rows and columns add up is a circulation: each number is an arc, each sum a node where as much arrives as
leaves. How far one number can rise or fall while all shown ones stay is then a greatest flow, exact in whole people.
"""

from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Node = Hashable
Name = TypeVar("Name", bound=Hashable)
UNBOUNDED = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Arc:
    """One number (0 or more) from one sum to another. `shown` is what the onlooker sees."""

    start: Node
    end: Node
    value: int
    shown: bool


@dataclass(frozen=True, slots=True)
class Range:
    """The least and the most a number can be, as far as anyone can tell."""

    low: int
    high: int


def possible(arcs: Mapping[Name, Arc], name: Name, enough: int = UNBOUNDED) -> Range:
    """The range of the number `name`, looked for no further than `enough` above and below the number itself.

    The values given must add up at every node.
    """
    arc = arcs[name]
    if arc.shown:
        return Range(arc.value, arc.value)
    others = [each for key, each in arcs.items() if key != name and not each.shown]
    rise = greatest_flow(others, arc.end, arc.start, enough)
    fall = greatest_flow(others, arc.start, arc.end, min(arc.value, enough))
    return Range(arc.value - fall, arc.value + rise)


def greatest_flow(arcs: Iterable[Arc], source: Node, sink: Node, enough: int) -> int:
    """How much more can go from `source` to `sink`, up to `enough`: an arc may rise freely and fall to 0."""
    if source == sink:
        return enough
    room: dict[Node, dict[Node, int]] = {}
    for arc in arcs:
        room.setdefault(arc.start, {}).setdefault(arc.end, 0)
        room.setdefault(arc.end, {}).setdefault(arc.start, 0)
        room[arc.start][arc.end] = UNBOUNDED
        room[arc.end][arc.start] += arc.value
    sent = 0
    while sent < enough:
        path = shortest(room, source, sink)
        if path is None:
            return sent
        amount = min(enough - sent, *(room[one][two] for one, two in path))
        for one, two in path:
            if room[one][two] < UNBOUNDED:
                room[one][two] -= amount
            if room[two][one] < UNBOUNDED:
                room[two][one] += amount
        sent += amount
    return sent


def shortest(room: Mapping[Node, Mapping[Node, int]], source: Node, sink: Node) -> list[tuple[Node, Node]] | None:
    came: dict[Node, Node] = {source: source}
    waiting = deque([source])
    while waiting:
        here = waiting.popleft()
        for there, left in room.get(here, {}).items():
            if left > 0 and there not in came:
                came[there] = here
                waiting.append(there)
    if sink not in came:
        return None
    path = []
    while sink != source:
        path.append((came[sink], sink))
        sink = came[sink]
    return path[::-1]
