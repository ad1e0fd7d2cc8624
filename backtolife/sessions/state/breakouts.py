"""How small groups change the room's document. Pure."""

from collections.abc import Mapping

from backtolife.errors import Conflict
from backtolife.sessions.state import breakout_rules
from backtolife.sessions.state.room_state import RoomState, seat_in

MINUTE_MS = 60_000


def small_plan(state: RoomState, *, groups: int, division: Mapping[str, str]) -> None:
    """Divide the patients anew. Nobody moves until the groups are opened."""
    if state["status"] != "running":
        raise Conflict("Start the session first.")
    if "small" in state and state["small"]["open"]:
        raise Conflict("People are in their small groups. Call them back first, then make new groups.")
    breakout_rules.come_together(state)
    state["small"] = {"groups": [str(number + 1) for number in range(groups)], "open": False}
    for seat, group in division.items():
        seat_in(state, seat)["small"] = group


def small_move(state: RoomState, *, seat: str, group: str) -> None:
    """Put one patient into another group, before or after the groups were opened."""
    breakout_rules.refuse_unknown(state, group)
    entry = seat_in(state, seat)
    if entry["role"] != "patient" or entry["status"] != "admitted":
        raise Conflict(f"{entry['name']} is not in a small group.")
    entry["small"] = group


def small_open(state: RoomState, *, minutes: int, now_ms: int) -> None:
    small = breakout_rules.small_in(state)
    if small["open"]:
        raise Conflict("The small groups are open already.")
    small |= {"open": True, "opened_ms": now_ms, "until_ms": now_ms + minutes * MINUTE_MS}


def small_visit(state: RoomState, *, seat: str, group: str) -> None:
    """A facilitator goes into a small group, or with "" back to the main room."""
    if not breakout_rules.small_in(state)["open"]:
        raise Conflict("The small groups are not open yet.")
    entry = seat_in(state, seat)
    if group:
        breakout_rules.refuse_unknown(state, group)
        entry["small"] = group
    else:
        entry.pop("small", None)


def small_back(state: RoomState, *, seconds: int, now_ms: int) -> None:
    """Everyone comes back when the countdown ends; asking again sets it anew."""
    small = breakout_rules.small_in(state)
    if not small["open"]:
        raise Conflict("The small groups are not open yet.")
    small["back_ms"] = now_ms + seconds * 1000


def small_end(state: RoomState) -> None:
    breakout_rules.come_together(state)
