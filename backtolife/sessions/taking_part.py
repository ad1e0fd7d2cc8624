"""What everybody in the room does: see its state, put up a hand, choose who sees them, write, ask for help, leave."""

from backtolife.errors import NotFound
from backtolife.people.access import permission
from backtolife.sessions import alerts, chat, checks, polls, sight
from backtolife.sessions.act import Act, Note, Outcome, staff_seats
from backtolife.sessions.document import admitted_seats
from backtolife.sessions.models import Audience
from backtolife.sessions.rules import Camera, SeatStatus


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
    """To the group, or to the facilitators only. A facilitator's word to their colleague is the second kind."""
    audience = Audience(act.given["audience"])
    message, new = chat.write(
        act.db,
        group_session=act.group_session,
        seat=act.seat,
        audience=audience,
        text=act.given["text"],
        client_id=act.given["client_id"],
        now=act.now,
    )
    document, payload = act.state, chat.shown(message)
    readers = set(admitted_seats(document) if audience is Audience.GROUP else staff_seats(document)) | {act.seat.id}
    notes = (Note("chat", tuple(sorted(readers)), payload),) if new else ()
    return Outcome(reply={"message": payload}, notes=notes)


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
