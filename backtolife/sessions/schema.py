"""What an event may carry: each field named with its kind and limits; anything else is refused. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backtolife.errors import Invalid


@dataclass(frozen=True)
class Text:
    """Words of at most `longest` characters; only one of `choices` where there are any."""

    longest: int
    choices: tuple[str, ...] = ()
    needed: bool = True

    def read(self, name: str, value: object) -> str:
        if not isinstance(value, str) or len(value) > self.longest or "\x00" in value:
            raise Invalid(f"{name} must be text of at most {self.longest} characters.", name)
        if self.choices and value not in self.choices:
            raise Invalid(f"{name} must be one of: {', '.join(self.choices)}.", name)
        return value


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int
    needed: bool = True

    def read(self, name: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise Invalid(f"{name} must be a whole number from {self.low} to {self.high}.", name)
        return value


@dataclass(frozen=True)
class Several:
    """A list of `fewest` to `most` texts, each of which fits `each`."""

    each: Text
    fewest: int
    most: int
    needed: bool = True

    def read(self, name: str, value: object) -> list[str]:
        if not isinstance(value, list) or not self.fewest <= len(value) <= self.most:
            raise Invalid(f"{name} must be a list of {self.fewest} to {self.most}.", name)
        return [self.each.read(name, one) for one in value]


Kind = Text | Whole | Several
Schema = Mapping[str, Kind]
IDENTIFIER = Text(longest=32)


def read(schema: Schema, payload: object) -> dict[str, Any]:
    """The payload with nothing missing and nothing added. Raises Invalid, naming the field."""
    given = {} if payload is None else payload
    if not isinstance(given, dict):
        raise Invalid("An event carries named fields.")
    unknown = [str(key)[:40] for key in given if key not in schema]
    if unknown:
        raise Invalid(f"This event has no field called {unknown[0]}.")
    missing = [name for name, kind in schema.items() if kind.needed and name not in given]
    if missing:
        raise Invalid(f"{missing[0]} is missing.", missing[0])
    return {name: kind.read(name, given[name]) for name, kind in schema.items() if name in given}
