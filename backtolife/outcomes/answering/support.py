"""What the support page may promise: who calls, and by when. Only what a task on record says."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.answering.responses import form_for
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.models import InstrumentResponse, Level, SafetyTask
from backtolife.outcomes.safety.escalating import cohort_of
from backtolife.outcomes.safety.on_call import clinicians_for
from backtolife.people.models import Person


@dataclass(frozen=True)
class Support:
    """`raised`: a task stands. `owner` is who calls, None where nobody can be named who will be there. `promised_at` is
    None where nobody can be promised at all. `number` is the question that can be changed, from 1.
    """

    raised: bool
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
        return Support(False, None, None, number)
    there = clinicians_for(db, cohort_of(db, task), task.promised_at)
    holder = task.acknowledged_by or task.owner_id
    owner = next((person for person in there if person.id == holder), None)
    return Support(True, owner, task.promised_at if there else None, number)
