"""Rooms in which somebody tries camera and sound, and gets themselves back: how many, and for how long. Pure.

Nobody else waits for them, so live sessions come first: while the engine has too much to do there are none.
"""

from collections.abc import Iterable

PREFIX = "echo-"
MOST = 20
"""How many there may be at once: together they carry less than one group."""
LIFE = 120.0
"""Seconds until one ends by itself. A try takes half a minute."""


def is_echo(room: str) -> bool:
    return room.startswith(PREFIX)


def another(rooms: Iterable[str]) -> bool:
    """Whether one more may begin beside these rooms."""
    return sum(is_echo(room) for room in rooms) < MOST


def is_over(room: str, *, age: float, level: int) -> bool:
    """Whether the room is an echo that has to end: it is `age` seconds old, and `level` is the engine's of overload."""
    return is_echo(room) and (age > LIFE or level > 0)
