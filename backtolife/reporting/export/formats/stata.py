"""Stata: the wide table with labels, and with .a .b .c for why a number is not there."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from backtolife.reporting.export.columns import Column
from backtolife.reporting.export.formats.spool import from_disk
from backtolife.reporting.export.formats.spss import gap_labels
from backtolife.reporting.export.formats.survey import Gap, Survey, has_gaps, survey
from backtolife.reporting.export.source import Source

GAPS: dict[Gap, str] = {Gap.NOT_ASKED: "a", Gap.NOT_OPENED: "b", Gap.EMPTY: "c"}
EPOCH = datetime(1960, 1, 1, tzinfo=UTC)
RELEASE_118 = 14
"""What pyreadstat calls the layout that Stata 14 to 18 read; its next one, 119, is for over 32,767 columns alone."""
LABEL_SIGNS, LONGEST_NAME, MARK = 80, 28, 5
"""Stata takes names of 32 signs; pyreadstat adds a number of up to four digits to those of labelled columns."""


def stata(source: Source) -> Iterator[bytes]:
    """The .dta file of Stata 14 and newer. Times are UTC without a zone, which Stata does not know."""
    return from_disk("data.dta", partial(write, source))


def write(source: Source, path: Path) -> None:
    import pyreadstat  # noqa: PLC0415 - comes with the extra “exports”

    table = survey(source, GAPS, EPOCH)
    columns = table.columns
    pyreadstat.write_dta(
        frame(table),
        str(path),
        file_label="Back to Life results, one row a person. Times are UTC.",
        version=RELEASE_118,
        column_labels={stata_name(column.name): column.meaning[:LABEL_SIGNS] for column in columns},
        variable_value_labels={stata_name(column.name): labels for column in columns if (labels := labels_of(column))},
        missing_user_values={stata_name(column.name): list(GAPS.values()) for column in columns if has_gaps(column)},
        variable_format={stata_name(column.name): "%tc" for column in columns if column.holds == "time"},
    )


def stata_name(name: str) -> str:
    """A name that Stata takes: a long one is cut, and gets a mark of its own so that no two are alike."""
    if len(name) <= LONGEST_NAME:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:MARK]
    return f"{name[: LONGEST_NAME - MARK - 1]}_{mark}"


def frame(table: Survey) -> Any:
    """The table as a data frame: numbers that may be missing beside the letters that say why. Times in milliseconds.

    Numbers beside letters are a categorical whose categories begin with a number: of a plain column pyreadstat looks
    at the first hundred values alone, and takes it for text when they are all letters.
    """
    import pandas  # noqa: PLC0415 - comes with the extra “exports”

    def typed(column: Column, values: Any) -> Any:
        if column.holds == "time":
            return pandas.Series(values, dtype="float64") * 1000
        if has_gaps(column):
            numbers = sorted({value for value in values if isinstance(value, float)} or {0.0})
            return pandas.Categorical(values, categories=[*numbers, *GAPS.values()])
        return pandas.Series(values, dtype="object" if column.holds == "text" else "float64")

    pairs = zip(table.columns, table.values, strict=True)
    return pandas.DataFrame({stata_name(column.name): typed(column, values) for column, values in pairs})


def labels_of(column: Column) -> dict[Any, str]:
    """The words for a column's numbers, the reasons for its gaps among them; Stata has none for text."""
    if column.holds == "text":
        return {}
    labels: dict[Any, str] = {float(value): words for value, words in column.labels}
    if column.holds == "flag":
        labels = {0.0: "No", 1.0: "Yes"}
    return {**labels, **gap_labels(GAPS)} if has_gaps(column) else labels
