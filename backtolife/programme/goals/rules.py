"""What a goal may be. Pure."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import takewhile

from backtolife.errors import Invalid

LONGEST = 300
MOST = 12
"""How many goals one person has at most: more than that nobody works on."""


def words_kept(words: str) -> str:
    """The words as they are kept. Raises Invalid for none or too many."""
    kept = " ".join(words.split())
    if not kept:
        raise Invalid("Write what they want to do more of", "words")
    if len(kept) > LONGEST:
        raise Invalid(f"Use at most {LONGEST} characters", "words")
    return kept


def refuse_more(count: int) -> None:
    """Raise Invalid when somebody has `count` goals already and that is enough."""
    if count >= MOST:
        raise Invalid(f"There are {MOST} goals already. Change the words of one of them instead", "words")


def refuse_past(look_back_on: date | None, today: date) -> None:
    """Raise Invalid for a day to look back that is over."""
    if look_back_on is not None and look_back_on < today:
        raise Invalid("Choose a day to look back that is still to come", "look_back_on")


def session_at(starts: Sequence[datetime], now: datetime) -> int:
    """The number of the newest session that has begun, of those that start at `starts`; 1 before the first."""
    return max(1, len(list(takewhile(lambda start: start <= now, starts))))
