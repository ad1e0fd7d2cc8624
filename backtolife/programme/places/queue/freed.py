"""A free place and the next on the waiting list whom its group fits: whoever gave it up, it is offered to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backtolife.database.session import Db
from backtolife.people.access import Actor, may
from backtolife.programme.places import rules
from backtolife.programme.places.queue.waiting import FreeGroup, Waits, free_groups, waiting_list


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


def next_of_service(db: Db, *, actor: Actor, now: datetime) -> list[NextInTurn]:
    """The same of every group of the service, for whoever may offer its places; nothing more is asked where nobody
    waits.
    """
    if not may(actor, "waiting.change", actor):
        return []
    waiting = waiting_list(db, actor=actor)
    if not waiting:
        return []
    found = next_in_turn(free_groups(db, actor=actor, now=now), waiting)
    return [each for each in found if may(actor, "cohort.enrol", each.group.cohort)]


def suits(group: FreeGroup, waits: Waits) -> bool:
    """Whether the group fits what this person wishes."""
    return rules.fits(waits.row.wishes, first_day=group.first_day, wall_time=group.cohort.wall_time)
