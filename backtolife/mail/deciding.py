"""What waits is looked at once more before it goes: many messages at once, and again once the answer is old."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backtolife.database.session import Db, reading
from backtolife.mail.delivery import MessageState, OutgoingMessage

Unwanted = Callable[[Db, Sequence[OutgoingMessage], datetime], Collection[OutgoingMessage]]
"""Which of these should not go any more."""
HOLDS_SECONDS = 1.0
"""How long an answer holds: no longer than it takes to hand one mail to a server, during which nobody asks either."""


@dataclass
class Decision:
    """The last answer about a row of messages. Each table is asked once for all of them, not once for each."""

    engine: Engine
    unwanted: Unwanted | None
    gone: frozenset[str] = field(default=frozenset(), init=False)
    asked_at: float | None = field(default=None, init=False)
    """In monotonic seconds; None before the first question."""

    def renew(self, ids: Sequence[str], now: datetime) -> None:
        """Ask about these messages, unless the last answer still holds."""
        if self.unwanted is None or self.holds():
            return
        waiting = select(OutgoingMessage).where(
            col(OutgoingMessage.id).in_(ids), OutgoingMessage.state == MessageState.WAITING
        )
        with Session(reading(self.engine)) as db:
            self.gone = frozenset(each.id for each in self.unwanted(db, db.exec(waiting).all(), now))
        self.asked_at = time.monotonic()

    def holds(self) -> bool:
        return self.asked_at is not None and time.monotonic() - self.asked_at < HOLDS_SECONDS
