"""One form while answers to it are taken: all that saving and sending need, read once, under the form's lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import NotFound
from backtolife.outcomes.answering.responses import NO_FORM, ended, given, standing_ones, window_words
from backtolife.outcomes.asking.schedule import Ask, ask_of
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.forms.adoption import form_of
from backtolife.outcomes.models import AdoptedInstrument, Answer, InstrumentResponse
from backtolife.people.access import Actor, authorise
from backtolife.programme.cohorts.models import Cohort, Enrolment


@dataclass
class Sitting:
    """One form as it is being answered, by whom and when. Good to the end of the transaction, which holds its lock."""

    response: InstrumentResponse
    enrolment: Enrolment
    cohort: Cohort
    adopted: AdoptedInstrument
    form: Form
    standing: dict[str, Answer]
    """Every answer by item, those that were taken back too."""
    actor: Actor
    site: str
    now: datetime
    ask: Ask | None = None
    """The window of its milestone for the group, once somebody asked for it."""

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers as they stand, by item; what was taken back is left out."""
        return standing_ones(self.standing.values())

    @property
    def values(self) -> dict[str, int | str | None]:
        return {name: given(answer) for name, answer in self.answers.items()}


def sit_down(
    db: Db, *, response_id: str, actor: Actor, site: str, now: datetime, action: str = "form.answer"
) -> Sitting:
    """The form, when the actor may do `action` with it, as it is now that nobody else changes it.

    `site` is the address of our pages. Raises NotFound for a form that is not there or somebody else's.
    """
    one_at_a_time(db, f"response:{response_id}")
    wanted = (
        select(InstrumentResponse, Enrolment, Cohort, AdoptedInstrument)
        .join(Enrolment, col(Enrolment.id) == col(InstrumentResponse.enrolment_id))
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
        .join(AdoptedInstrument, col(AdoptedInstrument.id) == col(InstrumentResponse.adopted_id))
        .where(InstrumentResponse.id == response_id)
    )
    found = db.exec(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(NO_FORM)
    response, enrolment, cohort, adopted = found
    authorise(actor, action, enrolment)
    rows = db.exec(select(Answer).where(Answer.response_id == response.id).execution_options(populate_existing=True))
    standing = {row.item: row for row in rows}
    return Sitting(response, enrolment, cohort, adopted, form_of(db, adopted), standing, actor, site, now)


def closed(db: Db, sitting: Sitting, at: datetime) -> str:
    """Why the form takes no answer given at `at`; empty while it does."""
    if why := ended(db, sitting.response, sitting.enrolment, sitting.cohort):
        return why
    if sitting.ask is None:
        sitting.ask = ask_of(db, sitting.cohort, sitting.response.milestone_id, windows_only=True)
    return window_words(db, sitting.ask, sitting.enrolment, zone=sitting.cohort.zone, at=at)
