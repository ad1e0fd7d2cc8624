"""What facilitators do with small groups: make them, change them, open them, go into one, call everyone back.

Pages move by themselves when the room's state says so. The engine is asked to end what is left in the old place, so
that nobody who was moved goes on hearing the group they came from.
"""

from backtolife import audit
from backtolife.people.access import permission
from backtolife.sessions import small_rules
from backtolife.sessions.act import Act, Outcome
from backtolife.sessions.schema import IDENTIFIER, Schema, Text, Whole

COUNTDOWN_LONGEST = 120
GROUP = Text(1, tuple(str(number + 1) for number in range(small_rules.MOST_GROUPS)))
PLAN: Schema = {"groups": Whole(1, small_rules.MOST_GROUPS, needed=False)}
MOVE: Schema = {"seat": IDENTIFIER, "group": GROUP}
OPEN: Schema = {"minutes": Whole(1, 30)}
VISIT: Schema = {"group": Text(1, (small_rules.WHOLE, *GROUP.choices))}
BACK: Schema = {"seconds": Whole(5, COUNTDOWN_LONGEST)}


@permission("session.lead")
def small_plan(act: Act) -> Outcome:
    """Divide everyone who is in. Without a number it is as many groups of 3 or 4 as they make."""
    patients = small_rules.patients_in(act.state)
    groups = act.given.get("groups") or min(small_rules.MOST_GROUPS, small_rules.how_many(len(patients)))
    return Outcome(act.apply("small_plan", groups=groups, division=small_rules.divided(patients, groups)))


@permission("session.lead")
def small_move(act: Act) -> Outcome:
    seat = act.other_seat()
    change = act.apply("small_move", seat=seat.id, group=act.given["group"])
    moved = small_rules.who_moves(change.before, change.after, act.now_ms)
    return Outcome(change, media=act.cut_off(change, moved) if moved else None)


@permission("session.lead")
def small_open(act: Act) -> Outcome:
    """Everyone goes to their own group. Whose page does not follow hears the main room no more."""
    change = act.apply("small_open", minutes=act.given["minutes"], now_ms=act.now_ms)
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
    return Outcome(change, media=act.cut_off(change, small_rules.who_moves(change.before, change.after, act.now_ms)))


@permission("session.lead")
def small_visit(act: Act) -> Outcome:
    """Drop in on a group, or come out again."""
    return Outcome(act.apply("small_visit", seat=act.seat.id, group=act.given["group"]))


@permission("session.lead")
def small_back(act: Act) -> Outcome:
    """Call everyone back: each page counts down on the server's clock and comes back by itself."""
    return Outcome(act.apply("small_back", now_ms=act.now_ms, **act.given))


@permission("session.lead")
def small_end(act: Act) -> Outcome:
    """Everyone is together again at once; without small groups nothing happens, so that two presses do no harm."""
    if "small" not in act.state:
        return Outcome()
    change = act.apply("small_end")
    return Outcome(change, media=act.close_small(change))
