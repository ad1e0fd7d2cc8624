"""What a page says in the language it is in: words that were marked for the catalogues, and what is English alone."""

from datetime import date
from typing import Any

from babel.dates import format_date
from flask import g
from flask_babel import gettext as _
from markupsafe import Markup

from backtolife.text.catalogues.pseudo import PSEUDO
from backtolife.text.catalogues.worded import Filled

ENGLISH = "en-GB"
DAY_AND_YEAR = "EEEE d MMMM y"


def said_in() -> str:
    """The tag of the language that this request is answered in."""
    return str(g.get("page_language", ENGLISH))


def locale_name() -> str:
    """As Babel wants it. Of the language that nobody speaks it has never heard."""
    tag = said_in()
    return "en_GB" if tag in (ENGLISH, PSEUDO) else tag.replace("-", "_")


def english(words: str) -> str:
    """What is in English alone, such as the programme, marked as such on a page in another language."""
    if said_in() == ENGLISH:
        return words
    return Markup('<bdi lang="{}" dir="ltr">{}</bdi>').format(ENGLISH, words)


def translated(words: str) -> str:
    """Words that were marked, in the language of the page. What the catalogue does not have stays as it is."""
    if said_in() == ENGLISH or not words:
        return words
    if isinstance(words, Filled):
        return str(_(words.pattern)) % {name: in_its_language(value) for name, value in words.gaps.items()}
    return str(_(words))


def in_its_language(value: Any) -> Any:
    if isinstance(value, date):
        return format_date(value, DAY_AND_YEAR, locale=locale_name())
    return translated(value) if isinstance(value, str) else value


def told(words: str) -> str:
    """As `translated`; what the catalogue does not have is marked as English."""
    if isinstance(words, Markup) or not isinstance(words, str):
        return words
    found = translated(words)
    return english(words) if found == words else found


def kept(words: str) -> str:
    """Words with filled gaps, for a message on the next page: translated now, for their gaps are lost then."""
    return words if said_in() == ENGLISH else Markup.escape(translated(words))
