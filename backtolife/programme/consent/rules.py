"""Which words people agree to, whether a yes still counts, and until when somebody under way may do without one."""

from datetime import datetime, timedelta
from enum import StrEnum

from backtolife.errors import Invalid

LONGEST_TITLE, LONGEST_BODY = 120, 20_000
GRACE = timedelta(days=14)
"""For how long somebody whose group already meets may come in after new words were published: nobody in the middle of
a programme finds the door shut without having been told.
"""


class ConsentKind(StrEnum):
    """What somebody agrees to. Each is a text of its own, with versions of its own."""

    GROUP = "group_agreement"
    DATA = "use_of_data"
    LATER = "later_questions"
    GP = "contact_gp"


NEEDED = frozenset({ConsentKind.GROUP, ConsentKind.DATA})
"""Without these nobody comes into the live room. To all others a no is as good as a yes."""


class Stand(StrEnum):
    """How somebody stands to one of the texts."""

    AGREED = "agreed"
    REFUSED = "refused"
    OPEN = "open"
    """Not asked, not answered, or to be asked again."""


def stand(agreed: bool | None, version: int, *, asks_from: int) -> Stand:
    """How an answer to `version` stands, while every version below `asks_from` is to be asked again; None: no answer.

    A no stands until it is taken back: nobody is asked again and again.
    """
    if agreed is None:
        return Stand.OPEN
    if not agreed:
        return Stand.REFUSED
    return Stand.AGREED if version >= asks_from else Stand.OPEN


def counts(*, agreed: bool, version: int, newest: int) -> bool:
    """Whether an answer to `version` counts from now on, after one to version `newest` was given.

    A no always does. A yes from a page that was opened before does not speak for words that came later.
    """
    return not agreed or version >= newest


def may_wait_until(*, published_at: datetime, began_at: datetime, enrolled_at: datetime) -> datetime | None:
    """Until when somebody may come in without having answered: who was in a group that had begun when the words were
    published has some days. None for everybody else: they answer before they come in for the first time.
    """
    under_way = began_at <= published_at and enrolled_at <= published_at
    return published_at + GRACE if under_way else None


def shuts(kind: ConsentKind, how: Stand, *, until: datetime | None, now: datetime) -> bool:
    """Whether the live room is shut for somebody who stands so to these words."""
    if kind not in NEEDED or how is Stand.AGREED:
        return False
    return how is Stand.REFUSED or until is None or now >= until


def check_words(title: str, body: str) -> None:
    """Raise Invalid for words that nobody could read."""
    if not title.strip():
        raise Invalid("Enter a title", "title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(f"Use at most {LONGEST_TITLE} characters", "title")
    if not body.strip():
        raise Invalid("Enter the words that people agree to", "body")
    if len(body) > LONGEST_BODY:
        raise Invalid(f"Use at most {LONGEST_BODY} characters", "body")
