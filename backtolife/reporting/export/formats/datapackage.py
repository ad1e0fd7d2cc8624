"""A Frictionless data package: the three CSV files in a zip, and a datapackage.json that says what columns hold."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from backtolife.reporting.export.codebook import HEADER
from backtolife.reporting.export.columns import Column, Holds
from backtolife.reporting.export.csv_cells import moment_text
from backtolife.reporting.export.formats.plain import codebook_csv, long_csv, wide_csv
from backtolife.reporting.export.formats.zipped import zipped
from backtolife.reporting.export.long_file import COLUMNS
from backtolife.reporting.export.source import Source

TYPES: dict[Holds, str] = {
    "text": "string",
    "whole": "integer",
    "number": "number",
    "time": "datetime",
    "flag": "boolean",
}


def data_package(source: Source) -> Iterator[bytes]:
    """The zip, written as it is sent."""
    files: list[tuple[str, Iterable[str]]] = [
        ("datapackage.json", [json.dumps(description(source), indent=2, ensure_ascii=False)]),
        ("long.csv", long_csv(source)),
        ("wide.csv", wide_csv(source)),
        ("codebook.csv", codebook_csv(source)),
    ]
    return zipped(files, source.now)


def description(source: Source) -> dict[str, Any]:
    """What datapackage.json says."""
    return {
        "profile": "tabular-data-package",
        "name": f"back-to-life-{source.now:%Y-%m-%d}",
        "title": "Back to Life results, without names",
        "description": "Times are UTC. An empty cell is missing. Text that a spreadsheet could take for a formula "
        "has a ' in front.",
        "created": moment_text(source.now),
        "resources": [
            resource("long", COLUMNS),
            resource("wide", source.columns(), key="person"),
            resource("codebook", [Column(name, "", "text") for name in HEADER]),
        ],
    }


def resource(name: str, columns: Iterable[Column], key: str = "") -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [field(column) for column in columns], "missingValues": [""]}
    if key:
        schema["primaryKey"] = key
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def field(column: Column) -> dict[str, Any]:
    """A column as the table schema has it."""
    found: dict[str, Any] = {"name": column.name, "type": TYPES[column.holds]}
    if column.meaning:
        found["description"] = column.meaning
    if column.holds == "flag":
        found |= {"trueValues": ["yes"], "falseValues": ["no"]}
    bounds = {"minimum": column.lowest, "maximum": column.highest}
    limits: dict[str, Any] = {name: value for name, value in bounds.items() if value is not None}
    if column.labels and column.holds in ("text", "whole"):
        limits["enum"] = [value for value, _ in column.labels]
    return {**found, "constraints": limits} if limits else found
