"""Languages that people speak and read: tags of BCP 47 with plain names, as data in `languages.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

ENGLISH = "en"


@dataclass(frozen=True)
class Language:
    """One language: its tag, its English name, and how those who speak it call it."""

    tag: str
    name: str
    own: str

    @property
    def shown(self) -> str:
        """Both names, for who chooses."""
        return self.name if self.name == self.own else f"{self.name} ({self.own})"


@cache
def languages() -> Mapping[str, Language]:
    """All that can be chosen, by tag, in order of name; English, the usual one, first."""
    rows = json.loads((files("backtolife.text") / "languages.json").read_text(encoding="utf-8"))
    return {row["tag"]: Language(**row) for row in rows}


def tag_of(words: str) -> str:
    """The tag of a language given by its tag or one of its names; the words themselves where we know none."""
    told = words.strip()
    for each in languages().values():
        if told.casefold() in (each.tag, each.name.casefold(), each.own.casefold()):
            return each.tag
    return told


def name_of(tag: str) -> str:
    """Its plain name; words that were never a tag as they stand."""
    known = languages().get(tag_of(tag))
    return known.name if known is not None else tag


def looked_for(tag: str) -> list[str]:
    """In which languages words are looked for, the best first: the tag, then each shorter one. Empty for none."""
    parts = tag.split("-") if tag else []
    return ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]


def is_other(tag: str) -> bool:
    """Whether somebody has told us of a language that is not English."""
    return bool(tag) and ENGLISH not in looked_for(tag_of(tag))
