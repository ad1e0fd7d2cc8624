"""Reading the catalogues. They are used as they are written, so nothing has to be built before a server starts."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from backtolife.text.catalogues.pseudo import PSEUDO, pseudo_words

FOLDER = Path(__file__).resolve().parent
GAP = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
"""Of pages and scripts; of messages."""
TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class Pair:
    """What a page says in English, and in the other language. Each has two forms or more where it counts things."""

    english: tuple[str, ...]
    other: tuple[str, ...]


def tags() -> list[str]:
    """The languages there are words for, signed or not."""
    return sorted(path.stem for path in FOLDER.glob("*.po"))


def right_to_left(tag: str) -> bool:
    return Locale.parse(tag, sep="-").text_direction == "rtl"


@cache
def pairs(tag: str) -> tuple[Pair, ...]:
    """All words of a language, in the order of the catalogue. What nobody has translated yet is left out."""
    return tuple(pair for pair in pairs_of(read(tag)) if all(pair.other))


@cache
def digest(tag: str) -> str:
    """Of all its words and of those they translate: who changes either has them signed again."""
    words = [[*each.english, *each.other] for each in pairs(tag)]
    return hashlib.sha256(json.dumps([tag, words]).encode()).hexdigest()


@cache
def translations(tag: str) -> Translations:
    """The words as gettext asks for them. What a language has no words for stays English."""
    catalogue = with_pseudo_words(read("")) if tag == PSEUDO else read(tag)
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return Translations(file)


def read(tag: str) -> Catalog:
    """The catalogue of a language; without a tag, the English words alone."""
    path = FOLDER / (f"{tag}.po" if tag else "messages.pot")
    with path.open("rb") as file:
        return read_po(file, locale=tag or "en", abort_invalid=True)


def with_pseudo_words(catalogue: Catalog) -> Catalog:
    for message in catalogue:
        if message.id:
            found = [pseudo_words(each) for each in forms_of(message.id)]
            message.string = tuple(found) if message.pluralizable else found[0]
    return catalogue


def pairs_of(catalogue: Catalog) -> Iterator[Pair]:
    for message in catalogue:
        if message.id:
            yield Pair(forms_of(message.id), forms_of(message.string))


def forms_of(words: str | Sequence[str] | None) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words or ())


def faults(catalogue: Catalog) -> list[str]:
    """What would break a page: a gap or a tag that is missing in a translation, or that English does not have."""
    whole = (each for each in catalogue if each.id and all(forms_of(each.string)))
    return [found for message in whole for found in wrong_in(message)]


def gaps_in(forms: Iterable[str]) -> set[str]:
    return {name or other for each in forms for name, other in GAP.findall(each)}


def wrong_in(message: Message) -> Iterator[str]:
    english = forms_of(message.id)
    known = gaps_in(english)
    for each in forms_of(message.string):
        has = gaps_in([each])
        # A language may say "one" and "two" without a figure.
        if has - known or (not message.pluralizable and known - has):
            yield f"{english[0]!r}: the gaps are {sorted(known)}, in the translation {sorted(has)}."
        if sorted(TAG.findall(each)) != sorted(TAG.findall(english[-1])):
            yield f"{english[0]!r}: the translation has other tags."
