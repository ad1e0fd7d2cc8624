"""What other rooms know about a group's dates; `rooms` wires it, for groups lie below them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from backtolife.database.session import Db
from backtolife.people.models import Service
from backtolife.programme.cohorts.models import SessionDate


@dataclass(frozen=True)
class Surroundings:
    """Questions that a group asks of the rota and of the live rooms."""

    days_off: Callable[[Db, Service, Collection[date]], Mapping[date, str]]
    """Which of these days nobody works in the service, each with its name."""
    away: Callable[[Db, Collection[str], Collection[date]], Mapping[date, Sequence[str]]]
    """Which of these people (by id) are on leave on which of these days."""
    held: Callable[[Db, str], Mapping[int, bool]]
    """The sessions of a cohort that have begun, by number: True while one is on."""
    addresses: Callable[[Db, Collection[SessionDate]], Mapping[str, str]]
    """Where each of these dates is joined, by the date's id."""
