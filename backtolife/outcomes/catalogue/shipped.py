"""The questionnaires that come with the product."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from backtolife.errors import NotFound
from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.json_node import open_file
from backtolife.outcomes.catalogue.reading import read_instrument

HERE = Path(__file__).parent / "instruments"


@cache
def shipped_instruments() -> tuple[Instrument, ...]:
    """Every shipped version of every instrument, by id, then version. Raises Invalid when a file is bad."""
    found = [_load(path) for path in HERE.glob("*/*.json")]
    return tuple(sorted(found, key=lambda instrument: (instrument.id, int(instrument.version))))


@cache
def load_instrument(name: str, version: str | None = None) -> Instrument:
    """The shipped instrument `name` in `version`, or the newest. Raises NotFound when there is no such one."""
    matches = [
        instrument
        for instrument in shipped_instruments()
        if instrument.id == name and version in (None, instrument.version)
    ]
    if not matches:
        wanted = name if version is None else f"{name} version {version}"
        raise NotFound(f"There is no instrument “{wanted}”. Run “backtolife instruments” to see the list.")
    return matches[-1]


def _load(path: Path) -> Instrument:
    whole = open_file(path)
    instrument = read_instrument(whole)
    if path.name != f"{instrument.id}.v{instrument.version}.json":
        raise whole.refuse(f"must be called {instrument.id}.v{instrument.version}.json")
    if not instrument.version.isdigit():
        raise whole.at("version").refuse("must be a whole number, written as text")
    return instrument
