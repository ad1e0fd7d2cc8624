"""The long file: one row for each form, answer and score."""

from collections.abc import Iterator

from backtolife.reporting.dataset.rows import Figure, Given
from backtolife.reporting.export.columns import Column
from backtolife.reporting.export.csv_cells import LINE_END, Cell, joined, text_of, word
from backtolife.reporting.export.form_layout.columns import FACTS, facts_of, facts_text
from backtolife.reporting.export.records import FormRecord, PersonRecord
from backtolife.reporting.export.sql_lines import filled

FORM: tuple[Cell, ...] = ("form", *[None] * 7)

COLUMNS = (
    Column("person", "The code of the person: the same in every file of this export, and in no other place", "text"),
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
        start, end = start_of(person, form), facts_of(form)
        yield [*start, *FORM, *end]
        for answer in given(form):
            words = answer.words or None
            yield [*start, "answer", answer.item, answer.value, words, answer.answered_at, None, None, None, *end]
        for score in form.scores:
            yield [*start, *figure_of(score), *end]


def long_text(person: PersonRecord, versions: dict[str, str]) -> str:
    """The same rows as lines of CSV, of a person whose answers are `lines`.

    What stands at both ends of a form's rows is written once a form, not once a row, and what they say of a version
    once for the file, in `versions`. Times and ids of ours need no guard and no quotes.
    """
    parts: list[str] = []
    who = joined([person.code, person.group])
    for form in person.forms:
        start, end = f"{who},{form.milestone},{form.instrument},", f",{facts_text(form, versions)}{LINE_END}"
        parts.append(f"{start}form,,,,,,,{end}")
        if form.lines:
            parts.append(filled(form.lines, start, end))
        for scale, figure, band, missing, status in form.scores:
            parts.append(f"{start}score,{scale},{text_of(figure)},,,{missing},{word(band)},{word(status)}{end}")
    return "".join(parts)


def start_of(person: PersonRecord, form: FormRecord) -> list[Cell]:
    return [person.code, person.group, form.milestone, form.instrument]


def given(form: FormRecord) -> Iterator[Given]:
    """The answers that stand: none that was taken back."""
    return (answer for answer in form.answers if answer.value is not None or answer.words)


def figure_of(score: Figure) -> list[Cell]:
    return ["score", score.scale, score.value, None, None, score.missing, score.band, score.status]
