"""The long file: one row for each form, answer and score."""

from collections.abc import Iterator

from backtolife.reporting.cells import Cell
from backtolife.reporting.columns import Column
from backtolife.reporting.facts import FACTS, facts_of
from backtolife.reporting.records import PersonRecord

COLUMNS = (
    Column("person", "The code of the person: the same in both files, and in no other place", "text"),
    Column("group", "The name of the group", "text"),
    Column("milestone", "When it was asked, such as baseline", "text"),
    Column("instrument", "What was asked, such as phq-9", "text"),
    Column("kind", "What the row holds", "text", "form = one form; answer = one answer; score = one figure"),
    Column("item", "The question or the scale; empty for a form", "text"),
    Column("value", "The answer or the figure as a number", "number"),
    Column("words", "The answer as words: a choice or free text", "text"),
    Column("answered_at", "When the answer was given", "time in UTC"),
    Column("missing", "How many questions of the form were empty", "whole number"),
    Column("band", "The band of the score", "text"),
    Column("status", "Whether there is a score, and if not why", "text"),
    *FACTS,
)


def long_rows(person: PersonRecord) -> Iterator[list[Cell]]:
    """A person's rows: each form, then its answers, then its scores."""
    for form in person.forms:
        start: list[Cell] = [person.code, person.group, form.ask.id, form.instrument]
        end = facts_of(form)
        yield [*start, "form", None, None, None, None, None, None, None, *end]
        for answer in form.answers:
            if answer.value is not None or answer.words:
                words = answer.words or None
                yield [*start, "answer", answer.item, answer.value, words, answer.answered_at, None, None, None, *end]
        for score in form.scores:
            figure: list[Cell] = [score.scale, score.value, None, None, score.missing, score.band, score.status]
            yield [*start, "score", *figure, *end]
