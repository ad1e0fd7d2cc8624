"""A patient's risk class by STarT Back, from the official form alone. There is no substitute for it."""

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.answering.responses import answers_of, form_for
from backtolife.outcomes.answering.submitting import to_score
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.models import AdoptedInstrument, InstrumentResponse
from backtolife.outcomes.scoring.score import score
from backtolife.programme.cohorts.models import Enrolment

START_BACK = "start-back-9"
NOT_STRATIFIED = "Not stratified"


def stratified(db: Db, enrolment: Enrolment) -> str:
    """“Low risk”, “Medium risk” or “High risk” of the newest official form; “Not stratified” without one."""
    wanted = (
        select(InstrumentResponse)
        .join(AdoptedInstrument, col(AdoptedInstrument.id) == col(InstrumentResponse.adopted_id))
        .where(
            InstrumentResponse.enrolment_id == enrolment.id,
            InstrumentResponse.instrument == START_BACK,
            col(InstrumentResponse.completed_at).is_not(None),
            col(AdoptedInstrument.in_house).is_(False),
        )
    )
    response = db.exec(wanted.order_by(col(InstrumentResponse.completed_at).desc())).first()
    if response is None:
        return NOT_STRATIFIED
    result = score(load_instrument(START_BACK), to_score(form_for(db, response), answers_of(db, response)))
    found = next((name for name in result.classes.values() if name), None)
    return f"{found.replace('_', ' ').capitalize()} risk" if found else NOT_STRATIFIED
