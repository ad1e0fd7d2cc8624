"""The wide file: one row a person, one column for each answer and score of each milestone."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from backtolife.outcomes.answering.responses import NONE_APPLY
from backtolife.outcomes.catalogue.instrument import Scale
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.catalogue.wording import Form, Question
from backtolife.programme.plan.template import SESSION_COUNT
from backtolife.reporting.export.columns import NOT_TICKED, NUMBER, TEXT, TICKED, WHOLE, Column, column_name
from backtolife.reporting.export.csv_cells import Cell, moment_text
from backtolife.reporting.export.form_layout.columns import FACTS, facts_of
from backtolife.reporting.export.form_layout.slots import FormSlot
from backtolife.reporting.export.records import FormRecord, PersonRecord

AT_HOME = (
    Column(
        "home_practice_times",
        "How often they wrote in their practice diary that they did something at home, on days since the group began. "
        "Empty: they wrote nothing, which does not mean that nothing was done",
        WHOLE,
    ),
    Column(
        "home_practice_minutes",
        "The minutes of these in all, as far as they gave any. Empty: they gave none",
        WHOLE,
    ),
)


@cache
def items_of(form: Form) -> tuple[str, ...]:
    names = tuple(question.id for question in form.questions)
    return (*names, NONE_APPLY) if form.layout == "tick_list" else names


@cache
def boxes_of(form: Form) -> tuple[str, ...]:
    """The boxes of a tick-list: on a sent list, one that is empty was not ticked."""
    boxes = tuple(question.id for question in form.questions if question.kind == "tick")
    return (*boxes, NONE_APPLY) if form.layout == "tick_list" else boxes


def was_sent(form: FormRecord) -> bool:
    return form.opened is not None and form.opened.completed_at is not None


@cache
def scales_of(instrument: str, versions: tuple[str, ...]) -> tuple[Scale, ...]:
    """The figures of every version of the scoring that was used, each once."""
    found = {scale.id: scale for version in versions[::-1] for scale in load_instrument(instrument, version).scales}
    newest = [scale.id for scale in load_instrument(instrument, versions[0]).scales]
    return tuple(found[name] for name in [*newest, *(name for name in found if name not in newest)])


def wide_columns(asked: Iterable[FormSlot]) -> list[Column]:
    """Every column with its codebook line, in order."""
    columns = [
        Column(
            "person", "The code of the person: the same in every file of this export, and in no other place", "text"
        ),
        Column("group", "The name of the group", "text"),
        Column("state", "Their status", "text", "invited; declined; enrolled; started; completed; withdrawn; died"),
        Column("enrolled_at", "When they were given a place", "time in UTC"),
        Column("left_at", "When they left, if they did", "time in UTC"),
    ]
    for number in range(1, SESSION_COUNT + 1):
        meaning = f"Minutes connected in session {number}. 0: it took place without them. Empty: it has not taken place"
        columns.append(Column(f"session_{number}_minutes", meaning, "whole number"))
    columns += AT_HOME
    for each in asked:
        columns += form_columns(*each)
    return columns


def form_columns(milestone: str, instrument: str, form: Form, versions: tuple[str, ...]) -> Iterator[Column]:
    measure = load_instrument(instrument, versions[0])
    of_form = Column("", "", "", "", instrument, measure.version, form.name, "", milestone)

    def column(part: str, meaning: str, kind: str, **more: Any) -> Column:
        return replace(of_form, name=column_name(milestone, instrument, part), meaning=meaning, kind=kind, **more)

    for fact in FACTS:
        yield column(fact.name, fact.meaning, fact.kind, allowed=fact.allowed)
    for question in form.questions:
        yield column(
            question.id,
            question.text,
            kind_of(question),
            allowed=allowed_of(question),
            item=question.id,
            labels=labels_of(question),
            lowest=question.minimum,
            highest=question.maximum,
        )
    if form.layout == "tick_list":
        meaning = f"Ticked “{form.none_label}”, so that an empty list is a true 0"
        yield column(NONE_APPLY, meaning, TICKED, labels=((0, NOT_TICKED), (1, form.none_label or "None of these")))
    for scale in scales_of(instrument, versions):
        yield column(
            f"{scale.id}_score",
            f"{measure.name}: {scale.label}",
            NUMBER,
            allowed=f"{scale.lowest} to {scale.highest}",
            lowest=scale.lowest,
            highest=scale.highest,
        )
    yield column("missing", "How many questions were empty", WHOLE)
    yield column("status", "Whether there is a score, and if not why", TEXT)


def labels_of(question: Question) -> tuple[tuple[int | str, str], ...]:
    """The words for each value; a box of a tick-list that was left empty is a 0."""
    labels = tuple((option.value, option.label) for option in question.options)
    return ((0, NOT_TICKED), *labels) if question.kind == "tick" else labels


def kind_of(question: Question) -> str:
    if question.kind == "tick":
        return TICKED
    if question.kind == "text" or any(isinstance(option.value, str) for option in question.options):
        return TEXT
    return WHOLE


def allowed_of(question: Question) -> str:
    if question.options:
        return "; ".join(f"{value} = {label}" for value, label in labels_of(question))
    if question.minimum is None:
        return ""
    ends = f" ({question.lowest_label} to {question.highest_label})" if question.lowest_label else ""
    return f"{question.minimum} to {question.maximum}{ends}"


def wide_row(person: PersonRecord, asked: Iterable[FormSlot]) -> list[Cell]:
    """One person's row, in the order of `wide_columns`."""
    stay = person.stay
    row: list[Cell] = [person.code, person.group, person.state]
    row += [moment_text(stay.enrolled_at), moment_text(stay.left_at) or None]
    for number in range(1, SESSION_COUNT + 1):
        row.append(person.minutes.get(number, 0) if number in person.started else None)
    row += [person.at_home.times, person.at_home.minutes] if person.at_home else [None, None]
    forms = {(form.milestone, form.instrument): form for form in person.forms}
    for each in asked:
        row += form_cells(forms.get((each.milestone, each.instrument)), each)
    return row


def form_cells(form: FormRecord | None, asked: FormSlot) -> list[Cell]:
    items, scales = items_of(asked.form), scales_of(asked.instrument, asked.versions)
    if form is None:
        return [None] * (len(FACTS) + len(items) + len(scales) + 2)
    cells = facts_of(form)
    answers = {
        answer.item: answer.value if answer.value is not None else answer.words or None for answer in form.answers
    }
    scores = {score.scale: score for score in form.scores}
    first = next(iter(form.scores), None)
    if was_sent(form):
        answers = {**dict.fromkeys(boxes_of(asked.form), 0), **answers}
    cells += [answers.get(item) for item in items]
    cells += [scores[scale.id].value if scale.id in scores else None for scale in scales]
    return [*cells, first.missing if first else None, first.status if first else None]
