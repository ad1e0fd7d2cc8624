"""Records of processing: what is kept about whom, why, who sees it and for how long; every table of the database."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from backtolife import rooms
from backtolife.config import ROOT
from backtolife.database.session import metadata
from tools.assurance.hazard_pages import flat
from tools.assurance.hazards import Whole, Words

DATA = ROOT / "docs" / "safety" / "processing.yml"


class Record(Whole):
    """One kind of what is kept. `tables` are those of the database; an empty list where it is kept elsewhere."""

    what: Words
    whose: Words
    why: Words
    seen_by: Words
    how_long: Words
    tables: tuple[str, ...]


def read(path: Path = DATA) -> list[Record]:
    return [Record.model_validate(each) for each in yaml.safe_load(path.read_text(encoding="utf-8"))]


def table(records: Sequence[Record]) -> str:
    head = ["| what | whose | why | who sees it | how long |", "|---|---|---|---|---|"]
    rows = [
        "| " + " | ".join(flat(each) for each in (one.what, one.whose, one.why, one.seen_by, one.how_long)) + " |"
        for one in records
    ]
    listed = ["", "The tables of the database behind each line:", ""]
    listed += [f"- {flat(one.what)}: {', '.join(f'`{each}`' for each in one.tables)}" for one in records if one.tables]
    return "\n".join([*head, *rows, *listed, ""])


def faults() -> Iterator[str]:
    """Tables that are on no record, on two, or gone."""
    kept = {each.name for each in metadata.sorted_tables} if rooms.BLUEPRINTS else set()
    named = Counter(name for record in read() for name in record.tables)
    where = "docs/safety/processing.yml"
    for name in sorted(kept - set(named)):
        yield f"The table {name} is on no record of processing. Say in {where} what it keeps, why, and how long."
    for name in sorted(set(named) - kept):
        yield f"{where} names the table {name}, which does not exist."
    for name, many in sorted(named.items()):
        if many > 1:
            yield f"{where} names the table {name} {many} times. Leave one."
