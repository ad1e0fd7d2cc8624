"""Published results that a service may look at beside its own, each with what stands in the way of comparing."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from backtolife.errors import NotFound
from backtolife.reporting.analysis.published import Published
from backtolife.reporting.dataset.shape import Data
from backtolife.reporting.figures.measures import measures_of

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


@cache
def published() -> tuple[Entry, ...]:
    """Everything in our file, in its order."""
    return tuple(read(each) for each in json.loads(FILE.read_text(encoding="utf-8"))["results"])


def read(plain: dict[str, object]) -> Entry:
    words = {
        key: str(plain.get(key, ""))
        for key in ("id", "instrument", "milestone", "said", "source", "caveat", "certainty")
    }
    mean, spread, n = plain.get("mean"), plain.get("sd_change"), plain.get("n")
    figures = None
    if isinstance(mean, int | float) and isinstance(spread, int | float) and isinstance(n, int):
        figures = Published(
            words["id"], words["instrument"], float(mean), float(spread), n, words["source"], words["caveat"]
        )
    return Entry(**words, figures=figures)


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
