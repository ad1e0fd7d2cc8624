"""The table of events: what may be sent to the room, by whom, how often, with what. Nothing outside it is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Never, cast, get_args, get_type_hints

from backtolife.database.session import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor, authorise, permission_of
from backtolife.sessions.events import (
    breakouts,
    facilitating,
    leadership,
    participating,
    private_word,
    reflections,
    replies,
    screening,
)
from backtolife.sessions.events import checks as checking
from backtolife.sessions.events import polls as polling
from backtolife.sessions.events.context import Act, Outcome
from backtolife.sessions.events.reading import read
from backtolife.sessions.room import seats
from backtolife.sessions.room import store as room
from backtolife.sessions.safety import alerts
from backtolife.sessions.state import rules

PER_SECOND = 20
"""How many events of all kinds one page may send in a second."""


@dataclass(frozen=True)
class Event:
    """One kind of event. `per_second` is its own limit; `admitted` says that waiting people may not send it."""

    handler: Callable[[Act[Never]], Outcome]
    admitted: bool = True
    per_second: float = 5
    reply: type | None = None
    """What the answer carries beside that it went well; None for nothing more."""

    @property
    def permission(self) -> str:
        """The action a sender must be allowed. Raises RuntimeError for a handler that names none."""
        action = permission_of(self.handler)
        if action is None:
            raise RuntimeError(f"The event handler {self.handler.__name__} names no permission.")
        return action

    @cached_property
    def payload(self) -> type:
        """What it carries: what its handler is given. Raises RuntimeError for a handler that does not say so."""
        match get_args(get_type_hints(self.handler, include_extras=True).get("act")):
            case (type() as payload,):
                return payload
        raise RuntimeError(f"The event handler {self.handler.__name__} does not say what it is given.")


EVENTS: dict[str, Event] = {
    "state": Event(participating.state, admitted=False, reply=replies.StateReply),
    "hand_up": Event(participating.hand_up),
    "hand_down": Event(participating.hand_down),
    "camera_choice": Event(participating.camera_choice),
    "exercising": Event(checking.exercising),
    "check": Event(checking.check),
    "look_checks": Event(checking.look_checks, reply=replies.ChecksReply),
    "chat": Event(participating.chat, per_second=10, reply=replies.MessageReply),
    "take_back": Event(participating.take_back),
    "react": Event(polling.react, per_second=1),
    "poll_answer": Event(polling.poll_answer),
    "help": Event(participating.help, admitted=False, reply=replies.AlertReply),
    "help_reason": Event(participating.help_reason, admitted=False),
    "help_over": Event(participating.help_over, admitted=False),
    "look_written": Event(reflections.look_written, reply=replies.WrittenReply),
    "leave": Event(participating.leave, admitted=False),
    "start": Event(facilitating.start),
    "next": Event(facilitating.next),
    "back": Event(facilitating.back),
    "go_to": Event(facilitating.go_to),
    "stretch": Event(facilitating.stretch),
    "admit": Event(facilitating.admit),
    "admit_all": Event(facilitating.admit_all, reply=replies.AdmittedReply),
    "hold": Event(facilitating.hold),
    "remove": Event(facilitating.remove),
    "let_back": Event(facilitating.let_back),
    "stop_camera": Event(facilitating.stop_camera),
    "mute": Event(facilitating.mute),
    "mute_all": Event(facilitating.mute_all),
    "lower_hand": Event(facilitating.lower_hand),
    "look_up": Event(facilitating.look_up, reply=alerts.LookedUp),
    "word_begin": Event(private_word.word_begin),
    "word_end": Event(private_word.word_end),
    "hand_over": Event(leadership.hand_over),
    "take_lead": Event(leadership.take_lead),
    "help_take": Event(facilitating.help_take),
    "help_close": Event(facilitating.help_close),
    "poll_ask": Event(polling.poll_ask, per_second=1, reply=replies.PollReply),
    "poll_close": Event(polling.poll_close),
    "poll_clear": Event(polling.poll_clear),
    "film_open": Event(screening.film_open, per_second=1),
    "film_play": Event(screening.film_play),
    "film_pause": Event(screening.film_pause),
    "film_seek": Event(screening.film_seek),
    "film_close": Event(screening.film_close),
    "small_plan": Event(breakouts.small_plan),
    "small_move": Event(breakouts.small_move),
    "small_open": Event(breakouts.small_open),
    "small_visit": Event(breakouts.small_visit),
    "small_back": Event(breakouts.small_back),
    "small_end": Event(breakouts.small_end),
    "end": Event(facilitating.end),
}


def find_event(name: str) -> Event:
    """The event called `name`. Raises Invalid for one that does not exist."""
    event = EVENTS.get(name)
    if event is None:
        raise Invalid("There is no such event in the room.")
    return event


def take(
    db: Db, *, name: str, payload: object, actor: Actor, seat_id: str, group_session_id: str, now: datetime
) -> Outcome:
    """Let one event through, or raise the named error that says why not.

    Checked in this order: the event exists, the sender's role and cohort, the seat, the waiting room, the payload.
    """
    event = find_event(name)
    group_session = room.load(db, group_session_id)
    authorise(actor, event.permission, group_session)
    seat = seats.seat_by_id(db, group_session=group_session, seat_id=seat_id)
    rules.refuse_unless_in(seat.status, admitted_needed=event.admitted)
    given = read(event.payload, payload)
    act: Act[object] = Act(db, actor, group_session, seat, given, now)
    return event.handler(cast("Act[Never]", act))
