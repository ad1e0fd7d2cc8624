"""The session's script: how a group moves through its sections, when each ends, the parts of a circuit. Pure.

Moments are milliseconds since 1970 on the server's clock; a page is told the server's time with every message and
counts down from there, so that a device with a wrong clock shows the same number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.programme.plan.template import Section
from backtolife.sessions.state import breakout_rules
from backtolife.sessions.state.room_state import STAYS, RoomState
from backtolife.sessions.state.safety import end_word

MINUTE_MS = 60_000
LONGEST_STRETCH = 30


@dataclass(frozen=True)
class Phase:
    """One part of a circuit: an introduction, an exercise, a rest or the cool-down. `exercise_id` may be empty."""

    kind: Literal["intro", "work", "rest", "cool_down"]
    seconds: int
    exercise_id: str = ""
    station: int = 0
    """From 1; 0 outside the stations."""


def refuse_stale(seen: int, current: int) -> None:
    """Raise Conflict when the sender's page showed another section than the one the group is in.

    Two presses of *Next*, or two facilitators pressing at once, then move the group one step and not two.
    """
    if seen != current:
        raise Conflict("The group has already moved. Look at the script, then press again if you still need to.")


def following(current: int, count: int) -> int:
    """The place after `current`. Raises Conflict at the end of the script."""
    if current + 1 >= count:
        raise Conflict("This is the last part of the session. End the session when you are ready.")
    return current + 1


def preceding(current: int) -> int:
    """The place before `current`. Raises Conflict at the start of the script."""
    if current <= 0:
        raise Conflict("This is the first part of the session.")
    return current - 1


def chosen(index: int, count: int) -> int:
    """`index`, when the script has such a place. Raises NotFound otherwise."""
    if not 0 <= index < count:
        raise NotFound("There is no such part in this session's script.")
    return index


def deadline(section: Section, entered_ms: int) -> int:
    """When a section that was entered at `entered_ms` should be over."""
    return entered_ms + section.minutes * MINUTE_MS


def stretched(deadline_ms: int, minutes: int, now_ms: int) -> int:
    """The deadline moved on by `minutes` (1 to 30), counted from now when it has passed. Raises Invalid."""
    if not 1 <= minutes <= LONGEST_STRETCH:
        raise Invalid(f"A section can be stretched by 1 to {LONGEST_STRETCH} minutes at a time.", "minutes")
    return max(deadline_ms, now_ms) + minutes * MINUTE_MS


def circuit(section: Section) -> tuple[Phase, ...]:
    """The parts of an exercise section in order; empty for any other kind."""
    if not section.stations:
        return ()
    rounds: list[Phase] = []
    for _ in range(section.rounds):
        for number, station in enumerate(section.stations, start=1):
            rounds.append(Phase("work", station.work_seconds, station.exercise_id, number))
            rounds.append(Phase("rest", station.rest_seconds, station.exercise_id, number))
    whole = [Phase("intro", section.intro_seconds), *rounds, Phase("cool_down", section.cool_down_seconds)]
    return tuple(phase for phase in whole if phase.seconds)


def start(state: RoomState, *, sections: Sequence[Section], now_ms: int) -> None:
    if state["status"] == "running":
        raise Conflict("The session has started already.")
    state["status"] = "running"
    state["started_ms"] = now_ms
    enter(state, sections, 0, now_ms)


def next(state: RoomState, *, sections: Sequence[Section], seen: int, now_ms: int) -> None:  # noqa: A001 - the event
    index = running_index(state, seen)
    enter(state, sections, following(index, len(sections)), now_ms)


def back(state: RoomState, *, sections: Sequence[Section], seen: int, now_ms: int) -> None:
    enter(state, sections, preceding(running_index(state, seen)), now_ms)


def go_to(state: RoomState, *, sections: Sequence[Section], seen: int, index: int, now_ms: int) -> None:
    running_index(state, seen)
    enter(state, sections, chosen(index, len(sections)), now_ms)


def stretch(state: RoomState, *, seen: int, minutes: int, now_ms: int) -> None:
    running_index(state, seen)
    section = state["section"]
    section["deadline_ms"] = stretched(section["deadline_ms"], minutes, now_ms)


def end(state: RoomState, *, now_ms: int) -> None:
    breakout_rules.come_together(state)
    state["status"] = "ended"
    state["ended_ms"] = now_ms


def open_again(state: RoomState, *, now_ms: int) -> None:
    """The end was a mistake: the group goes on where it was, and whoever was in is in again once their page is back.

    They thought that it was over, so nobody's camera comes back with them: each turns theirs on again.
    """
    state["status"] = "running"
    state.pop("ended_ms", None)
    for seat, entry in state["seats"].items():
        end_word(state, seat)
        if entry["status"] in STAYS:
            entry |= {"online": False, "dropped_ms": now_ms}
        if entry["role"] != "facilitator":
            entry["camera"] = "off"


def enter(state: RoomState, sections: Sequence[Section], index: int, now_ms: int) -> None:
    """The group is in that section now: together, and nothing said yet of how it feels."""
    section = sections[index]
    state["section"] = {
        "index": index,
        "id": section.id,
        "mic": section.mic,
        "layout": section.layout,
        "entered_ms": now_ms,
        "deadline_ms": deadline(section, now_ms),
    }
    breakout_rules.come_together(state)
    for entry in state["seats"].values():
        entry.pop("feels", None)


def running_index(state: RoomState, seen: int) -> int:
    """Which section is on. Raises Conflict before the start, and where the sender's page showed another one."""
    if state["status"] != "running":
        raise Conflict("Start the session first.")
    index = state["section"]["index"]
    refuse_stale(seen, index)
    return index
