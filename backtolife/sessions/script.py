"""The session's script: which section the group is in, when it ends, what each part of a circuit is.

Moments are milliseconds since 1970 on the server's clock; a page is told the server's time with every message and
counts down from there, so that a device with a wrong clock shows the same number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.programme.template import Section

MINUTE_MS = 60_000
LONGEST_STRETCH = 30
BEFORE = -1
"""The place in the script before the facilitator has started."""


@dataclass(frozen=True)
class Phase:
    """One part of a circuit: an introduction, an exercise, a rest or the cool-down. `exercise_id` may be empty."""

    kind: str
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


def phase_at(phases: Sequence[Phase], seconds: float) -> tuple[Phase, float] | None:
    """The part that is on after `seconds` of the section and how many seconds of it are left; None when it is over."""
    for phase in phases:
        if seconds < phase.seconds:
            return phase, phase.seconds - seconds
        seconds -= phase.seconds
    return None


def minutes_late(planned_minutes_left: int, now_ms: int, ends_ms: int) -> int:
    """By how many minutes the session will overrun as things stand; negative when there is time to spare."""
    return round((now_ms + planned_minutes_left * MINUTE_MS - ends_ms) / MINUTE_MS)
