"""The room's events about who leads."""

from backtolife import audit
from backtolife.people.access import permission
from backtolife.sessions.events import payloads
from backtolife.sessions.events.context import Act, Outcome
from backtolife.sessions.room import store as room
from backtolife.sessions.state import leadership


@permission("session.lead")
def hand_over(act: Act[payloads.ToSeat]) -> Outcome:
    """The lead gives the lead to the other facilitator."""
    change = act.apply(leadership.hand_over, seat=act.seat.id, to=act.other_seat().id)
    return noted(act, change)


@permission("session.lead")
def take_lead(act: Act[payloads.Nothing]) -> Outcome:
    """The spotter takes the lead while the lead is away."""
    return noted(act, act.apply(leadership.take_lead, seat=act.seat.id))


def noted(act: Act[object], change: room.Change) -> Outcome:
    lead = change.after["lead"]
    audit.record(act.db, actor=act.actor, action="lead_changed", subject_type="seat", subject_id=lead, now=act.now)
    return Outcome(change)
