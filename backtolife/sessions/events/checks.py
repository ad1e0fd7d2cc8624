"""The room's events about how people are: pain and effort before and after, and how an exercise felt."""

from backtolife.people.access import permission
from backtolife.sessions.events import payloads, replies
from backtolife.sessions.events.context import Act, Outcome
from backtolife.sessions.records import checks, exercise_feedback
from backtolife.sessions.room import store as room
from backtolife.sessions.state import seats, sharing


def kind_on(act: Act[object]) -> str:
    """The kind of the section that is on; empty before the start."""
    index = act.state["section"]["index"]
    return room.plan_of(act.db, act.group_session).sections[index].kind if index >= 0 else ""


@permission("session.check")
def check(act: Act[payloads.Check]) -> Outcome:
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
    shown = act.state.get("checks", {}).get(moment.value)
    counts = checks.counts_of(act.db, act.group_session, moment, shown)
    return Outcome(act.apply(sharing.check, moment=moment.value, counts=counts))


@permission("session.lead")
def look_checks(act: Act[payloads.Nothing]) -> Outcome:
    """Everyone's pain and effort by seat, for facilitators."""
    return Outcome(reply=replies.ChecksReply(checks=checks.by_seat(checks.answers_of(act.db, act.group_session))))


@permission("session.take_part")
def exercising(act: Act[payloads.Exercising]) -> Outcome:
    """My way of doing it and how it feels; only facilitators see this."""
    way, feels = act.given.get("way", ""), act.given.get("feels", "")
    change = act.apply(seats.exercising, seat=act.seat.id, way=way, feels=feels)
    if kind_on(act) == "exercise":
        exercise_feedback.keep(
            act.db, seat=act.seat, section_id=act.state["section"]["id"], way=way, feels=feels, now=act.now
        )
    return Outcome(change)
