"""People whom a message of ours did not reach: they stand beside the safety tasks. A room above tells who."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask import current_app

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.people.models import Person


@dataclass(frozen=True)
class ToReach:
    """One person to reach: what they should have heard, and what became of it."""

    who: str
    about: str
    state: str
    look: str
    words: str
    since: datetime
    person: Person | None
    """Whom to ring; none where nobody of the service is written to."""
    href: str


@dataclass(frozen=True)
class PeopleToReach:
    """Those who wait longest, how many there are in all, and the page with everybody."""

    shown: Sequence[ToReach]
    count: int
    href: str


class ToldBy(Protocol):
    def __call__(self, db: Db, *, actor: Actor, zone: str, now: datetime) -> PeopleToReach: ...


def to_reach(db: Db, *, actor: Actor, zone: str, now: datetime) -> PeopleToReach:
    """Whom the actor should reach, the longest waiting first."""
    ask: ToldBy = current_app.extensions["backtolife.to_reach"]
    return ask(db, actor=actor, zone=zone, now=now)
