"""The single answers of one form, in the words that the patient read, for those who look after them."""

from dataclasses import dataclass

from backtolife.database.session import Db
from backtolife.errors import NotFound
from backtolife.outcomes.answering.responses import NO_FORM, answers_of, find_response, form_for, given
from backtolife.outcomes.catalogue.wording import Form
from backtolife.outcomes.models import InstrumentResponse
from backtolife.outcomes.tasks.answers import words_for
from backtolife.people.access import Actor
from backtolife.programme.cohorts.models import Enrolment

NOT_TICKED = "Not ticked"


@dataclass(frozen=True)
class GivenAnswers:
    """A form with every question and the answer that stands; an empty answer for none."""

    response: InstrumentResponse
    form: Form
    rows: list[tuple[int, str, str]]


def answers_given(db: Db, *, enrolment: Enrolment, response_id: str, actor: Actor) -> GivenAnswers:
    """One form of this place. Raises NotFound for one of another place or out of reach."""
    response, whose = find_response(db, actor=actor, response_id=response_id, action="form.read")
    if whose.id != enrolment.id:
        raise NotFound(NO_FORM)
    form, answers = form_for(db, response), answers_of(db, response)
    rows = []
    for number, question in enumerate(form.questions, start=1):
        value = given(answers.get(question.id))
        empty = NOT_TICKED if question.kind == "tick" else ""
        rows.append((number, question.text, words_for(question, value) or empty))
    return GivenAnswers(response, form, rows)
