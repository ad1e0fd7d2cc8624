"""Names of people, groups and services: what may stand in one, and how one stands beside other words. Pure."""

from collections import Counter
from collections.abc import Iterable
from typing import Protocol
from unicodedata import bidirectional, category

from backtolife.errors import Invalid
from backtolife.text.characters import in_one_form

JOINERS = frozenset("\u200c\u200d")
"""They shape Persian, Indian and other names, and stay."""
BLANKS = frozenset("\u2800\u3164\u115f\u1160\uffa0")
"""Letters and signs by their category, with nothing to see in them."""
TURNS = frozenset({"R", "AL", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"})
"""Characters that can turn the direction of the words beside them."""
OPENS, CLOSES = "\u2068", "\u2069"
"""Unicode's first-strong isolate and its end: what <bdi> is in plain text."""
NOTHING_TO_SEE = "Enter a name that people can see"


def clean_name(text: str, *, field: str = "name", empty: str = NOTHING_TO_SEE) -> str:
    """The name with single spaces, and without characters that hide or turn words.

    Raises Invalid, with the words of `empty`, for one in which there is nothing to see; and for one without end.
    """
    kept = "".join(each for each in map(plain, in_one_form("NFC", text, field=field)) if each)
    name = " ".join(kept.split())
    if not any(category(each)[0] in "LNPS" and each not in BLANKS for each in name):
        raise Invalid(empty if not text.strip() else NOTHING_TO_SEE, field)
    return name


def plain(character: str) -> str:
    """The character as it may stand in a name: a space for a line break or tab, nothing for what cannot be seen."""
    kind = category(character)
    if kind == "Cc" and character.isspace():
        return " "
    return "" if kind[0] == "C" and character not in JOINERS else character


def isolated(text: str) -> str:
    """The name so that it leaves the order of the words beside it alone, in plain text: in a heading's name, in what is
    read aloud, in a message. Names that cannot turn anything stay as they are.
    """
    return f"{OPENS}{text}{CLOSES}" if any(bidirectional(each) in TURNS for each in text) else text


class Named(Protocol):
    """Somebody to choose: their name, and the address that tells them from others."""

    id: str
    full_name: str
    email: str


def told_apart(people: Iterable[Named]) -> dict[str, str]:
    """What a list to choose from calls each of them, by id, in their order: the name, with the address where two have
    one name.
    """
    everybody = list(people)
    names = Counter(each.full_name.casefold() for each in everybody)
    return {
        each.id: isolated(each.full_name) + (f", {each.email}" if names[each.full_name.casefold()] > 1 else "")
        for each in everybody
    }
