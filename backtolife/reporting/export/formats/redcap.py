"""REDCap: a data dictionary that makes the project, and the file of records to import into it, in one zip."""

import re
from collections.abc import Iterable, Iterator, Sequence

from backtolife.reporting.export.columns import Column, column_name
from backtolife.reporting.export.csv_cells import Cell, lines
from backtolife.reporting.export.formats.zipped import zipped
from backtolife.reporting.export.records import FormRecord, PersonRecord
from backtolife.reporting.export.source import Source
from backtolife.reporting.export.wide_file import wide_row

HEADER = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
PERSON_FORM = "participant"
CHECKS = {"whole": "integer", "number": "number", "time": "datetime_seconds_ymd"}
COMPLETE, UNVERIFIED, INCOMPLETE = 2, 1, 0
"""What REDCap says of a form; a form that was begun and not sent is not verified."""


def redcap(source: Source) -> Iterator[bytes]:
    """The zip. In REDCap first upload the dictionary, then import the records."""
    files: list[tuple[str, Iterable[str]]] = [
        ("data_dictionary.csv", lines(HEADER, (entry(column) for column in renamed(source.columns())))),
        ("records.csv", record_lines(source)),
    ]
    return zipped(files, source.now)


def renamed(columns: Sequence[Column]) -> Iterator[Column]:
    """The columns under names that REDCap takes; the first of a project is always record_id."""
    for place, column in enumerate(columns):
        yield Column(**{**vars(column), "name": "record_id" if place == 0 else field_name(column.name)})


def field_name(name: str) -> str:
    """REDCap refuses two underscores in a row and one at the end."""
    return re.sub(r"_+", "_", name).strip("_")


def form_name(column: Column) -> str:
    return field_name(column_name(column.milestone, column.instrument)) if column.milestone else PERSON_FORM


def entry(column: Column) -> list[Cell]:
    """The dictionary's row for a column."""
    kind, choices = kind_of(column), choices_of(column)
    check = CHECKS.get(column.holds, "") if kind == "text" else ""
    limits: list[Cell] = [column.lowest, column.highest] if check in ("integer", "number") else [None, None]
    version = f"{column.wording}, version {column.instrument_version} of the scoring" if column.wording else ""
    start: list[Cell] = [column.name, form_name(column), None, kind, column.meaning, choices]
    return [*start, version, check, *limits, *[None] * 8]


def kind_of(column: Column) -> str:
    if column.holds == "flag":
        return "yesno"
    if column.labels:
        return "radio"
    return "notes" if column.item and column.holds == "text" else "text"


def choices_of(column: Column) -> str:
    """A bar between two choices and a comma after a code are REDCap's own signs."""
    return " | ".join(f"{value}, {label.replace('|', '/')}" for value, label in column.labels)


def record_lines(source: Source) -> Iterator[str]:
    columns = source.columns()
    names = [column.name for column in renamed(columns)]
    forms = {form_name(column): (column.milestone, column.instrument) for column in columns}
    header = [*names, *(f"{name}_complete" for name in forms)]
    rows = (record(person, columns, source, list(forms.values())) for person in source.people())
    return lines(header, rows)


def record(
    person: PersonRecord, columns: Sequence[Column], source: Source, forms: Sequence[tuple[str, str]]
) -> list[Cell]:
    """One person, with the state of each of their forms at the end."""
    given = {(form.milestone, form.instrument): form for form in person.forms}
    cells = [as_redcap(column, cell) for column, cell in zip(columns, wide_row(person, source.asked), strict=True)]
    return [
        *cells,
        *(COMPLETE if not milestone else state_of(given.get((milestone, name))) for milestone, name in forms),
    ]


def as_redcap(column: Column, cell: Cell) -> Cell:
    if column.holds == "time" and isinstance(cell, str):
        return cell.replace("T", " ").removesuffix("Z")
    return int(cell) if isinstance(cell, bool) else cell


def state_of(form: FormRecord | None) -> int:
    if form is None or form.opened is None:
        return INCOMPLETE
    return COMPLETE if form.opened.completed_at else UNVERIFIED
