"""SPSS: the wide table with labels, and with user-missing values that say why a number is not there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from backtolife.reporting.export.columns import Column
from backtolife.reporting.export.formats.spool import from_disk
from backtolife.reporting.export.formats.survey import Gap, Survey, cut, has_gaps, survey
from backtolife.reporting.export.source import Source

GAPS: dict[Gap, float] = {Gap.NOT_ASKED: -97, Gap.NOT_OPENED: -98, Gap.EMPTY: -99}
EPOCH = datetime(1582, 10, 14, tzinfo=UTC)
"""SPSS counts seconds from the day before the Gregorian calendar began."""
LABEL_BYTES, VALUE_LABEL_BYTES = 255, 120
SHORT_TEXT = 8
"""SPSS takes labels for words of up to so many bytes; longer codes have them in the codebook."""


def spss(source: Source) -> Iterator[bytes]:
    """The .sav file. Times are UTC without a zone, which SPSS does not know."""
    return from_disk("data.sav", partial(write, source))


def write(source: Source, path: Path) -> None:
    import pyreadstat  # noqa: PLC0415 - comes with the extra “exports”

    table = survey(source, GAPS, EPOCH)
    columns = table.columns
    pyreadstat.write_sav(
        frame(table),
        str(path),
        file_label="Back to Life results, one row a person. Times are UTC.",
        column_labels={column.name: cut(column.meaning, LABEL_BYTES) for column in columns},
        variable_value_labels={column.name: labels for column in columns if (labels := labels_of(column))},
        missing_ranges={column.name: list(GAPS.values()) for column in columns if has_gaps(column)},
        variable_measure={column.name: measure_of(column) for column in columns},
        variable_format={column.name: "DATETIME20" for column in columns if column.holds == "time"},
        row_compress=True,
    )


def frame(table: Survey) -> Any:
    """The table as a data frame."""
    import pandas  # noqa: PLC0415 - comes with the extra “exports”

    pairs = zip(table.columns, table.values, strict=True)
    kinds = {column.name: "object" if column.holds == "text" else "float64" for column in table.columns}
    return pandas.DataFrame({column.name: pandas.Series(values, dtype=kinds[column.name]) for column, values in pairs})


def labels_of(column: Column) -> dict[Any, str]:
    """The words for a column's values, the reasons for its gaps among them."""
    if column.holds == "text":
        short = all(len(str(value).encode()) <= SHORT_TEXT for value, _ in column.labels)
        return {str(value): cut(words, VALUE_LABEL_BYTES) for value, words in column.labels} if short else {}
    labels: dict[Any, str] = {float(value): cut(words, VALUE_LABEL_BYTES) for value, words in column.labels}
    if column.holds == "flag":
        labels = {0.0: "No", 1.0: "Yes"}
    return {**labels, **gap_labels(GAPS)} if has_gaps(column) else labels


def gap_labels(gaps: dict[Gap, Any]) -> dict[Any, str]:
    """The words for the gaps of a column."""
    return {gaps[gap]: gap.value for gap in Gap}


def measure_of(column: Column) -> str:
    """What SPSS calls the level of measurement."""
    if column.holds in ("text", "flag"):
        return "nominal"
    return "ordinal" if column.labels else "scale"
