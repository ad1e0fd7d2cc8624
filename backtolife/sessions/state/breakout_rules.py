"""Small groups inside a session: how people are divided, where each of them is, which media room that is. Pure.

A place is "" for the whole group and "1", "2" … for a small group. Each small group has a media room of its own; its
attendance belongs to the group session.
"""

from collections.abc import Iterable, Sequence

from backtolife.errors import Conflict, NotFound
from backtolife.sessions.state.room_state import RoomState, SeatState, SmallGroups

WHOLE = ""
"""The place where the whole group is."""
MOST_GROUPS = 5
SMALLEST, LARGEST = 3, 4
ENDING = "-small-"
WORDS = ("w1", "w2", "w3", "w4")
"""The places for a word in private, one for each that may be going on at once."""


def how_many(people: int, smallest: int = SMALLEST, largest: int = LARGEST) -> int:
    """How many groups `people` make: none larger than `largest` unless one would then be below `smallest`."""
    groups = -(-people // largest)
    return max(1, groups if people >= groups * smallest else people // smallest)


def divided(seats: Sequence[str], groups: int) -> dict[str, str]:
    """The group of each seat, dealt out in turn so that sizes differ by one at most."""
    return {seat: str(place % groups + 1) for place, seat in enumerate(seats)}


def open_groups(state: RoomState, now_ms: int) -> bool:
    """Whether people are in their small groups: opened, and the time to come back has not passed."""
    small = state.get("small")
    return small is not None and small["open"] and now_ms < small.get("back_ms", now_ms + 1)


def place_of(state: RoomState, seat_id: str, now_ms: int) -> str:
    """Where this seat's sound and picture belong at present."""
    entry = state["seats"][seat_id]
    if "word" in entry:
        return entry["word"]
    return small_of(state, entry) if open_groups(state, now_ms) else WHOLE


def small_place(state: RoomState, seat_id: str, now_ms: int) -> str:
    """The small group that this seat is in at present; "" for the whole group and in a private word."""
    place = place_of(state, seat_id, now_ms)
    return WHOLE if place in WORDS else place


def inside(state: RoomState) -> list[str]:
    """The seats that have sound and picture somewhere: let in, or taken aside for a private word."""
    return [seat for seat, entry in state["seats"].items() if may_be_inside(entry)]


def may_be_inside(entry: SeatState) -> bool:
    return entry["status"] == "admitted" or "word" in entry


def small_of(state: RoomState, entry: SeatState) -> str:
    """The small group of somebody; a companion is in the group of the patient they sit beside."""
    if "beside" not in entry:
        return entry.get("small", WHOLE)
    patients = (one for one in state["seats"].values() if one["person"] == entry["beside"]["person"])
    return next((one["small"] for one in patients if "small" in one), WHOLE)


def who_moves(before: RoomState, after: RoomState, now_ms: int) -> list[str]:
    """Whom a change takes from one place to another. Facilitators go by themselves."""
    return [
        seat
        for seat, entry in after["seats"].items()
        if entry["role"] != "facilitator" and place_of(before, seat, now_ms) != place_of(after, seat, now_ms)
    ]


def put_late(state: RoomState, seat_id: str) -> None:
    """Somebody was let in while small groups are made: back to their own group, or to the smallest."""
    small, entry = state.get("small"), state["seats"][seat_id]
    if small is None or entry["role"] != "patient" or entry.get("small"):
        return
    sizes = dict.fromkeys(small["groups"], 0)
    for seat in patients_in(state):
        if "small" in state["seats"][seat]:
            sizes[state["seats"][seat]["small"]] += 1
    entry["small"] = min(sizes, key=lambda group: (sizes[group], group))


def patients_in(state: RoomState) -> list[str]:
    """The seats that are divided among small groups: patients who were let in, in order of coming."""
    seats = state["seats"]
    found = [seat for seat, entry in seats.items() if entry["role"] == "patient" and entry["status"] == "admitted"]
    return sorted(found, key=lambda seat: (seats[seat]["came_ms"], seat))


def come_together(state: RoomState) -> None:
    """No small groups any more."""
    state.pop("small", None)
    for entry in state["seats"].values():
        entry.pop("small", None)


def small_in(state: RoomState) -> SmallGroups:
    """What is known of the small groups. Raises Conflict when there are none."""
    small = state.get("small")
    if small is None:
        raise Conflict("There are no small groups now. Make them first.")
    return small


def refuse_unknown(state: RoomState, group: str) -> None:
    """Raise NotFound for a group that is not one of the groups made."""
    if group not in small_in(state)["groups"]:
        raise NotFound("There is no such small group.")


def room_of(group_session_id: str, place: str) -> str:
    """The media room of a place."""
    return f"{group_session_id}{ENDING}{place}" if place else group_session_id


def session_and_place(room: str) -> tuple[str, str]:
    """Whose media room this is: the group session's id and the place in it."""
    session, _, place = room.partition(ENDING)
    return session, place


def by_room(group_session_id: str, state: RoomState, seats: Iterable[str], now_ms: int) -> dict[str, list[str]]:
    """The seats by the media room that they belong in at present."""
    rooms: dict[str, list[str]] = {}
    for seat in seats:
        rooms.setdefault(room_of(group_session_id, place_of(state, seat, now_ms)), []).append(seat)
    return rooms


def every_room(group_session_id: str) -> list[str]:
    """Every media room that a small group or a private word of this session can have."""
    places = [*(str(number + 1) for number in range(MOST_GROUPS)), *WORDS]
    return [room_of(group_session_id, place) for place in places]


def small_rooms(group_session_id: str, state: RoomState) -> list[str]:
    """The media rooms of the small groups that are made."""
    small = state.get("small")
    return [room_of(group_session_id, group) for group in small["groups"]] if small else []
