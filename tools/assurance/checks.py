"""What is wrong with the safety pack, in words that say what to do."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from backtolife.config import ROOT
from tools.assurance import asvs, pages, processing, results
from tools.assurance.hazards import Hazard, read_hazards
from tools.assurance.named_tests import is_there, named_in

ANEW = "write it anew: .venv/bin/python -m tools.assurance"


def faults() -> list[str]:
    """Every fault of the data first; pages are looked at once the data holds."""
    try:
        hazards = read_hazards()
        found = [*of_hazards(hazards), *of_tests_in("docs/safety/asvs", asvs.text()), *processing.faults()]
    except ValidationError as error:
        return [f"docs/safety: {error}"]
    return found or [*out_of_date(), *of_pages(pages.pages()), *results.faults()]


def of_hazards(hazards: Sequence[Hazard]) -> Iterator[str]:
    for name, many in Counter(each.id for each in hazards).items():
        if many > 1:
            yield f"{name} is the number of {many} hazards. Give each its own."
    for each in hazards:
        yield from of_tests_in(each.id, each.test)
        yield from of_switch(each)
        if each.after.rating > each.before.rating:
            yield f"{each.id} is graver after its control than before. One of the two grades is wrong."


def of_switch(hazard: Hazard) -> Iterator[str]:
    path = ROOT / hazard.switch.file
    times = path.read_text(encoding="utf-8").count(hazard.switch.line) if path.is_file() else 0
    if times != 1:
        yield (
            f"{hazard.id}: the line that switches its control off stands {times} times in {hazard.switch.file}, "
            f"and must stand there once: {hazard.switch.line!r}. Where the code changed, name the line that does it "
            "now in docs/safety/hazards, and run: .venv/bin/python -m tools.switch_off " + hazard.id
        )


def of_tests_in(where: str, text: str) -> Iterator[str]:
    for name in named_in(text):
        if not is_there(name):
            yield f"{where} names {name}, which does not exist. Name the test that shows it now."


def out_of_date() -> Iterator[str]:
    for name, make in pages.MADE.items():
        page = (pages.FOLDER / name).read_text(encoding="utf-8")
        if pages.with_made_part(page, make()) != page:
            yield f"docs/safety/{name} is out of date; {ANEW}"


def of_pages(found: Sequence[Path]) -> Iterator[str]:
    for path in found:
        yield from of_tests_in(f"docs/safety/{path.name}", path.read_text(encoding="utf-8"))
