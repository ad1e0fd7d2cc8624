"""Which parts of the pages in docs/safety are made from data, and how each is made."""

from collections.abc import Callable, Mapping
from pathlib import Path

from backtolife.config import ROOT
from tools.assurance import asvs, components, hazard_pages, processing, results
from tools.assurance.hazards import read_hazards

FOLDER = ROOT / "docs" / "safety"
BEGIN, END = "<!-- made by tools/assurance -->\n", "<!-- made until here -->\n"

MADE: Mapping[str, Callable[[], str]] = {
    "hazard-log.md": lambda: hazard_pages.log(read_hazards()),
    "safety-case.md": lambda: hazard_pages.counts(read_hazards()),
    "processing.md": lambda: processing.table(processing.read()),
    "asvs.md": lambda: asvs.tables(asvs.read()),
    "results.md": results.table,
    "licences.md": lambda: components.table([*components.of_python(), *components.of_browsers()]),
}


def with_made_part(page: str, made: str) -> str:
    """`page` with the part between the marks as the data says it now."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + made + END + rest.partition(END)[2]


def pages() -> list[Path]:
    return sorted(FOLDER.glob("*.md"))
