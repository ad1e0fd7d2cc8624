"""When a record has been kept for long enough. Pure: what is known about a person goes in, a proposal comes out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from backtolife.clock import years_later

GROWN_UP = 18


class Contact(StrEnum):
    """What counts as contact with a person. A message that we sent and nobody answered does not."""

    RECORDED = "recorded"
    WAITED = "waited"
    PLACE = "place"
    GROUP_ENDED = "group_ended"
    LEFT = "left"
    DISCHARGED = "discharged"
    ANSWERED = "answered"
    SPOKEN = "spoken"
    NOTED = "noted"
    TASK_CLOSED = "task_closed"
    SIGNED_IN = "signed_in"
    AGREED = "agreed"
    DIED = "died"


class Obstacle(StrEnum):
    """What stands in the way of erasing somebody whose time is over."""

    HOLD = "hold"
    CHILD = "child"
    """They were a child at the last contact: their records are kept by other rules, which people have to apply."""
    PLACE = "place"
    TASK = "task"


@dataclass(frozen=True)
class Known:
    """What is known about one person, with every record of theirs."""

    contacts: Mapping[Contact, datetime]
    """The last of each kind."""
    born: frozenset[date] = frozenset()
    held: bool = False
    has_place: bool = False
    task_open: bool = False


@dataclass(frozen=True)
class Over:
    """Somebody's time is over."""

    last_contact: Contact
    last_at: datetime
    over_at: datetime
    obstacle: Obstacle | None


def over(known: Known, *, keep_years: int, now: datetime) -> Over | None:
    """Whether this person's time is over, and what stands in the way of erasing them; None while it runs."""
    what, last = max(known.contacts.items(), key=lambda each: (each[1], each[0]))
    end = years_later(last, keep_years)
    return Over(what, last, end, obstacle(known, last)) if end <= now else None


def obstacle(known: Known, last: datetime) -> Obstacle | None:
    if known.held:
        return Obstacle.HOLD
    if any(last < years_later(datetime.combine(born, time(), last.tzinfo), GROWN_UP) for born in known.born):
        return Obstacle.CHILD
    if known.has_place:
        return Obstacle.PLACE
    return Obstacle.TASK if known.task_open else None
