"""What somebody wants to change of a group's dates, before anything is written. Pure but for the named errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from backtolife.errors import Invalid
from backtolife.programme.changes import rules
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.rules import Meetings


@dataclass(frozen=True)
class Wish:
    """One change of dates. `to` and `at` are for a move, by the wall clock of the group's zone; `weeks` for a break."""

    kind: ChangeKind
    number: int
    to: date | None = None
    at: time | None = None
    weeks: int = 0


def wished(meetings: Meetings, wish: Wish, *, day_offsets: Sequence[int], zone: str) -> Meetings:
    """The dates as they would be. Raises Invalid for a wish that names no such session or no date."""
    kind, number = wish.kind, wish.number
    if kind in (ChangeKind.MOVED, ChangeKind.MOVED_ALL):
        if wish.to is None or wish.at is None:
            raise Invalid("Choose the new date and time.", "day")
        following = kind is ChangeKind.MOVED_ALL
        return rules.moved(meetings, number, to=wish.to, at=wish.at, zone=zone, following=following)
    if kind is ChangeKind.BREAK:
        return rules.with_break(meetings, number, weeks=wish.weeks, zone=zone)
    if kind is ChangeKind.PUT_OFF:
        return rules.put_off(meetings, number, day_offsets=day_offsets, zone=zone)
    return rules.with_left_out(meetings, number, left_out=kind is ChangeKind.LEFT_OUT)
