"""The codebook: one row for each column of the two files, with its meaning, its values and its words."""

from collections.abc import Iterable, Iterator

from backtolife.reporting.export.columns import Column
from backtolife.reporting.export.csv_cells import Cell
from backtolife.reporting.export.form_layout.slots import FormSlot
from backtolife.reporting.export.long_file import COLUMNS
from backtolife.reporting.export.wide_file import wide_columns

HEADER = (
    "file",
    "column",
    "meaning",
    "type",
    "values",
    "missing",
    "instrument",
    "instrument_version",
    "wording",
    "item",
)
MISSING = "empty"


def codebook_rows(asked: Iterable[FormSlot]) -> Iterator[list[Cell]]:
    """First the long file's columns, then the wide one's. Times are UTC; missing is always an empty cell."""
    for file, columns in (("long", COLUMNS), ("wide", tuple(wide_columns(asked)))):
        for column in columns:
            yield codebook_row(file, column)


def codebook_row(file: str, column: Column) -> list[Cell]:
    return [
        file,
        column.name,
        column.meaning,
        column.kind,
        column.allowed,
        MISSING,
        column.instrument,
        column.instrument_version,
        column.wording,
        column.item,
    ]
