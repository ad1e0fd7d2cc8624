"""Published results that a service may look at beside its own, each with what stands in the way of comparing."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field

from backtolife.errors import NotFound
from backtolife.reporting.analysis.comparison.published import Published
from backtolife.reporting.dataset.shape import Data
from backtolife.reporting.figures.measures import measures_of
from backtolife.text.from_json import read_json

FILE = Path(__file__).parent / "published.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One published result. `said` is it in words; `figures` are None where it cannot be compared with."""

    id: str
    instrument: str
    milestone: str
    said: str
    source: str
    caveat: str
    certainty: str
    figures: Published | None


@dataclass(frozen=True, slots=True)
class WrittenResult:
    """One result as our file has it: with a mean (points), a spread of the change and a count, or in words alone."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    instrument: str
    said: str
    source: str
    caveat: str
    certainty: str
    milestone: str = ""
    mean: float | None = None
    sd_change: Annotated[float, Field(gt=0)] | None = None
    n: Annotated[int, Field(gt=0)] | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The file."""

    version: str
    results: tuple[WrittenResult, ...]


@cache
def published() -> tuple[Entry, ...]:
    """Everything in our file, in its order."""
    return tuple(entry_of(each) for each in read_json(Written, FILE.read_bytes()).results)


def entry_of(found: WrittenResult) -> Entry:
    figures = None
    if found.mean is not None and found.sd_change is not None and found.n is not None:
        figures = Published(
            found.id, found.instrument, found.mean, found.sd_change, found.n, found.source, found.caveat
        )
    words = (found.id, found.instrument, found.milestone, found.said, found.source, found.caveat, found.certainty)
    return Entry(*words, figures=figures)


def entry(name: str) -> Entry:
    """The result with this id. Raises NotFound."""
    for each in published():
        if each.id == name:
            return each
    raise NotFound("There is no published result with this name.")


def beside(data: Data) -> list[Entry]:
    """The published results on measures that the service asks in their official words; in-house words get none."""
    official = {each.instrument.id for each in measures_of(data) if not each.wording.in_house}
    return [each for each in published() if each.instrument in official]
