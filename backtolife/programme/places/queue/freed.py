"""A free place and the next on the waiting list whom its group fits: whoever gave it up, it is offered to them."""

from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.programme.places import rules
from backtolife.programme.places.queue.waiting import FreeGroup, Waits


@dataclass(frozen=True)
class NextInTurn:
    """A group with room, and who has waited longest of those whom it fits."""

    group: FreeGroup
    waits: Waits


def next_in_turn(groups: Sequence[FreeGroup], waiting: Sequence[Waits]) -> list[NextInTurn]:
    """For each of these groups the next of those who wait, the longest first; none for a group that fits nobody."""
    found = []
    for group in groups:
        fitting = [each for each in waiting if suits(group, each)]
        if fitting:
            found.append(NextInTurn(group, min(fitting, key=lambda each: each.turn)))
    return found


def suits(group: FreeGroup, waits: Waits) -> bool:
    """Whether the group fits what this person wishes."""
    return rules.fits(waits.row.wishes, first_day=group.first_day, wall_time=group.cohort.wall_time)
