"""The room's events about who leads."""

from backtolife import audit
from backtolife.people.access import permission
from backtolife.sessions import room
from backtolife.sessions.act import Act, Outcome


@permission("session.lead")
def hand_over(act: Act) -> Outcome:
    """The lead gives the lead to the other facilitator."""
    change = act.apply("hand_over", seat=act.seat.id, to=act.other_seat().id)
    return noted(act, change)


@permission("session.lead")
def take_lead(act: Act) -> Outcome:
    """The spotter takes the lead while the lead is away."""
    return noted(act, act.apply("take_lead", seat=act.seat.id))


def noted(act: Act, change: room.Change) -> Outcome:
    lead = change.after["lead"]
    audit.record(act.db, actor=act.actor, action="lead_changed", subject_type="seat", subject_id=lead, now=act.now)
    return Outcome(change)
