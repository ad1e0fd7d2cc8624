"""What the whole room sees beside its people: reactions, a question to the group, a film watched together.

Pure, like `document`, whose table of changes it adds to.
"""

from collections.abc import Sequence
from typing import Any

from backtolife.errors import Conflict, NotFound
from backtolife.sessions import film
from backtolife.sessions.document import Document, change, seat_in

REACTIONS = ("well_done", "with_you", "me_too", "thank_you")
NO_FILM = "There is no video open. Open it first."


@change
def react(document: Document, *, seat: str, what: str, now_ms: int) -> None:
    """A sign to the group that fades by itself; pages show it for some seconds from its moment."""
    seat_in(document, seat)["sign"] = {"what": what, "at_ms": now_ms}


@change
def ask_poll(document: Document, *, poll: str, question: str, options: Sequence[str], now_ms: int) -> None:
    """A question to the group. Raises Conflict while another one is still open."""
    if document.get("poll", {}).get("open"):
        raise Conflict("Another question is still open. Close it first.")
    said = {"id": poll, "question": question, "options": list(options), "at_ms": now_ms}
    document["poll"] = {**said, "open": True, "answered": 0, "told": None}


@change
def count_poll(document: Document, *, poll: str, counts: dict[str, Any]) -> None:
    document["poll"] = {**poll_in(document, poll), **counts}


@change
def close_poll(document: Document, *, poll: str) -> None:
    """No more answers; what the group was shown stays in view."""
    poll_in(document, poll)["open"] = False


@change
def clear_poll(document: Document, *, poll: str) -> None:
    poll_in(document, poll)
    del document["poll"]


def poll_in(document: Document, poll: str) -> dict[str, Any]:
    """The question that is in view. Raises NotFound for any other."""
    found: dict[str, Any] = document.get("poll", {})
    if found.get("id") != poll:
        raise NotFound("This question is not on the screen any more.")
    return found


@change
def open_film(document: Document, *, shown: dict[str, Any], now_ms: int) -> None:
    """A film for everyone, standing at its beginning. Opening the one that is open changes nothing."""
    if document.get("film", {}).get("package") != shown["package"]:
        document["film"] = film.begun(**shown, now_ms=now_ms)


@change
def play_film(document: Document, *, now_ms: int) -> None:
    document["film"] = film.played(film_in(document), now_ms)


@change
def pause_film(document: Document, *, now_ms: int) -> None:
    document["film"] = film.paused(film_in(document), now_ms)


@change
def seek_film(document: Document, *, at_ms: int, now_ms: int) -> None:
    document["film"] = film.sought(film_in(document), at_ms, now_ms)


@change
def close_film(document: Document) -> None:
    film_in(document)
    del document["film"]


def film_in(document: Document) -> film.Film:
    """The film that is open. Raises Conflict when none is."""
    found: film.Film | None = document.get("film")
    if found is None:
        raise Conflict(NO_FILM)
    return found


def poll_seen_by(document: Document, *, staff: bool) -> dict[str, Any] | None:
    """The question as a page gets it; patients are not told how many have answered until there is a picture."""
    poll: dict[str, Any] | None = document.get("poll")
    if poll is None or staff:
        return poll
    return {key: value for key, value in poll.items() if key != "answered"}
