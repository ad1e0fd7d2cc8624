"""The room's events about how people are: pain and effort before and after, and how an exercise felt."""

from backtolife.people.access import permission
from backtolife.sessions import checks, felt, room
from backtolife.sessions.act import Act, Outcome


def kind_on(act: Act) -> str:
    """The kind of the section that is on; empty before the start."""
    index = act.state["section"]["index"]
    return room.plan_of(act.group_session).sections[index].kind if index >= 0 else ""


@permission("session.check")
def check(act: Act) -> Outcome:
    """My pain and effort, for the team alone; the group gets counts when there are enough."""
    moment = checks.moment_in(kind_on(act))
    checks.keep(
        act.db,
        seat=act.seat,
        moment=moment,
        now=act.now,
        pain=act.given.get("pain"),
        effort=act.given.get("effort"),
    )
    shown = act.state.get("checks", {}).get(moment.value, {})
    counts = checks.counts_of(act.db, act.group_session, moment, shown)
    return Outcome(act.apply("count_checks", moment=moment.value, counts=counts))


@permission("session.lead")
def look_checks(act: Act) -> Outcome:
    """Everyone's pain and effort by seat, for facilitators."""
    return Outcome(reply={"checks": checks.by_seat(checks.answers_of(act.db, act.group_session))})


@permission("session.take_part")
def exercising(act: Act) -> Outcome:
    """My way of doing it and how it feels; only facilitators see this."""
    way, feels = act.given.get("way", ""), act.given.get("feels", "")
    change = act.apply("exercising", seat=act.seat.id, way=way, feels=feels)
    if kind_on(act) == "exercise":
        felt.keep(act.db, seat=act.seat, section_id=act.state["section"]["id"], way=way, feels=feels, now=act.now)
    return Outcome(change)
