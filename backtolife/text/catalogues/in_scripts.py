"""What scripts say, in one language, as a page carries it to them."""

from collections.abc import Callable, Collection
from functools import cache

from babel import Locale
from babel.messages.catalog import Message

from backtolife.text.catalogues import reading
from backtolife.text.catalogues.pseudo import PSEUDO

FOLDER = "static/js/"
OTHER = "other"
COUNTED = range(1001)
"""Among so many numbers each language says each of its forms."""
Said = dict[str, str | dict[str, str]]


def words_for(tag: str, files: Collection[str]) -> Said:
    """By the English words, those that these scripts say; what counts things in CLDR's forms (one, few, …).

    `files` are paths below the folder of scripts. What nobody has translated is left out.
    """
    return {english: words for english, words, said_in in all_said(tag) if not said_in.isdisjoint(files)}


@cache
def all_said(tag: str) -> tuple[tuple[str, str | dict[str, str], frozenset[str]], ...]:
    """The English words, those of the language, and the scripts that say them."""
    catalogue = reading.with_pseudo_words(reading.read("")) if tag == PSEUDO else reading.read(tag)
    return tuple(
        (reading.forms_of(each.id)[0], said(each, tag), scripts_of(each))
        for each in catalogue
        if scripts_of(each) and all(reading.forms_of(each.string))
    )


def scripts_of(message: Message) -> frozenset[str]:
    return frozenset(file.removeprefix(FOLDER) for file, _ in message.locations if file.startswith(FOLDER))


def said(message: Message, tag: str) -> str | dict[str, str]:
    forms = reading.forms_of(message.string)
    return {name: forms[form] for name, form in forms_by_name(tag)} if message.pluralizable else forms[0]


@cache
def forms_by_name(tag: str) -> tuple[tuple[str, int], ...]:
    """Which of gettext's forms each of CLDR's names means. A fraction is said with the last."""
    form_of: Callable[[int], int] = getattr(reading.translations(tag), "plural")  # noqa: B009 - its types lack it
    locale = Locale.parse("en" if tag == PSEUDO else tag, sep="-")
    found = {str(locale.plural_form(number)): form_of(number) for number in COUNTED}
    return tuple({OTHER: max(found.values()), **found}.items())
