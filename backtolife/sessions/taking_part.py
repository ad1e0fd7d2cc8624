"""What everybody in the room does: see its state, put up a hand, choose who sees them, write, ask for help, leave."""

from backtolife.errors import Conflict, NotFound
from backtolife.people.access import permission
from backtolife.sessions import alerts, chat, checks, polls, sight, small_rules
from backtolife.sessions.act import Act, Note, Outcome, staff_seats
from backtolife.sessions.document import admitted_seats
from backtolife.sessions.models import Audience
from backtolife.sessions.rules import Camera, SeatStatus

GROUP_IS_OVER = "Your small group is over, so this was not sent. Press Send to write to everyone."


@permission("session.room")
def state(act: Act) -> Outcome:
    """The whole of what this seat may see; for a page that just came, or that missed a patch."""
    seen = act.seat.status is SeatStatus.ADMITTED
    return Outcome(
        reply={
            "version": act.group_session.version,
            "sent_ms": act.now_ms,
            "state": sight.view(act.state, act.seat.id),
            "chat": chat.visible_to(act.db, seat=act.seat) if seen else [],
            "checked": checks.of_seat(act.db, act.seat),
            "chosen": polls.own_answer(act.db, act.seat, act.state.get("poll", {}).get("id", "")),
        }
    )


@permission("session.take_part")
def hand_up(act: Act) -> Outcome:
    return Outcome(act.apply("hand", seat=act.seat.id, up=True, now_ms=act.now_ms))


@permission("session.take_part")
def hand_down(act: Act) -> Outcome:
    return Outcome(act.apply("hand", seat=act.seat.id, up=False, now_ms=act.now_ms))


@permission("session.take_part")
def camera_choice(act: Act) -> Outcome:
    """Who sees me, changed in the middle: the engine stops sending before anybody is told."""
    change = act.apply("camera", seat=act.seat.id, choice=Camera(act.given["choice"]))
    return Outcome(change, media=act.settle(change, [act.seat.id]))


@permission("session.chat")
def write(act: Act) -> Outcome:
    """To everyone, in a small group to that group and staff, or to the facilitators only.

    A facilitator's word to their colleague is the last kind. Raises Conflict as `small_group` does.
    """
    audience, client_id = Audience(act.given["audience"]), act.given["client_id"]
    earlier = chat.earlier(act.db, seat=act.seat, client_id=client_id)
    if earlier is not None:
        return Outcome(reply={"message": chat.shown(earlier)})
    small = small_group(act) if audience is Audience.GROUP else ""
    inside = admitted_seats(act.state)
    members = [one for one in inside if small_rules.small_place(act.state, one, act.now_ms) == small] if small else []
    letter = chat.Letter(act.given["text"], audience, client_id, small, members)
    message = chat.write(act.db, group_session=act.group_session, seat=act.seat, letter=letter, now=act.now)
    patients = (members if small else inside) if audience is Audience.GROUP else ()
    readers = {*staff_seats(act.state), act.seat.id, *patients}
    payload = chat.shown(message)
    return Outcome(reply={"message": payload}, notes=(Note("chat", tuple(sorted(readers)), payload),))


def small_group(act: Act) -> str:
    """The small group that the writer is in; "" for everyone.

    Raises Conflict for words that were meant for a small group which is over, or which the writer has left: they are
    never shown to more people than the writer had in mind.
    """
    small = small_rules.small_place(act.state, act.seat.id, act.now_ms)
    if act.given.get("small", "") not in ("", small):
        raise Conflict(GROUP_IS_OVER)
    return small


@permission("session.help")
def ask_help(act: Act) -> Outcome:
    """One press. It reaches both facilitators before anything else is asked."""
    alert = alerts.raise_alert(act.db, seat=act.seat, actor=act.actor, now=act.now)
    if alert.id in act.state["alerts"]:
        return Outcome(reply={"alert": alert.id})
    change = act.apply("ask_help", alert=alert.id, seat=act.seat.id, now_ms=act.now_ms)
    return Outcome(change, reply={"alert": alert.id})


@permission("session.help")
def help_reason(act: Act) -> Outcome:
    alert = alerts.open_alert_of(act.db, seat=act.seat)
    if alert is None:
        raise NotFound("Your call for help is closed. Press the button again if you need us.")
    alert.reason = act.given["reason"]
    return Outcome(act.apply("help_reason", alert=alert.id, reason=alert.reason))


@permission("session.help")
def help_over(act: Act) -> Outcome:
    """The person says that they are well again."""
    alert = alerts.open_alert_of(act.db, seat=act.seat)
    if alert is None:
        return Outcome()
    alerts.close(act.db, alert=alert, actor=act.actor, now=act.now)
    return Outcome(act.apply("close_help", alert=alert.id))


@permission("session.room")
def leave(act: Act) -> Outcome:
    change = act.apply("leave", seat=act.seat.id)
    return Outcome(change, media=act.cut_off(change, [act.seat.id]))
