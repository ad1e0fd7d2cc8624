"""The table of events: what may be sent to the room, by whom, how often, with what. Nothing outside it is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from backtolife.db import Db
from backtolife.errors import Invalid
from backtolife.people.access import Actor, authorise, permission_of
from backtolife.sessions import (
    alerts,
    checking,
    handing_over,
    leading,
    polling,
    private_word,
    room,
    rules,
    screening,
    seats,
    small_leading,
    taking_part,
    together,
    written,
)
from backtolife.sessions.act import Act, Outcome
from backtolife.sessions.models import Audience
from backtolife.sessions.rules import Camera
from backtolife.sessions.schema import IDENTIFIER, Schema, Several, Text, Whole, read

PER_SECOND = 20
"""How many events of all kinds one page may send in a second."""
SEEN: Schema = {"seen": Whole(-1, 99)}
SEAT: Schema = {"seat": IDENTIFIER}
ALERT: Schema = {"alert": IDENTIFIER}
EXERCISING: Schema = {
    "way": Text(8, ("sitting", "standing", "lying"), needed=False),
    "feels": Text(5, ("easy", "right", "hard", "rest"), needed=False),
}
CHECK: Schema = {"pain": Whole(0, 10, needed=False), "effort": Whole(0, 10, needed=False)}
WRITE: Schema = {
    "text": Text(1000),
    "audience": Text(12, tuple(audience.value for audience in Audience)),
    "client_id": Text(40),
    "small": Text(8, needed=False),
}
POLL: Schema = {"poll": IDENTIFIER}
QUESTION: Schema = {"question": Text(200), "options": Several(Text(60), 2, 6)}
LONGEST_FILM_MS = 4 * 60 * 60 * 1000


@dataclass(frozen=True)
class Event:
    """One kind of event. `per_second` is its own limit; `admitted` says that waiting people may not send it."""

    handler: Callable[[Act], Outcome]
    schema: Schema
    admitted: bool = True
    per_second: float = 5

    @property
    def permission(self) -> str:
        """The action a sender must be allowed. Raises RuntimeError for a handler that names none."""
        action = permission_of(self.handler)
        if action is None:
            raise RuntimeError(f"The event handler {self.handler.__name__} names no permission.")
        return action


EVENTS: dict[str, Event] = {
    "state": Event(taking_part.state, {}, admitted=False),
    "hand_up": Event(taking_part.hand_up, {}),
    "hand_down": Event(taking_part.hand_down, {}),
    "camera_choice": Event(taking_part.camera_choice, {"choice": Text(12, tuple(each.value for each in Camera))}),
    "exercising": Event(checking.exercising, EXERCISING),
    "check": Event(checking.check, CHECK),
    "look_checks": Event(checking.look_checks, {}),
    "chat": Event(taking_part.write, WRITE, per_second=10),
    "react": Event(polling.react, {"what": Text(12, together.REACTIONS)}, per_second=1),
    "poll_answer": Event(polling.answer, {**POLL, "choice": Whole(0, 5)}),
    "help": Event(taking_part.ask_help, {}, admitted=False),
    "help_reason": Event(taking_part.help_reason, {"reason": Text(10, alerts.REASONS)}, admitted=False),
    "help_over": Event(taking_part.help_over, {}, admitted=False),
    "look_written": Event(written.look_written, {}),
    "leave": Event(taking_part.leave, {}, admitted=False),
    "start": Event(leading.start, {}),
    "next": Event(leading.next_section, SEEN),
    "back": Event(leading.back, SEEN),
    "go_to": Event(leading.go_to, {**SEEN, "index": Whole(0, 99)}),
    "stretch": Event(leading.stretch, {**SEEN, "minutes": Whole(1, 30)}),
    "admit": Event(leading.admit, SEAT),
    "admit_all": Event(leading.admit_all, {}),
    "hold": Event(leading.hold, SEAT),
    "remove": Event(leading.remove, SEAT),
    "mute": Event(leading.mute, SEAT),
    "mute_all": Event(leading.mute_all, {}),
    "lower_hand": Event(leading.lower_hand, SEAT),
    "look_up": Event(leading.look_up, SEAT),
    "word_begin": Event(private_word.word_begin, SEAT),
    "word_end": Event(private_word.word_end, {}),
    "hand_over": Event(handing_over.hand_over, SEAT),
    "take_lead": Event(handing_over.take_lead, {}),
    "help_take": Event(leading.help_take, ALERT),
    "help_close": Event(leading.help_close, ALERT),
    "poll_ask": Event(polling.ask, QUESTION, per_second=1),
    "poll_close": Event(polling.close, POLL),
    "poll_clear": Event(polling.clear, POLL),
    "film_open": Event(screening.open_film, {}, per_second=1),
    "film_play": Event(screening.play, {}),
    "film_pause": Event(screening.pause, {}),
    "film_seek": Event(screening.seek, {"at_ms": Whole(0, LONGEST_FILM_MS)}),
    "film_close": Event(screening.close, {}),
    "small_plan": Event(small_leading.small_plan, small_leading.PLAN),
    "small_move": Event(small_leading.small_move, small_leading.MOVE),
    "small_open": Event(small_leading.small_open, small_leading.OPEN),
    "small_visit": Event(small_leading.small_visit, small_leading.VISIT),
    "small_back": Event(small_leading.small_back, small_leading.BACK),
    "small_end": Event(small_leading.small_end, {}),
    "end": Event(leading.end, {}),
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
    given = read(event.schema, payload)
    return event.handler(Act(db, actor, group_session, seat, given, now))
