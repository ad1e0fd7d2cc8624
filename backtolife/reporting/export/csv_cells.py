"""Cells of a CSV file that a spreadsheet reads as what they are, never as a formula."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a spreadsheet may take for the start of a formula, in plain and in full-width signs."""

LINE_END = "\r\n"
NEEDS_QUOTES = re.compile('[",\r\n]')
Cell = str | int | float | bool | datetime | None


def text_of(cell: Cell) -> str:
    """A cell as text. Missing is empty, times are in UTC, words that look like a formula get a ' in front."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return moment_text(cell)
    if isinstance(cell, str):
        return guarded(cell)
    return str(int(cell)) if cell == int(cell) else str(cell)


def moment_text(moment: datetime | None) -> str:
    """A moment in UTC, to the second, such as 2026-03-03T09:00:00Z; empty when there is none."""
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def guarded(words: str) -> str:
    """The words with a ' in front where a spreadsheet could take them for a formula."""
    return f"'{words}" if words.startswith(DANGEROUS) or words.lstrip().startswith(DANGEROUS) else words


def lines(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The file, line by line."""
    yield joined(header) + LINE_END
    for row in rows:
        yield joined(row) + LINE_END


def joined(row: Sequence[Cell]) -> str:
    """The cells of a row, or of a part of one, with commas between and quotes where they are needed."""
    return ",".join([quoted(text_of(cell)) for cell in row])


def quoted(text: str) -> str:
    if NEEDS_QUOTES.search(text) is None:
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


@lru_cache(maxsize=1000)
def word(cell: str | None) -> str:
    """One of the few words that come again and again, such as a band."""
    return joined([cell])
