"""What the room answers to an event, beside that it went well. Types only; an event with none answers no more."""

from typing import NotRequired, TypedDict

from backtolife.sessions.records.chat import ShownMessage
from backtolife.sessions.records.checks import CheckNumbers
from backtolife.sessions.state.room_state import MomentWord
from backtolife.sessions.state.room_view import PatientView, StaffView


class StateReply(TypedDict):
    """The whole of what this seat may see."""

    release: str
    """Which release of the site answers; a page of another one asks to be loaded again."""
    version: int
    """Counts the changes of the room; a patch brings a page from one version to the next."""
    sent_ms: int
    state: PatientView | StaffView
    chat: list[ShownMessage]
    taken_back: list[str]
    """The messages that no page may show any more."""
    checked: dict[MomentWord, CheckNumbers]
    """What this seat has said itself."""
    chosen: int | None
    """What this seat chose in the question that is in view."""


class MessageReply(TypedDict):
    """The message as everybody gets it."""

    message: ShownMessage


class AlertReply(TypedDict):
    """One's own call for help."""

    alert: str


class PollReply(TypedDict):
    """The question that was asked."""

    poll: str


class AdmittedReply(TypedDict):
    """How many people were let in."""

    admitted: int
    not_agreed: NotRequired[str]
    """Who stays outside, in words: they have not agreed to what the room needs."""
    unread: NotRequired[str]
    """Who stays outside, in words: nobody has read the warning sign that they ticked."""


class ChecksReply(TypedDict):
    """Everyone's pain and effort, by seat."""

    checks: dict[str, dict[MomentWord, CheckNumbers]]


class NamedWords(TypedDict):
    """What somebody wrote beside a video, for the team."""

    name: str
    words: str


class WrittenReply(TypedDict):
    """What people wrote after the video: one's own; what the group may read, without names; what the team may."""

    own: list[str]
    group: list[str]
    team: list[NamedWords]


class Refusal(TypedDict):
    """An event that was not carried out."""

    error: str
    """What the person reads."""
    status: int
    """What becomes of unsent words: 403, 409 and 400 give them back; 429, 500 and 503 are tried again."""


class Warned(TypedDict):
    """An event that was carried out."""

    warning: NotRequired[str]
    """The media engine could not be told yet."""
