"""Sending a form: closed, scored by its instrument's data, and looked at once more for what a clinician must see."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid
from backtolife.outcomes.answering.responses import NONE_APPLY, SENT, given
from backtolife.outcomes.answering.session import Sitting, closed, sit_down
from backtolife.outcomes.answering.summary import summary
from backtolife.outcomes.answering.validation import check_ticks
from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.models import Answer, InstrumentResponse, Level, Score
from backtolife.outcomes.safety.raising import WEIGHT, highest_level, raise_task
from backtolife.outcomes.scoring.result import ScoredForm
from backtolife.outcomes.scoring.score import score
from backtolife.people.access import Actor

RECORDED = "recorded"
"""The scale name of a form whose answers are reported as they are, without a figure."""


def submit(
    db: Db,
    *,
    response_id: str,
    actor: Actor,
    site: str,
    now: datetime,
    given_at: datetime | None = None,
    action: str = "form.answer",
) -> InstrumentResponse:
    """Send a form. Questions may be empty; an empty tick-list needs “none of these”. Sending twice is harmless.

    `given_at` is when the patient gave answers that staff write in later. Raises Conflict when the form was closed
    then, Invalid when nothing at all was answered or the ticks contradict.
    """
    sitting = sit_down(db, response_id=response_id, actor=actor, site=site, now=now, action=action)
    return submit_in(db, sitting, given_at=given_at)


def submit_in(
    db: Db, sitting: Sitting, *, given_at: datetime | None = None, left_out: bool = False
) -> InstrumentResponse:
    """The same for a form that is at hand. `left_out` sends one without any answer, because its person wants that."""
    response, actor, now = sitting.response, sitting.actor, sitting.now
    why = closed(db, sitting, given_at or now)
    if why == SENT:
        return response
    if why:
        raise Conflict(why)
    answers = sitting.answers
    left_out = left_out and not answers
    if not answers and not left_out and sitting.form.layout != "tick_list":
        raise Invalid(
            "You have not answered any of these questions yet. Answer one, leave the part out, or stop for now."
        )
    instrument = load_instrument(sitting.adopted.instrument, sitting.adopted.version)
    to_count = {"answers": {}} if left_out else to_score(sitting.form, answers)
    result = score(instrument, to_count, official=sitting.form.official)
    response.completed_at = given_at or now
    response.started_at = response.started_at or response.completed_at
    response.summary = summary(result, sitting.form, {name: given(answer) for name, answer in answers.items()})
    write_scores(db, response, result, now)
    audit.record(db, actor=actor, action="form_sent", subject_type="response", subject_id=response.id, now=now)
    look_again(db, sitting, instrument, result)
    return response


def to_score(form: Form, answers: Mapping[str, Answer]) -> dict[str, Any]:
    """The answers as scoring takes them. Raises Invalid for a tick-list that says nothing or contradicts itself."""
    return values_to_score(form, {name: given(answer) for name, answer in answers.items()})


def values_to_score(form: Form, given: Mapping[str, int | str | None]) -> dict[str, Any]:
    """The same from plain values by item."""
    values = {name: value for name, value in given.items() if name != NONE_APPLY}
    responses: dict[str, Any] = {"answers": form.scorable(values)}
    if form.layout == "tick_list":
        none_apply = NONE_APPLY in given
        check_ticks(form, list(values), none_of_these=none_apply)
        responses["none_apply_confirmed"] = none_apply
    return responses


def write_scores(db: Db, response: InstrumentResponse, result: ScoredForm, now: datetime) -> None:
    """One row for each figure; one called “recorded” where the answers are reported as they are."""
    figures = {name: (figure.value, figure.band) for name, figure in result.figures.items()} or {RECORDED: (None, None)}
    for scale, (value, band) in figures.items():
        db.add(
            Score(
                service_id=response.service_id,
                response_id=response.id,
                scale=scale,
                value=value,
                band=band,
                missing=result.missing,
                status=result.status,
                scored_at=now,
            )
        )
    db.flush()


def look_again(db: Db, sitting: Sitting, instrument: Instrument, result: ScoredForm) -> None:
    """An empty safety question prompts staff; a heavy total makes an alert urgent; what was closed stays closed."""
    for alert in instrument.alerts:
        seen = result.alerts[alert.id]
        level = Level.UNANSWERED if seen.value is None else Level(seen.level) if seen.level else None
        if level is None or WEIGHT[level] <= highest_level(db, sitting.response):
            continue
        raise_task(
            db,
            enrolment=sitting.enrolment,
            response=sitting.response,
            item=instrument.items[alert.item].id,
            level=level,
            value=seen.value,
            actor=sitting.actor,
            site=sitting.site,
            now=sitting.now,
        )


def scores_of(db: Db, response: InstrumentResponse) -> list[Score]:
    """The figures of a sent form; none for one not sent."""
    return list(db.exec(select(Score).where(Score.response_id == response.id)))
