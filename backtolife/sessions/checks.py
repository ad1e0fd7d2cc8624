"""Pain and effort before and after a session: each patient's own answers, and what the group may see of all."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import select

from backtolife.db import Db
from backtolife.errors import Conflict, Invalid
from backtolife.sessions.histogram import counted
from backtolife.sessions.models import GroupSession, Seat
from backtolife.sessions.record_models import CheckAnswer, Moment

ASKED_IN = {"check_in": Moment.BEFORE, "check_out": Moment.AFTER}
MEASURES = ("pain", "effort")


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


def of_seat(db: Db, seat: Seat) -> dict[str, dict[str, int | None]]:
    """What this seat has said, by moment, so that its own page can show it again."""
    return by_seat(db.exec(select(CheckAnswer).where(CheckAnswer.seat_id == seat.id)).all()).get(seat.id, {})


def counts_of(db: Db, group_session: GroupSession, moment: Moment, shown: dict[str, Any]) -> dict[str, Any]:
    """The counts of one moment as the room's document holds them; `shown` is what it held before."""
    answers = [each for each in answers_of(db, group_session) if each.moment is moment]
    values = {
        measure: [value for each in answers if (value := getattr(each, measure)) is not None] for measure in MEASURES
    }
    return {measure: counted(values[measure], shown.get(measure)) for measure in MEASURES}


def by_seat(answers: Sequence[CheckAnswer]) -> dict[str, dict[str, dict[str, int | None]]]:
    """Each seat's answers by moment, for staff and for the seat itself."""
    found: dict[str, dict[str, dict[str, int | None]]] = {}
    for each in answers:
        found.setdefault(each.seat_id, {})[each.moment.value] = {"pain": each.pain, "effort": each.effort}
    return found
