"""The answers behind a safety task, in the words the patient read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.errors import BacktolifeError
from backtolife.outcomes.answering.responses import answers_of, form_for, given
from backtolife.outcomes.catalogue.wording import Form, Question
from backtolife.outcomes.models import AdoptedInstrument, GivenAnswer, Level
from backtolife.outcomes.safety.tasks import Work
from backtolife.outcomes.tasks.signs import Signs


@dataclass(frozen=True)
class AnsweredQuestion:
    """One question with the answer that stands; `answer` is empty where none does."""

    number: int
    text: str
    answer: str
    concerns: bool
    """Whether this is the question the task is about."""


def words_for(question: Question | None, value: int | str | None) -> str:
    """An answer as the patient read it; the bare answer where nobody holds the words any more."""
    if value is None:
        return ""
    if question is None:
        return str(value)
    return next((option.label for option in question.options if option.value == value), str(value))


def form_read(db: Db, work: Work) -> Form | None:
    """The words that the patient read; None where nobody holds them any more. The task is shown all the same."""
    if work.response is None:
        return None
    try:
        return form_for(db, work.response)
    except BacktolifeError:
        return None


def question_of(db: Db, work: Work) -> Question | None:
    """The question that the task is about, in the words that the patient read."""
    form = form_read(db, work)
    return form.question(work.task.item) if form else None


def label_of(db: Db, work: Work, signs: Signs | None = None) -> str:
    """What was answered, or which signs were ticked, in one line for staff."""
    task = work.task
    if work.response is None:
        return signs.label if signs else ""
    if task.level is Level.UNANSWERED or task.highest is None:
        return "left the self-harm question empty"
    return f"answered “{words_for(question_of(db, work), task.highest)}” to the self-harm question"


def labels_of(db: Db, works: Sequence[Work], signs: Mapping[str, Signs]) -> list[tuple[Work, str]]:
    """The label of each of many tasks; the forms on which was answered are read in one statement and held meanwhile."""
    adopted = {work.response.adopted_id for work in works if work.response is not None}
    held = db.exec(select(AdoptedInstrument).where(col(AdoptedInstrument.id).in_(adopted))).all()
    labelled = [(work, label_of(db, work, signs.get(work.task.id))) for work in works]
    del held
    return labelled


def asked_and_answered(db: Db, work: Work) -> list[AnsweredQuestion]:
    """The whole form as it stands; nothing where the task is about warning signs."""
    if work.response is None:
        return []
    form, answers = form_read(db, work), answers_of(db, work.response)
    if form is None:
        return [
            AnsweredQuestion(number, f"Question “{item}”", words_for(None, given(answer)), item == work.task.item)
            for number, (item, answer) in enumerate(answers.items(), start=1)
        ]
    return [
        AnsweredQuestion(
            number, question.text, words_for(question, given(answers.get(question.id))), question.id == work.task.item
        )
        for number, question in enumerate(form.questions, start=1)
    ]


def history_of(db: Db, work: Work, signs: Signs | None = None) -> list[tuple[datetime, str]]:
    """Every answer given to the question the task is about, or every tick, oldest first: changing one does not hide the
    first.
    """
    if work.response is None:
        return signs.history() if signs else []
    wanted = select(GivenAnswer).where(GivenAnswer.response_id == work.response.id, GivenAnswer.item == work.task.item)
    question = question_of(db, work)
    rows = db.exec(wanted.order_by(col(GivenAnswer.answered_at)))
    return [(row.answered_at, words_for(question, row.value) or "Taken back") for row in rows]
