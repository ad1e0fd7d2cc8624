"""CSV: the long file, the wide file and their codebook."""

from collections.abc import Iterator

from backtolife.reporting.export.codebook import HEADER, codebook_rows
from backtolife.reporting.export.csv_cells import LINE_END, joined, lines
from backtolife.reporting.export.long_file import COLUMNS, long_text
from backtolife.reporting.export.source import Source
from backtolife.reporting.export.wide_file import wide_row


def long_csv(source: Source) -> Iterator[str]:
    """One row for each form, answer and score."""
    yield joined([column.name for column in COLUMNS]) + LINE_END
    versions: dict[str, str] = {}
    for person in source.people(came=False, lines=True):
        yield long_text(person, versions)


def wide_csv(source: Source) -> Iterator[str]:
    """One row a person."""
    header = [column.name for column in source.columns()]
    return lines(header, (wide_row(person, source.asked) for person in source.people()))


def codebook_csv(source: Source) -> Iterator[str]:
    """One row for each column of the other two."""
    return lines(HEADER, codebook_rows(source.asked))
