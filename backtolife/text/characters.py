"""Characters that no database keeps alike: NUL, which one refuses and another cuts at, and halves of a pair. And marks
without end above one letter: putting those in order takes the square of their number.

Nobody types them. They come from broken programs and from who looks for a weak place.
"""

import re
from functools import cache
from typing import Literal
from unicodedata import combining, decomposition, normalize

from backtolife.errors import Invalid

UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
WORDS = "This contains a character that we cannot save. Delete the last things you pasted, type them again, and save."
FIRST_MARK, PAST_MARKS = 0x300, 0x20000
MOST_MARKS = 60
"""On one letter. Unicode's own limit for text that is passed on is 30 (UAX 15, Stream-Safe Text)."""
LONGEST_IN_ONE_FORM = 1000
"""Of names, numbers and addresses, which alone we bring into one form. What is kept of each is far shorter."""
TOO_LONG = "This is too long. Enter something shorter."


def refuse_unkeepable(*texts: str) -> None:
    """Raise Invalid when one of `texts` holds such a character, or marks without end."""
    for text in texts:
        if UNKEEPABLE.search(text) or (len(text) > MOST_MARKS and not text.isascii() and piled().search(text)):
            raise Invalid(WORDS)


def in_one_form(form: Literal["NFC", "NFKC"], text: str, *, field: str = "") -> str:
    """`text` with each character written in one way. Raises Invalid for one too long to be a name or a number."""
    if len(text) > LONGEST_IN_ONE_FORM:
        raise Invalid(TOO_LONG, field)
    return normalize(form, text)


@cache
def piled() -> re.Pattern[str]:
    """More marks in a row than stand on any letter."""
    marks = re.escape("".join(map(chr, filter(is_mark, range(FIRST_MARK, PAST_MARKS)))))
    return re.compile(f"(?<![{marks}])[{marks}]{{{MOST_MARKS + 1}}}")


def is_mark(point: int) -> bool:
    """Whether it goes onto the letter before it: itself, or the first of what it stands for."""
    parts = [part for part in decomposition(chr(point)).split() if not part.startswith("<")]
    return combining(chr(point)) > 0 or bool(parts and combining(chr(int(parts[0], 16))))
