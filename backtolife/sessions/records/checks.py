"""Pain and effort before and after a session: each patient's own answers, and what the group may see of all."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlmodel import select

from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid
from backtolife.sessions.records.models import CheckAnswer, Moment
from backtolife.sessions.room.models import GroupSession, Seat
from backtolife.sessions.state.room_state import MomentCounts, MomentWord
from backtolife.sessions.state.small_counts import counted

ASKED_IN = {"check_in": Moment.BEFORE, "check_out": Moment.AFTER}


class CheckNumbers(TypedDict):
    """One patient's pain and effort at one moment, each from 0 to 10; nothing where they passed."""

    pain: int | None
    effort: int | None


def moment_in(kind: str) -> Moment:
    """Which answer a section of this kind takes. Raises Conflict in any other section."""
    moment = ASKED_IN.get(kind)
    if moment is None:
        raise Conflict("The group has moved on. You can tell us at the next check.")
    return moment


def keep(
    db: Db, *, seat: Seat, moment: Moment, now: datetime, pain: int | None = None, effort: int | None = None
) -> CheckAnswer:
    """Keep a patient's pain, effort or both; saying one again replaces it. Raises Invalid when neither is given."""
    if pain is None and effort is None:
        raise Invalid("Choose a number from 0 to 10, or pass.")
    found = db.exec(select(CheckAnswer).where(CheckAnswer.seat_id == seat.id, CheckAnswer.moment == moment)).first()
    if found is None:
        found = CheckAnswer(
            service_id=seat.service_id,
            group_session_id=seat.group_session_id,
            seat_id=seat.id,
            moment=moment,
            at=now,
        )
        db.add(found)
    found.pain = found.pain if pain is None else pain
    found.effort = found.effort if effort is None else effort
    found.at = now
    db.flush()
    return found


def answers_of(db: Db, group_session: GroupSession) -> Sequence[CheckAnswer]:
    """Every answer of the session."""
    return db.exec(select(CheckAnswer).where(CheckAnswer.group_session_id == group_session.id)).all()


def of_seat(db: Db, seat: Seat) -> dict[MomentWord, CheckNumbers]:
    """What this seat has said, by moment, so that its own page can show it again."""
    return by_seat(db.exec(select(CheckAnswer).where(CheckAnswer.seat_id == seat.id)).all()).get(seat.id, {})


def counts_of(db: Db, group_session: GroupSession, moment: Moment, shown: MomentCounts | None) -> MomentCounts:
    """The counts of one moment as the room's document holds them; `shown` is what it held before."""
    answers = [each for each in answers_of(db, group_session) if each.moment is moment]
    pains = [each.pain for each in answers if each.pain is not None]
    efforts = [each.effort for each in answers if each.effort is not None]
    return {
        "pain": counted(pains, shown["pain"] if shown else None),
        "effort": counted(efforts, shown["effort"] if shown else None),
    }


def by_seat(answers: Sequence[CheckAnswer]) -> dict[str, dict[MomentWord, CheckNumbers]]:
    """Each seat's answers by moment, for staff and for the seat itself."""
    found: dict[str, dict[MomentWord, CheckNumbers]] = {}
    for each in answers:
        found.setdefault(each.seat_id, {})[each.moment.value] = {"pain": each.pain, "effort": each.effort}
    return found
