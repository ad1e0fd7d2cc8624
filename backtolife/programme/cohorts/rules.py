"""Who may join a cohort, how an enrolment moves on, and when a session's waiting room is open."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from backtolife.errors import Conflict, Invalid

LONGEST_OPEN = timedelta(hours=2)
"""The most that a programme may say for how long a waiting room is open before or after its session."""


class EnrolmentState(StrEnum):
    """Where a patient stands in a cohort."""

    INVITED = "invited"
    """Offered a place and has not answered: the place is held for them, and they are not in the group yet."""
    DECLINED = "declined"
    """Said no, or not now, to the offer, or gave no answer."""
    OFFER_TAKEN_BACK = "offer_taken_back"
    """Offered a place by mistake, before an answer: it counts as never offered, and nothing follows."""
    ENROLLED = "enrolled"
    STARTED = "started"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"
    """Asked to leave or cannot go on. They hear nothing more from us but, where they agreed, the later questions."""
    DIED = "died"
    """Nothing is ever sent again. The record stays."""


S = EnrolmentState
TRANSITIONS: dict[EnrolmentState, frozenset[EnrolmentState]] = {
    S.INVITED: frozenset({S.ENROLLED, S.DECLINED, S.OFFER_TAKEN_BACK, S.WITHDRAWN, S.DIED}),
    S.DECLINED: frozenset({S.ENROLLED, S.INVITED}),
    S.OFFER_TAKEN_BACK: frozenset(),
    S.ENROLLED: frozenset({S.STARTED, S.WITHDRAWN, S.DIED, S.INVITED}),
    S.STARTED: frozenset({S.COMPLETED, S.WITHDRAWN, S.DIED, S.ENROLLED}),
    S.COMPLETED: frozenset({S.WITHDRAWN, S.DIED, S.STARTED}),
    S.WITHDRAWN: frozenset({S.INVITED, S.ENROLLED, S.STARTED, S.COMPLETED}),
    S.DIED: frozenset({S.INVITED, S.ENROLLED, S.STARTED, S.COMPLETED, S.WITHDRAWN}),
}
"""From withdrawn and died on, and from an answer, started and completed to the step before: what was recorded by
mistake is taken back.
"""
TAKEN_BACK = "taken back"
"""The reason of a change that undoes the one before."""
HOLDS_A_PLACE = frozenset({S.INVITED, S.ENROLLED, S.STARTED, S.COMPLETED})
"""An invitation holds a place: whoever says yes to it must find one."""
IN_THE_GROUP = HOLDS_A_PLACE - {S.INVITED}
"""Who said yes: they see the group and are seen in it."""
UNDER_WAY = frozenset({S.INVITED, S.ENROLLED, S.STARTED})
"""Who cannot be offered a place elsewhere while their group runs: nobody is in two."""
MAY_JOIN = frozenset({S.ENROLLED, S.STARTED})
"""Who is let into the group's live sessions."""
HEARS_FROM_US = IN_THE_GROUP
"""Who may be sent messages: follow-up questionnaires go on after completion."""


def is_asked(state: EnrolmentState, *, agreed_later: bool, later: bool) -> bool:
    """Whether somebody in `state` is asked questions; `later` are those some months after the end.

    Who has left is asked the later ones alone, and only if they `agreed_later`.
    """
    return state in HEARS_FROM_US or (state is S.WITHDRAWN and agreed_later and later)


def may_move(current: EnrolmentState, to: EnrolmentState) -> bool:
    """Whether an enrolment may go from `current` to `to`."""
    return to in TRANSITIONS[current]


def move(current: EnrolmentState, to: EnrolmentState) -> EnrolmentState:
    """`to`, when an enrolment may go there from `current`. Raises Conflict otherwise."""
    if to == current:
        raise Conflict(f"This person is already {current}. Nothing was changed.")
    if not may_move(current, to):
        onward = ", ".join(sorted(TRANSITIONS[current]))
        raise Conflict(f"This person is {current}, and cannot become {to}. From here they can become: {onward}.")
    return to


def take_place(taken: int, capacity: int) -> int:
    """How many places are taken once one more person joins. Raises Conflict when the group is full."""
    if taken >= capacity:
        people = "person" if capacity == 1 else "people"
        raise Conflict(
            f"This group is full: it has room for {capacity} {people}. Choose another group, or free a place first."
        )
    return taken + 1


def refuse_closed(closed_at: datetime | None) -> None:
    """Raise Conflict where the group takes nobody new."""
    if closed_at is not None:
        raise Conflict("This group is closed: nobody new can be added. Choose another group, or open it again first.")


def check_capacity(capacity: int, *, largest: int) -> None:
    """Raise Invalid unless a group of `capacity` patients is one the programme can be run for."""
    if not 1 <= capacity <= largest:
        raise Invalid(f"A group has 1 to {largest} patients. Change the number.", "capacity")


def first_start(starts: Iterable[tuple[datetime, bool]], now: datetime) -> datetime | None:
    """When the first session is of somebody who comes new: the next that has not begun and is not left out.

    `starts`: of each session in order, when it starts and whether it is left out.
    """
    return next((start for start, left_out in starts if not left_out and start > now), None)


class Door(StrEnum):
    """The waiting room of one session at one moment."""

    EARLY = "early"
    OPEN = "open"
    OVER = "over"


class Times(Protocol):
    """When the waiting room of one session opens, and from when on nobody is let in any more."""

    @property
    def opens_at(self) -> datetime: ...

    @property
    def closes_at(self) -> datetime: ...


def door(now: datetime, times: Times) -> Door:
    """Whether the waiting room is not open yet, open (from the first moment on), or over (from closing on)."""
    if now < times.opens_at:
        return Door.EARLY
    return Door.OPEN if now < times.closes_at else Door.OVER


def refuse_unless_open(now: datetime, times: Times, *, number: int, zone: str) -> None:
    """Raise Conflict, saying when to come back, unless session `number` can be joined at `now`."""
    state = door(now, times)
    if state is Door.EARLY:
        when = times.opens_at.astimezone(ZoneInfo(zone))
        hour = f"{when.hour % 12 or 12}:{when:%M}{'am' if when.hour < 12 else 'pm'}"
        raise Conflict(f"Session {number} opens at {hour} on {when:%A} {when.day} {when:%B}. Please come back then.")
    if state is Door.OVER:
        raise Conflict(f"Session {number} is over. Go to your home page to see when the next one is.")
