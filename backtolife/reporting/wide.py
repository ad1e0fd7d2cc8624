"""The wide file: one row a person, one column for each answer and score of each milestone."""

from collections.abc import Iterator
from functools import cache

from backtolife.outcomes.catalogue import load_instrument
from backtolife.outcomes.responses import NONE_APPLY
from backtolife.outcomes.wording import Question, wording
from backtolife.programme.template import SESSION_COUNT, Programme
from backtolife.reporting.cells import Cell
from backtolife.reporting.columns import Column, column_name
from backtolife.reporting.facts import FACTS, facts_of
from backtolife.reporting.records import FormRecord, PersonRecord


def asked_of(programme: Programme) -> list[tuple[str, str]]:
    """Every milestone with every instrument it may ask, the fall-back ones and those after a session included."""
    pairs: list[tuple[str, str]] = []
    for milestone in programme.milestones:
        for name in milestone.instrument_ids:
            pairs.append((milestone.id, name))
            if name in programme.instrument_fallback:
                pairs.append((milestone.id, programme.instrument_fallback[name]))
    for number in range(1, SESSION_COUNT + 1):
        pairs += [(f"session-{number}", name) for name in programme.after_each_session]
    return list(dict.fromkeys(pairs))


@cache
def items_of(instrument: str) -> tuple[str, ...]:
    form = wording(instrument)
    names = tuple(question.id for question in form.questions)
    return (*names, NONE_APPLY) if form.layout == "tick_list" else names


@cache
def scales_of(instrument: str) -> tuple[str, ...]:
    return tuple(scale.id for scale in load_instrument(instrument).scales)


def wide_columns(programme: Programme) -> list[Column]:
    """Every column with its codebook line, in order."""
    columns = [
        Column("person", "The code of the person: the same in both files, and in no other place", "text"),
        Column("group", "The name of the group", "text"),
        Column("state", "Where they stand", "text", "invited; enrolled; started; completed; withdrawn"),
        Column("enrolled_at", "When they were given a place", "time in UTC"),
        Column("left_at", "When they left, if they did", "time in UTC"),
    ]
    for number in range(1, SESSION_COUNT + 1):
        meaning = f"Minutes connected in session {number}. 0: it took place without them. Empty: it has not taken place"
        columns.append(Column(f"session_{number}_minutes", meaning, "whole number"))
    for milestone, instrument in asked_of(programme):
        columns += form_columns(milestone, instrument)
    return columns


def form_columns(milestone: str, instrument: str) -> Iterator[Column]:
    measure, form = load_instrument(instrument), wording(instrument)

    def column(part: str, meaning: str, kind: str, allowed: str = "", item: str = "") -> Column:
        name = column_name(milestone, instrument, part)
        return Column(name, meaning, kind, allowed, instrument, measure.version, form.name, item)

    for fact in FACTS:
        yield column(fact.name, fact.meaning, fact.kind, fact.allowed)
    for question in form.questions:
        yield column(question.id, question.text, kind_of(question), allowed_of(question), question.id)
    if form.layout == "tick_list":
        yield column(NONE_APPLY, f"Ticked “{form.none_label}”, so that an empty list is a true 0", "1 or empty")
    for scale in measure.scales:
        yield column(
            f"{scale.id}_score", f"{measure.name}: {scale.label}", "number", f"{scale.lowest} to {scale.highest}"
        )
    yield column("missing", "How many questions were empty", "whole number")
    yield column("status", "Whether there is a score, and if not why", "text")


def kind_of(question: Question) -> str:
    if question.kind == "tick":
        return "1 or empty; empty on a sent form means not ticked"
    if question.kind == "text" or any(isinstance(option.value, str) for option in question.options):
        return "text"
    return "whole number"


def allowed_of(question: Question) -> str:
    if question.options:
        return "; ".join(f"{option.value} = {option.label}" for option in question.options)
    if question.minimum is None:
        return ""
    ends = f" ({question.lowest_label} to {question.highest_label})" if question.lowest_label else ""
    return f"{question.minimum} to {question.maximum}{ends}"


def wide_row(person: PersonRecord, programme: Programme) -> list[Cell]:
    """One person's row, in the order of `wide_columns`."""
    row: list[Cell] = [person.code, person.group, person.state, person.stay.enrolled_at, person.stay.left_at]
    for number in range(1, SESSION_COUNT + 1):
        row.append(person.minutes.get(number, 0) if number in person.started else None)
    forms = {(form.milestone, form.instrument): form for form in person.forms}
    for milestone, instrument in asked_of(programme):
        row += form_cells(forms.get((milestone, instrument)), instrument)
    return row


def form_cells(form: FormRecord | None, instrument: str) -> list[Cell]:
    items, scales = items_of(instrument), scales_of(instrument)
    if form is None:
        return [None] * (len(FACTS) + len(items) + len(scales) + 2)
    cells = facts_of(form)
    answers = {
        answer.item: answer.value if answer.value is not None else answer.words or None for answer in form.answers
    }
    scores = {score.scale: score for score in form.scores}
    first = next(iter(form.scores), None)
    cells += [answers.get(item) for item in items]
    cells += [scores[scale].value if scale in scores else None for scale in scales]
    return [*cells, first.missing if first else None, first.status if first else None]
