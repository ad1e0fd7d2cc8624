"""What is asked of the database about messages that wait: each table once, however many there are."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlmodel import col, select

from backtolife.database.session import Db, Row
from backtolife.mail.delivery import OutgoingMessage
from backtolife.programme.cohorts.models import Enrolment
from backtolife.sessions.room.models import GroupSession

Kept = TypeVar("Kept", bound=Row)


@dataclass(frozen=True)
class Asked:
    """A message, and the ids of what caused it, as its key names them."""

    message: OutgoingMessage
    ids: tuple[str, ...]


@dataclass(frozen=True)
class Look:
    """One look at many messages of one kind: each table is asked once, however many there are."""

    db: Db
    now: datetime
    production: bool

    def rows(self, kind: type[Kept], ids: Collection[str]) -> dict[str, Kept]:
        """The rows of these ids, by id."""
        return {each.id: each for each in self.db.exec(select(kind).where(col(kind.id).in_(set(ids))))}

    def held_on(self, dates: Collection[str]) -> dict[str, GroupSession]:
        """The sessions of these dates, by date; none for one that nobody has opened."""
        found = select(GroupSession).where(col(GroupSession.session_date_id).in_(set(dates)))
        return {each.session_date_id: each for each in self.db.exec(found)}


Check = Callable[[Look, Sequence[Asked]], Iterator[Asked]]
"""Gives those that should still go."""


def is_theirs(place: Enrolment, each: Asked) -> bool:
    """Whether the message goes to whose place it is: while two records were one, it was written to the kept one."""
    return place.person_id == each.message.person_id
