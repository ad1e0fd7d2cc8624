"""What an entry of the map may say, and which entries fit what somebody looks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar

from backtolife.errors import Invalid
from backtolife.people.names import clean_name
from backtolife.text.catalogues.worded import worded
from backtolife.text.languages import languages, tag_of

LONGEST_WAIT = 104
"""Weeks."""
NEEDS: Mapping[str, str] = {
    "move": worded("Moving with less pain"),
    "group": worded("Help in a group"),
    "alone": worded("One-to-one help"),
    "work": worded("Staying in work, or going back"),
    "mood": worded("Low mood or worry"),
    "sleep": worded("Sleep"),
    "medicines": worded("Pain medicines"),
    "active": worded("Keeping active near home"),
}
"""What people look for, in the order in which they choose."""
LENGTHS = {"what": 80, "place": 120, "by_whom": 120, "for_whom": 300, "contact": 200}
EMPTY = {
    "what": "Enter what is offered",
    "place": "Enter where it is",
    "by_whom": "Enter who runs it",
    "for_whom": "Enter who it is for",
    "contact": "Enter how people get in touch",
}


@dataclass(frozen=True, slots=True)
class Says:
    """What an entry says."""

    what: str
    needs: tuple[str, ...]
    place: str
    by_whom: str
    for_whom: str
    languages: tuple[str, ...]
    wait_weeks: int | None
    contact: str

    def kept(self) -> "Says":
        """The same as we keep it. Raises Invalid, naming the field, for what cannot be kept."""
        words = {name: clean_name(getattr(self, name), field=name, empty=empty) for name, empty in EMPTY.items()}
        for name, most in LENGTHS.items():
            if len(words[name]) > most:
                raise Invalid(f"Use at most {most} characters.", name)
        if not self.needs or not set(self.needs) <= NEEDS.keys():
            raise Invalid("Choose what it helps with.", "needs")
        if self.wait_weeks is not None and not 0 <= self.wait_weeks <= LONGEST_WAIT:
            raise Invalid(f"Enter 0 to {LONGEST_WAIT} weeks, or leave it empty.", "wait_weeks")
        needs = tuple(key for key in NEEDS if key in self.needs)
        return Says(needs=needs, languages=tags(self.languages), wait_weeks=self.wait_weeks, **words)


def tags(names: Iterable[str]) -> tuple[str, ...]:
    """The languages by their tags, each once. Raises Invalid for one that we do not know, and for none."""
    wanted = [name.strip() for name in names if name.strip()]
    found = list(dict.fromkeys(tag_of(name) for name in wanted))
    for name, tag in zip(wanted, (tag_of(each) for each in wanted), strict=True):
        if tag not in languages():
            raise Invalid(f"We do not know the language “{name}”. Use its English name, such as Polish.", "languages")
    if not found:
        raise Invalid("Enter a language, such as English.", "languages")
    return tuple(found)


class Placed(Protocol):
    """What is looked through."""

    @property
    def needs(self) -> Iterable[str]: ...
    @property
    def place(self) -> str: ...


Entry = TypeVar("Entry", bound=Placed)


def fitting(entries: Iterable[Entry], *, need: str, place: str) -> list[Entry]:
    """The entries that help with `need` in a place with all these words; an empty one leaves nothing out.

    What is online fits every place.
    """
    words = place.casefold().split()
    return [
        each
        for each in entries
        if (not need or need in each.needs)
        and (all(word in each.place.casefold() for word in words) or "online" in each.place.casefold())
    ]
