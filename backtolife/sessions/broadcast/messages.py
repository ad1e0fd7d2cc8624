"""What the site says to a page of the room by itself. Types only."""

from typing import TypedDict

from backtolife.sessions.records.chat import ShownMessage


class PatchMessage(TypedDict):
    """The room changed, for what this seat may see."""

    version: int
    sent_ms: int
    patch: dict[str, object]
    """A merge patch (RFC 7396) of the view: null where something is gone."""


class TakenBack(TypedDict):
    """This message goes from every page."""

    id: str


class WellAgain(TypedDict):
    """Somebody who asked for help says that they are OK."""

    name: str


class SignedOut(TypedDict):
    """The sign-in ended."""

    error: str


class NothingMore(TypedDict):
    """The message says it all."""


MESSAGES: dict[str, type] = {
    "patch": PatchMessage,
    "chat": ShownMessage,
    "taken_back": TakenBack,
    "well_again": WellAgain,
    "here": NothingMore,
    "elsewhere": NothingMore,
    "signed_out": SignedOut,
    "people_gone": NothingMore,
}
"""What each message carries, by its name."""
