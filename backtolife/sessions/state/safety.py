"""How the room's document changes for safety: a call for help, a word in private. Pure."""

from backtolife.errors import Conflict, NotFound
from backtolife.sessions.state import breakout_rules
from backtolife.sessions.state.room_state import AlertState, RoomState, seat_in


def help(state: RoomState, *, alert: str, seat: str, now_ms: int) -> None:  # noqa: A001 - the event's name
    """Somebody calls for help."""
    seat_in(state, seat)
    state["alerts"][alert] = {"seat": seat, "at_ms": now_ms, "reason": ""}


def help_reason(state: RoomState, *, alert: str, reason: str) -> None:
    alert_in(state, alert)["reason"] = reason


def help_take(state: RoomState, *, alert: str, by: str) -> None:
    """Somebody called `by` has this. Raises Conflict when another one has."""
    entry = alert_in(state, alert)
    if entry.get("taken_by"):
        raise Conflict(f"{entry['taken_by']} has this already.")
    entry["taken_by"] = by


def help_escalate(state: RoomState, *, alert: str, now_ms: int) -> None:
    """Nobody took the call in time: the duty contact is told, and every page of staff says so."""
    alert_in(state, alert)["escalated_ms"] = now_ms


def help_close(state: RoomState, *, alert: str) -> None:
    alert_in(state, alert)
    del state["alerts"][alert]


def alert_in(state: RoomState, alert: str) -> AlertState:
    """The call for help. Raises NotFound for one that is closed."""
    if alert not in state["alerts"]:
        raise NotFound("This call for help is closed already.")
    return state["alerts"][alert]


def word_begin(state: RoomState, *, seat: str, by: str) -> None:
    """A patient and a facilitator are alone together; somebody from the waiting room is kept out of the group."""
    entry, other = seat_in(state, seat), seat_in(state, by)
    if entry["role"] != "patient" or entry["status"] in ("left", "removed"):
        raise Conflict(f"{entry['name']} is not here to talk to.")
    for one in (entry, other):
        if "word" in one:
            raise Conflict(f"{one['name']} is in a private word already.")
    taken = {one.get("word") for one in state["seats"].values()}
    free = next((word for word in breakout_rules.WORDS if word not in taken), None)
    if free is None:
        raise Conflict("Every private room is in use. End another private word first.")
    if entry["status"] == "lobby":
        entry["status"] = "held"
    entry.pop("word_over", None)
    entry["word"] = other["word"] = free


def word_end(state: RoomState, *, seat: str) -> None:
    """The private word that this seat is in, if any, is over for both."""
    end_word(state, seat)


def end_word(state: RoomState, seat_id: str) -> None:
    """The same; who waits still is known to have had it."""
    word = state["seats"][seat_id].get("word")
    for entry in state["seats"].values() if word else ():
        if entry.get("word") == word:
            del entry["word"]
            if entry["status"] == "held":
                entry["word_over"] = True
