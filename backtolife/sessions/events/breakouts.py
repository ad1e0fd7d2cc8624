"""What facilitators do with small groups: make them, change them, open them, go into one, call everyone back.

Pages move by themselves when the room's state says so. The engine is asked to end what is left in the old place, so
that nobody who was moved goes on hearing the group they came from.
"""

from backtolife import audit
from backtolife.people.access import permission
from backtolife.sessions.events import payloads
from backtolife.sessions.events.context import Act, Outcome
from backtolife.sessions.state import breakout_rules, breakouts


@permission("session.lead")
def small_plan(act: Act[payloads.SmallPlan]) -> Outcome:
    """Divide everyone who is in. Without a number it is as many groups of 3 or 4 as they make."""
    patients = breakout_rules.patients_in(act.state)
    groups = act.given.get("groups") or min(breakout_rules.MOST_GROUPS, breakout_rules.how_many(len(patients)))
    return Outcome(act.apply(breakouts.small_plan, groups=groups, division=breakout_rules.divided(patients, groups)))


@permission("session.lead")
def small_move(act: Act[payloads.SmallMove]) -> Outcome:
    seat = act.other_seat()
    change = act.apply(breakouts.small_move, seat=seat.id, group=act.given["group"])
    moved = breakout_rules.who_moves(change.before, change.after, act.now_ms)
    return Outcome(change, media=act.cut_off(change, moved) if moved else None)


@permission("session.lead")
def small_open(act: Act[payloads.SmallOpen]) -> Outcome:
    """Everyone goes to their own group. Whose page does not follow hears the main room no more."""
    change = act.apply(breakouts.small_open, minutes=act.given["minutes"], now_ms=act.now_ms)
    room_id = act.group_session.id
    audit.record(
        act.db,
        actor=act.actor,
        action="small_groups_opened",
        subject_type="group_session",
        subject_id=room_id,
        now=act.now,
        groups=len(change.after["small"]["groups"]),
    )
    return Outcome(change, media=act.cut_off(change, breakout_rules.who_moves(change.before, change.after, act.now_ms)))


@permission("session.lead")
def small_visit(act: Act[payloads.SmallVisit]) -> Outcome:
    """Drop in on a group, or come out again."""
    return Outcome(act.apply(breakouts.small_visit, seat=act.seat.id, group=act.given["group"]))


@permission("session.lead")
def small_back(act: Act[payloads.SmallBack]) -> Outcome:
    """Call everyone back: each page counts down on the server's clock and comes back by itself."""
    return Outcome(act.apply(breakouts.small_back, now_ms=act.now_ms, **act.given))


@permission("session.lead")
def small_end(act: Act[payloads.Nothing]) -> Outcome:
    """Everyone is together again at once; without small groups nothing happens, so that two presses do no harm."""
    if "small" not in act.state:
        return Outcome()
    change = act.apply(breakouts.small_end)
    return Outcome(change, media=act.close_small(change))
