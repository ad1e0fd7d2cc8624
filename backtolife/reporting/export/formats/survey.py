"""The wide table as statistics programs hold it: a list a column, with labels, and each gap with its reason."""

from array import array
from collections.abc import Iterator, Mapping, MutableSequence, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from backtolife.reporting.export.columns import Column
from backtolife.reporting.export.csv_cells import Cell
from backtolife.reporting.export.records import FormRecord, PersonRecord
from backtolife.reporting.export.source import Source
from backtolife.reporting.export.wide_file import wide_row


class Gap(Enum):
    """Why there is no number. A statistics program leaves all three out, and can still tell them apart."""

    NOT_ASKED = "Not asked"
    NOT_OPENED = "Asked, form not opened"
    EMPTY = "No answer, or no score"


@dataclass(frozen=True)
class Survey:
    """`columns` beside `values`: numbers as floats, times as seconds since the program's epoch, words as text."""

    columns: list[Column]
    values: list[MutableSequence[Any]]


def survey(source: Source, gaps: Mapping[Gap, Any], epoch: datetime) -> Survey:
    """The whole table, column by column, each gap of a form as what `gaps` says.

    It is in memory as a whole, because the library that writes it asks for a whole table.
    """
    columns = source.columns()
    numeric = all(isinstance(each, int | float) for each in gaps.values())
    values: list[MutableSequence[Any]] = [
        [] if column.holds == "text" or (has_gaps(column) and not numeric) else array("d") for column in columns
    ]
    for person in source.people():
        row = wide_row(person, source.asked)
        for column, cell, reason, held in zip(columns, row, reasons(person, columns), values, strict=True):
            held.append(value_of(column, cell, gaps[reason], epoch))
    return Survey(columns, values)


def has_gaps(column: Column) -> bool:
    """Whether its empty cells say why: numbers that belong to a form."""
    return bool(column.milestone) and column.holds in ("whole", "number", "flag")


def reasons(person: PersonRecord, columns: Sequence[Column]) -> Iterator[Gap]:
    """For each column, why a cell of it would be empty for this person."""
    forms = {(form.milestone, form.instrument): form for form in person.forms}
    for column in columns:
        yield reason_of(forms.get((column.milestone, column.instrument)))


def reason_of(form: FormRecord | None) -> Gap:
    if form is None:
        return Gap.NOT_ASKED
    return Gap.NOT_OPENED if form.opened is None else Gap.EMPTY


def value_of(column: Column, cell: Cell, gap: Any, epoch: datetime) -> Any:
    if column.holds == "text":
        return "" if cell is None else str(cell)
    if column.holds == "time":
        return (datetime.fromisoformat(cell) - epoch).total_seconds() if isinstance(cell, str) else float("nan")
    if cell is None:
        return gap if has_gaps(column) else float("nan")
    return float(cell)  # type: ignore[arg-type]


def cut(words: str, most_bytes: int) -> str:
    """The words in at most so many bytes, with … where they were cut."""
    raw = words.encode()
    return words if len(raw) <= most_bytes else raw[: most_bytes - 3].decode(errors="ignore") + "…"
