"""What each event carries, with its limits, said once: `reading` holds what comes in to it, handlers are given it, and
the protocol's page and the scripts' types are made from it. Types only.

`TypedDict` is typing_extensions': before Python 3.12 pydantic takes no other.
"""

from typing import Annotated, Literal, NotRequired

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from backtolife.sessions.state.breakout_rules import MOST_GROUPS
from backtolife.sessions.state.room_state import CameraWord
from backtolife.text.characters import UNKEEPABLE


def keepable(text: str) -> str:
    """`text`, where every database keeps it as it is. Raises ValueError, which `reading` puts in words."""
    if UNKEEPABLE.search(text):
        raise ValueError("It holds a character that cannot be kept.")
    return text


KEPT = AfterValidator(keepable)
Identifier = Annotated[str, Field(max_length=32), KEPT]
Score = Annotated[int, Field(ge=0, le=10)]
Minutes = Annotated[int, Field(ge=1, le=30)]
SmallGroup = Literal["1", "2", "3", "4", "5"]
LONGEST_FILM_MS = 4 * 60 * 60 * 1000


class Nothing(TypedDict):
    """The event says it all."""


class ToSeat(TypedDict):
    """Whom it is about, by seat."""

    seat: Identifier


class ToAlert(TypedDict):
    """Which call for help."""

    alert: Identifier


class ToPoll(TypedDict):
    """Which question to the group."""

    poll: Identifier


class PollAnswer(ToPoll):
    """What somebody chose, from 0."""

    choice: Annotated[int, Field(ge=0, le=5)]


class PollAsk(TypedDict):
    """A question to the group with 2 to 6 answers to choose from."""

    question: Annotated[str, Field(max_length=200), KEPT]
    options: Annotated[list[Annotated[str, Field(max_length=60), KEPT]], Field(min_length=2, max_length=6)]


class CameraChoice(TypedDict):
    """Who may see one's picture."""

    choice: CameraWord


class Exercising(TypedDict):
    """How one does the exercise, and how it feels; either or both."""

    way: NotRequired[Literal["sitting", "standing", "lying"]]
    feels: NotRequired[Literal["easy", "right", "hard", "rest"]]


class Check(TypedDict):
    """One's pain and effort, each from 0 to 10; either or both."""

    pain: NotRequired[Score]
    effort: NotRequired[Score]


class Chat(TypedDict):
    """A message. `small` and `round` say for which small group it was meant, and since when (ms) that was open."""

    text: Annotated[str, Field(max_length=1000), KEPT]
    audience: Literal["group", "facilitators"]
    client_id: Annotated[str, Field(max_length=40), KEPT]
    small: NotRequired[Annotated[str, Field(max_length=8), KEPT]]
    round: NotRequired[Annotated[int, Field(ge=0, le=2**53)]]


class TakeBack(TypedDict):
    """Which message."""

    message: Identifier


class React(TypedDict):
    """A sign to the group."""

    what: Literal["well_done", "with_you", "me_too", "thank_you"]


class HelpReason(TypedDict):
    """Why somebody calls for help."""

    reason: Literal["pain", "upset", "unwell", "technical"]


class Seen(TypedDict):
    """Which section the sender's page showed when they pressed; -1 before the first."""

    seen: Annotated[int, Field(ge=-1, le=99)]


class GoTo(Seen):
    """Which section to go to, from 0."""

    index: Annotated[int, Field(ge=0, le=99)]


class Stretch(Seen):
    """By how many minutes."""

    minutes: Minutes


class FilmSeek(TypedDict):
    """Where in the film, in ms."""

    at_ms: Annotated[int, Field(ge=0, le=LONGEST_FILM_MS)]


class SmallPlan(TypedDict):
    """How many small groups; without it as many as people make."""

    groups: NotRequired[Annotated[int, Field(ge=1, le=MOST_GROUPS)]]


class SmallMove(ToSeat):
    """Into which small group."""

    group: SmallGroup


class SmallOpen(TypedDict):
    """For how many minutes."""

    minutes: Minutes


class SmallVisit(TypedDict):
    """Which small group; "" for the main room."""

    group: Literal["", SmallGroup]


class SmallBack(TypedDict):
    """How long everybody has to come back."""

    seconds: Annotated[int, Field(ge=5, le=120)]
