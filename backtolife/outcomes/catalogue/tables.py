"""Tables that some scores are looked up in. Licensed or published elsewhere, they come in with the official form."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from itertools import product

from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.instrument import Instrument, Scale
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.catalogue.rounding import Exact, exact

Tables = Mapping[str, Mapping[str, Exact]]
"""Scale id, then key, then value. The keys of a scale are those that `keys_of` lists."""

HEADER = ["scale", "key", "value"]
CONSTANT = "constant"
TABLED = ("table_of_sum", "table_of_answers", "weights")
NUMBER = re.compile(r"-?\d{1,4}(\.\d{1,12})?")
LARGEST_TABLE = 1_000_000


def tabled(instrument: Instrument) -> tuple[Scale, ...]:
    """The scales whose figures are looked up."""
    return tuple(scale for scale in instrument.scales if scale.method in TABLED)


def keys_of(instrument: Instrument, scale: Scale) -> list[str]:
    """Every key the table of a scale needs: each possible sum, each possible row of answers, or each weight."""
    items = [instrument.items[index] for index in scale.items]
    if scale.method == "weights":
        return [CONSTANT, *(weight_key(item.id, answer) for item in items for answer in item.points)]
    if scale.method == "table_of_answers":
        return ["".join(map(str, answers)) for answers in product(*(item.points for item in items))]
    ends = [(min(item.points.values()), max(item.points.values())) for item in items]
    return [str(total) for total in range(sum(low for low, _ in ends), sum(high for _, high in ends) + 1)]


def weight_key(item: str, answer: object) -> str:
    """The key of what one answer to one question weighs, such as “2a=3”."""
    return f"{item}={answer}"


def empty_table(instrument: Instrument) -> str:
    """A CSV file with every key of every table and no value. Raises Invalid where no table is needed."""
    if not tabled(instrument):
        raise Invalid(f"{instrument.name} needs no table: its form is enough.")
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADER)
    for scale in tabled(instrument):
        writer.writerows((scale.id, key, "") for key in keys_of(instrument, scale))
    return file.getvalue()


def tables_in(data: bytes, instrument: Instrument) -> dict[str, dict[str, str]]:
    """The tables of a CSV file with the columns scale, key and value, as they are written.

    Raises Invalid, naming the row, for a file that is no such table or does not give every value once.
    """
    if not tabled(instrument):
        raise Invalid(f"{instrument.name} needs no table. Load its form alone.", "table")
    if len(data) > LARGEST_TABLE:
        raise Invalid("This file is too large for a table. Choose the CSV file with the table alone.", "table")
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        raise Invalid("This table is not a CSV file in UTF-8. Save it as one, and try again.", "table") from None
    if not rows or [cell.strip().lower() for cell in rows[0]] != HEADER:
        raise Invalid("The first row of the table must be: scale,key,value.", "table")
    found: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) != len(HEADER):
            raise Invalid(f"Row {number} of the table must have three cells, not {len(cells)}.", "table")
        scale, key, value = cells
        if key in found.setdefault(scale, {}):
            raise Invalid(f"Row {number} of the table gives “{scale}” {key} a second time.", "table")
        if not NUMBER.fullmatch(value):
            raise Invalid(f"Row {number} of the table must end in a number such as 0.795, not “{value[:20]}”.", "table")
        found[scale][key] = value
    checked(found, instrument)
    return found


def read_tables(node: JsonNode | None, instrument: Instrument) -> Tables:
    """The tables kept with a form; none where it came without. Raises Invalid when they do not fit."""
    if node is None:
        return {}
    return checked({name: node.at(name).object() for name in node.object()}, instrument)


def checked(found: Mapping[str, Mapping[str, str]], instrument: Instrument) -> Tables:
    """The tables as exact numbers. Raises Invalid for a key missing or unknown, or a figure out of range."""
    scales = tabled(instrument)
    if set(found) != {scale.id for scale in scales}:
        wanted = ", ".join(scale.id for scale in scales)
        raise Invalid(f"The table of {instrument.name} must be for: {wanted}.", "table")
    tables = {}
    for scale in scales:
        given = found[scale.id]
        wanted_keys = keys_of(instrument, scale)
        missing = next((key for key in wanted_keys if key not in given), None)
        if missing is not None:
            raise Invalid(f"The table has no value for “{scale.id}” {missing}.", "table")
        if len(given) > len(wanted_keys):
            extra = next(key for key in given if key not in set(wanted_keys))
            raise Invalid(f"The table has a value for “{scale.id}” {extra[:20]}, which cannot occur.", "table")
        tables[scale.id] = {key: exact_of(value) for key, value in given.items()}
        check_reach(instrument, scale, tables[scale.id])
    return tables


def exact_of(value: str) -> Exact:
    return exact(float(value)) if "." in value else int(value)


def check_reach(instrument: Instrument, scale: Scale, table: Mapping[str, Exact]) -> None:
    low, high = min(table.values()), max(table.values())
    if scale.method == "weights":
        weights = [
            [table[weight_key(instrument.items[index].id, answer)] for answer in instrument.items[index].points]
            for index in scale.items
        ]
        low, high = (table[CONSTANT] + sum(end(each) for each in weights) for end in (min, max))
    if low < scale.lowest or high > scale.highest:
        raise Invalid(f"The table of “{scale.id}” gives values outside {scale.lowest} to {scale.highest}.", "table")
