"""Cells of a CSV file that a spreadsheet reads as what they are, never as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for the start of a formula, in plain and in full-width signs."""

Cell = str | int | float | bool | datetime | None


def text_of(cell: Cell) -> str:
    """A cell as text. Missing is empty, times are in UTC, words that look like a formula get a ' in front."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return f"{cell.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(DANGEROUS) or cell.lstrip().startswith(DANGEROUS) else cell
    return str(int(cell)) if cell == int(cell) else str(cell)


def lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file, line by line."""
    yield line(header)
    for row in rows:
        yield line([text_of(cell) for cell in row])


def line(row: Sequence[str]) -> str:
    held = io.StringIO()
    csv.writer(held, lineterminator="\r\n").writerow(row)
    return held.getvalue()
