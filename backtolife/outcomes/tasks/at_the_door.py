"""Where a patient who ticked a warning sign said that they are; the live sessions' room knows it."""

from datetime import datetime
from typing import Protocol, cast

from flask import current_app

from backtolife.database.session import Db
from backtolife.outcomes.safety.tasks import Work
from backtolife.outcomes.tasks.signs import key_of


class AtTheDoor(Protocol):
    """What a patient told us for one session: all but the time is empty once the session is over and forgotten."""

    place: str
    phone: str
    emergency_name: str
    emergency_phone: str
    lobby_at: datetime


class SaidAtTheDoor(Protocol):
    """Where it is known what they said; `rooms` names it."""

    def __call__(self, db: Db, *, group_session_id: str, person_id: str) -> AtTheDoor | None: ...


def at_the_door(db: Db, work: Work) -> AtTheDoor | None:
    """What the patient said at the door of the session that the task is about; None where nothing is known of it."""
    about = key_of(work)
    if about is None:
        return None
    ask = cast(SaidAtTheDoor, current_app.extensions["backtolife.said_at_the_door"])
    return ask(db, group_session_id=about[0], person_id=about[1])
