"""What people wrote after the video, shown where the group talks about it, to whom its writer agreed."""

from collections.abc import Sequence
from typing import Protocol, cast

from flask import current_app

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict
from backtolife.people.access import permission
from backtolife.sessions.events import payloads
from backtolife.sessions.events.context import Act, Outcome
from backtolife.sessions.events.replies import WrittenReply
from backtolife.sessions.room import store as room
from backtolife.sessions.state.rules import SeatRole


class Written(Protocol):
    """A note beside a video, with what its writer agreed to."""

    @property
    def person_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def words(self) -> str: ...
    @property
    def with_team(self) -> bool: ...
    @property
    def with_group(self) -> bool: ...


class Notes(Protocol):
    """Where notes come from; the videos' room has them, and `rooms` names it."""

    def __call__(self, db: Db, *, cohort_id: str, session_number: int) -> Sequence[Written]: ...


def written(act: Act[object]) -> Sequence[Written]:
    read = cast(Notes, current_app.extensions["backtolife.written"])
    return read(act.db, cohort_id=act.group_session.cohort_id, session_number=act.group_session.number)


@permission("session.take_part")
def look_written(act: Act[payloads.Nothing]) -> Outcome:
    """Own words to their writer; without names what was given to the group; to staff, by name, what was given to them.

    Only while the group reflects. Raises Conflict at any other time.
    """
    section = act.state["section"]["index"]
    if section < 0 or room.plan_of(act.db, act.group_session).sections[section].kind != "reflection":
        raise Conflict("What people wrote is shown when the group talks about the video.")
    found = written(act)
    staff = act.seat.role is SeatRole.FACILITATOR
    shown: list[Written] = [each for each in found if each.with_team] if staff else []
    for each in shown:
        audit.record(
            act.db, actor=act.actor, action="note_read", subject_type="person", subject_id=each.person_id, now=act.now
        )
    reply: WrittenReply = {
        "own": [each.words for each in found if each.person_id == act.seat.person_id],
        "group": [each.words for each in found if each.with_group and each.person_id != act.seat.person_id],
        "team": [{"name": each.name, "words": each.words} for each in shown],
    }
    return Outcome(reply=reply)
