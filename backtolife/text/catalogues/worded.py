"""Words that are written far from any page, and still are in the catalogues. Who shows them translates them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backtolife.text import dates_in_words


class Filled(str):
    """English words whose gaps are filled, which still know both: a page in another language fills its own words."""

    pattern: str
    gaps: Mapping[str, Any]


def worded(words: str, **gaps: Any) -> str:
    """The words in English. `gaps` fill `%(name)s`; a date is said with its year, in the language of the page."""
    if not gaps:
        return words
    found = Filled(words % {name: in_english(value) for name, value in gaps.items()})
    found.pattern, found.gaps = words, gaps
    return found


def in_english(value: Any) -> Any:
    return dates_in_words.day_and_year(value) if isinstance(value, date) else value
