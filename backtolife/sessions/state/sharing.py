"""What the whole room sees beside its people: reactions, counts, a question to the group, a film. Pure."""

from collections.abc import Sequence

from backtolife.errors import Conflict, NotFound
from backtolife.sessions.state import playback
from backtolife.sessions.state.room_state import (
    Counts,
    FilmShown,
    FilmState,
    MomentCounts,
    MomentWord,
    PollState,
    RoomState,
    seat_in,
)

NO_FILM = "There is no video open. Open it first."


def react(state: RoomState, *, seat: str, what: str, now_ms: int) -> None:
    """A sign to the group that fades by itself; pages show it for some seconds from its moment."""
    seat_in(state, seat)["sign"] = {"what": what, "at_ms": now_ms}


def check(state: RoomState, *, moment: MomentWord, counts: MomentCounts) -> None:
    """Somebody said their pain or effort: how it stands with everybody's at that moment."""
    state.setdefault("checks", {})[moment] = counts
    state["checks_said"] = state.get("checks_said", 0) + 1


def poll_ask(state: RoomState, *, poll: str, question: str, options: Sequence[str], now_ms: int) -> None:
    """A question to the group. Raises Conflict while another one is still open."""
    if "poll" in state and state["poll"]["open"]:
        raise Conflict("Another question is still open. Close it first.")
    state["poll"] = {
        "id": poll,
        "question": question,
        "options": list(options),
        "at_ms": now_ms,
        "open": True,
        "answered": 0,
        "told": None,
    }


def poll_answer(state: RoomState, *, poll: str, counts: Counts) -> None:
    """Somebody answered: how it stands with all answers."""
    poll_in(state, poll).update({"answered": counts["answered"], "told": counts["told"]})


def poll_close(state: RoomState, *, poll: str) -> None:
    """No more answers; what the group was shown stays in view."""
    poll_in(state, poll)["open"] = False


def poll_clear(state: RoomState, *, poll: str) -> None:
    poll_in(state, poll)
    del state["poll"]


def poll_in(state: RoomState, poll: str) -> PollState:
    """The question that is in view. Raises NotFound for any other."""
    found = state.get("poll")
    if found is None or found["id"] != poll:
        raise NotFound("This question is not on the screen any more.")
    return found


def film_open(state: RoomState, *, shown: FilmShown, now_ms: int) -> None:
    """A film for everyone, standing at its beginning. Opening the one that is open changes nothing."""
    if "film" not in state or state["film"]["package"] != shown["package"]:
        state["film"] = playback.begun(shown, now_ms)


def film_play(state: RoomState, *, now_ms: int) -> None:
    state["film"] = playback.played(film_in(state), now_ms)


def film_pause(state: RoomState, *, now_ms: int) -> None:
    state["film"] = playback.paused(film_in(state), now_ms)


def film_seek(state: RoomState, *, at_ms: int, now_ms: int) -> None:
    state["film"] = playback.sought(film_in(state), at_ms, now_ms)


def film_close(state: RoomState) -> None:
    film_in(state)
    del state["film"]


def film_in(state: RoomState) -> FilmState:
    """The film that is open. Raises Conflict when none is."""
    found = state.get("film")
    if found is None:
        raise Conflict(NO_FILM)
    return found
