"""A workbook: the long file, the wide file and the codebook, each on a sheet of its own."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from backtolife.reporting.export.codebook import HEADER, codebook_rows
from backtolife.reporting.export.columns import Column
from backtolife.reporting.export.csv_cells import Cell, guarded
from backtolife.reporting.export.formats.spool import from_disk
from backtolife.reporting.export.long_file import COLUMNS, long_rows
from backtolife.reporting.export.source import Source
from backtolife.reporting.export.wide_file import wide_row

MOST_ROWS = 1_048_576
"""A sheet holds no more; a longer table goes on on the next sheet."""
LONGEST_CELL = 32_767
PLAIN = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def workbook(source: Source) -> Iterator[bytes]:
    """The workbook. Each row goes to disk as it is written."""
    return from_disk("data.xlsx", partial(write, source))


def write(source: Source, path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - comes with the extra “exports”

    with xlsxwriter.Workbook(str(path), PLAIN) as book:
        sheets = Sheets(book)
        sheets.table("wide", source.columns(), (wide_row(person, source.asked) for person in source.people()))
        sheets.table("long", COLUMNS, (row for person in source.people(came=False) for row in long_rows(person)))
        sheets.table("codebook", [Column(name, "", "text") for name in HEADER], codebook_rows(source.asked))


class Sheets:
    """The sheets of one workbook, with the looks their cells share."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.words = book.add_format({"quote_prefix": True})
        """What Excel keeps as words even when somebody opens the cell and presses Enter."""

    def table(self, name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
        """One table, on as many sheets as it needs."""
        times = frozenset(place for place, column in enumerate(columns) if column.holds == "time")
        sheet, number, at = self.begin(name, columns), 1, 1
        for row in rows:
            if at == MOST_ROWS:
                number, at = number + 1, 1
                sheet = self.begin(f"{name} {number}", columns)
            for place, cell in enumerate(row):
                if cell is not None:
                    self.put(sheet, at, place, cell, times)
            at += 1

    def begin(self, name: str, columns: Sequence[Column]) -> Any:
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.name, self.head)
        return sheet

    def put(self, sheet: Any, at: int, place: int, cell: Cell, times: frozenset[int]) -> None:
        """One cell as what it is. Words are never read as a formula, a number or an address."""
        if place in times and isinstance(cell, str):
            sheet.write_datetime(
                at, place, datetime.fromisoformat(cell).astimezone(UTC).replace(tzinfo=None), self.time
            )
        elif isinstance(cell, bool):
            sheet.write_string(at, place, "yes" if cell else "no")
        elif isinstance(cell, int | float):
            sheet.write_number(at, place, cell)
        else:
            words = str(cell)[:LONGEST_CELL]
            sheet.write_string(at, place, words, self.words if guarded(words) != words else None)
