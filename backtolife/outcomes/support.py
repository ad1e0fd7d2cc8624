"""What the support page may promise: who calls, and by when. Only what a task on record says."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.db import Db
from backtolife.outcomes.catalogue import load_instrument
from backtolife.outcomes.models import InstrumentResponse, Level, SafetyTask
from backtolife.outcomes.responses import form_for
from backtolife.people.models import Person


@dataclass(frozen=True)
class Support:
    """`owner` and `promised_at` are None when no task stands; `number` is the question that can be changed, from 1."""

    owner: Person | None
    promised_at: datetime | None
    number: int


def support_of(db: Db, response: InstrumentResponse) -> Support:
    """Who will call about this form's safety question."""
    wanted = select(SafetyTask).where(SafetyTask.response_id == response.id, SafetyTask.level != Level.UNANSWERED)
    task = db.exec(wanted.order_by(col(SafetyTask.raised_at).desc()).limit(1)).first()
    instrument = load_instrument(response.instrument)
    item = instrument.items[instrument.alerts[0].item].id if instrument.alerts else ""
    ids = [question.id for question in form_for(db, response).questions]
    number = ids.index(item) + 1 if item in ids else 1
    if task is None:
        return Support(None, None, number)
    return Support(db.get_one(Person, task.acknowledged_by or task.owner_id), task.promised_at, number)
