"""How the room's document changes with each person: they come, wait, are let in, put up a hand, leave. Pure."""

from collections.abc import Sequence

from backtolife.errors import Conflict
from backtolife.sessions.state import breakout_rules
from backtolife.sessions.state.leadership import choose_lead
from backtolife.sessions.state.room_state import (
    STAYS,
    Beside,
    Missing,
    NewsLevel,
    RoomState,
    SeatState,
    seat_in,
)
from backtolife.sessions.state.rules import Camera, SeatRole
from backtolife.sessions.state.safety import end_word


def say_late(state: RoomState, *, person: str, minutes: int, now_ms: int) -> None:
    """Somebody on the list will come about `minutes` late."""
    if person in state.get("not_coming", {}):
        say_coming(state, person=person)
    state.setdefault("late", {})[person] = {"minutes": minutes, "said_ms": now_ms}


def say_not_coming(state: RoomState, *, person: str, now_ms: int) -> None:
    """Somebody on the list cannot come to this session; nobody waits for them or rings them."""
    state["late"] = {key: value for key, value in state.get("late", {}).items() if key != person}
    state.setdefault("not_coming", {}).setdefault(person, now_ms)


def say_coming(state: RoomState, *, person: str) -> None:
    """Somebody who said that they cannot come comes after all."""
    state["not_coming"] = {key: value for key, value in state.get("not_coming", {}).items() if key != person}


def forget_plans(state: RoomState) -> None:
    """The session takes place at another time: what people said about coming late or not at all was of the old one."""
    state["late"], state["not_coming"] = {}, {}


def warn(state: RoomState, *, person: str, level: NewsLevel) -> None:
    """Somebody ticked warning signs at the door; "" when they took the ticks off again."""
    warned = {key: value for key, value in state.get("warned", {}).items() if key != person}
    if level:
        warned[person] = level
    state["warned"] = warned


def take_seat(
    state: RoomState, *, seat: str, person: str, name: str, role: SeatRole, camera: Camera, news: NewsLevel,
    now_ms: int, beside: Beside | None = None, missing: Sequence[Missing] = ()
) -> None:  # fmt: skip
    """Sit down: staff in the room, others in the waiting room. Coming back while admitted or held changes neither."""
    earlier = state["seats"].get(seat)
    entry: SeatState = {
        "person": person,
        "name": name,
        "role": role.value,
        "status": "admitted" if role is SeatRole.FACILITATOR else "lobby",
        "camera": camera.value,
        "came_ms": now_ms,
        "online": False,
        "news": news,
    }
    if beside:
        entry["beside"] = beside
    if missing:
        entry["missing"] = list(missing)
    if earlier is not None:
        keep_what_was(earlier, entry)
    state["seats"][seat] = entry
    if person in state.get("not_coming", {}):
        say_coming(state, person=person)
    choose_lead(state)


def keep_what_was(earlier: SeatState, entry: SeatState) -> None:
    """What somebody who comes again keeps: when they first were here, their small group, and whether they are in."""
    if earlier["status"] in STAYS:
        entry["status"] = earlier["status"]
    if "here_ms" in earlier:
        entry["here_ms"] = earlier["here_ms"]
    if "admitted_ms" in earlier:
        entry["admitted_ms"] = earlier["admitted_ms"]
    if "small" in earlier:
        entry["small"] = earlier["small"]


def arrive(state: RoomState, *, seat: str) -> None:
    """The seat's page is connected."""
    entry = seat_in(state, seat)
    entry["online"] = True
    entry.pop("dropped_ms", None)


def drop(state: RoomState, *, seat: str, now_ms: int) -> None:
    """The seat's page is gone without leaving."""
    entry = seat_in(state, seat)
    entry["online"] = False
    entry["dropped_ms"] = now_ms


def present(state: RoomState, *, seat: str, place: str, now_ms: int) -> None:
    """The media engine has this seat's sound and picture in that place: "" for the whole group, or a small group."""
    entry = seat_in(state, seat)
    entry |= {"media": True, "at": place}
    entry.setdefault("here_ms", now_ms)


def absent(state: RoomState, *, seat: str, now_ms: int) -> None:
    """The media engine has this seat's sound and picture no more."""
    seat_in(state, seat).update({"media": False, "cut_ms": now_ms})


def look_up(state: RoomState, *, seat: str, by: str) -> None:
    """A facilitator, called `by`, has read what is new with this person; the first one is remembered."""
    seat_in(state, seat).setdefault("news_read", by)


def admit(state: RoomState, *, seat: str, now_ms: int) -> None:
    entry = seat_in(state, seat)
    if entry["status"] not in ("lobby", "held"):
        raise Conflict(f"{entry['name']} is not in the waiting room any more.")
    entry |= {"status": "admitted", "admitted_ms": now_ms}
    entry.pop("word_over", None)
    breakout_rules.put_late(state, seat)


def hold(state: RoomState, *, seat: str) -> None:
    """Into the waiting room, and kept there when everybody else is let in."""
    entry = seat_in(state, seat)
    end_word(state, seat)
    if entry["role"] == "facilitator":
        raise Conflict("A facilitator cannot be put into the waiting room.")
    entry["status"] = "held"
    entry.pop("hand_ms", None)


def remove(state: RoomState, *, seat: str) -> None:
    entry = seat_in(state, seat)
    end_word(state, seat)
    if entry["role"] == "facilitator":
        raise Conflict("A facilitator cannot be removed from the session.")
    entry["status"] = "removed"
    entry.pop("hand_ms", None)


def let_back(state: RoomState, *, seat: str) -> None:
    """A removal is undone: the person may get ready and wait at the door again."""
    entry = seat_in(state, seat)
    if entry["status"] != "removed":
        raise Conflict(f"{entry['name']} has not been removed.")
    entry["status"] = "left"


def leave(state: RoomState, *, seat: str) -> None:
    entry = seat_in(state, seat)
    end_word(state, seat)
    entry["status"] = "left"
    entry["online"] = False
    entry.pop("hand_ms", None)
    choose_lead(state)


def hand_up(state: RoomState, *, seat: str, now_ms: int) -> None:
    """A hand that is up already keeps its place in the line."""
    seat_in(state, seat).setdefault("hand_ms", now_ms)


def hand_down(state: RoomState, *, seat: str) -> None:
    seat_in(state, seat).pop("hand_ms", None)


def mute(state: RoomState, *, seats: Sequence[str], now_ms: int) -> None:
    """A facilitator turned these people's sound off. They may turn it on again where the section lets them."""
    for seat in seats:
        seat_in(state, seat)["quiet_ms"] = now_ms


def camera_choice(state: RoomState, *, seat: str, choice: Camera) -> None:
    seat_in(state, seat)["camera"] = choice.value


def stop_camera(state: RoomState, *, seat: str, now_ms: int) -> None:
    """A facilitator turned this person's picture off. They may turn it on again, and choose anew who sees it."""
    entry = seat_in(state, seat)
    if entry["role"] == "facilitator":
        raise Conflict("A facilitator’s camera is their own. Ask them to turn it off.")
    entry["camera"] = "off"
    entry["camera_stopped_ms"] = now_ms


def exercising(state: RoomState, *, seat: str, way: str, feels: str) -> None:
    """How somebody does the exercise, and how it feels; "" for what they did not say now."""
    entry = seat_in(state, seat)
    if way:
        entry["way"] = way
    if feels:
        entry["feels"] = feels
