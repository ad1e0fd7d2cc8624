"""What everybody in the room does: see its state, put up a hand, choose who sees them, write, ask for help, leave."""

from backtolife.errors import Conflict, NotFound
from backtolife.people.access import permission
from backtolife.release import release
from backtolife.sessions.events import payloads, replies
from backtolife.sessions.events.context import Act, Note, Outcome, staff_seats
from backtolife.sessions.records import chat as messages
from backtolife.sessions.records import checks, polls
from backtolife.sessions.room.models import Audience
from backtolife.sessions.safety import alerts
from backtolife.sessions.state import breakout_rules, safety, seats, visibility
from backtolife.sessions.state.room_state import RoomState, admitted_seats
from backtolife.sessions.state.rules import Camera, SeatStatus

GROUP_IS_OVER = "Your small group is over, so this was not sent."


@permission("session.room")
def state(act: Act[payloads.Nothing]) -> Outcome:
    """The whole of what this seat may see; for a page that just came, or that missed a patch."""
    seen = act.seat.status is SeatStatus.ADMITTED
    poll = act.state["poll"]["id"] if "poll" in act.state else ""
    reply: replies.StateReply = {
        "release": release(),
        "version": act.group_session.version,
        "sent_ms": act.now_ms,
        "state": visibility.view(act.state, act.seat.id),
        "chat": messages.visible_to(act.db, seat=act.seat) if seen else [],
        "taken_back": messages.taken_back_in(act.db, act.group_session.id) if seen else [],
        "checked": checks.of_seat(act.db, act.seat),
        "chosen": polls.own_answer(act.db, act.seat, poll),
    }
    return Outcome(reply=reply)


@permission("session.take_part")
def hand_up(act: Act[payloads.Nothing]) -> Outcome:
    return Outcome(act.apply(seats.hand_up, seat=act.seat.id, now_ms=act.now_ms))


@permission("session.take_part")
def hand_down(act: Act[payloads.Nothing]) -> Outcome:
    return Outcome(act.apply(seats.hand_down, seat=act.seat.id))


@permission("session.take_part")
def camera_choice(act: Act[payloads.CameraChoice]) -> Outcome:
    """Who sees me, changed in the middle: the engine stops sending before anybody is told."""
    change = act.apply(seats.camera_choice, seat=act.seat.id, choice=Camera(act.given["choice"]))
    return Outcome(change, media=act.settle(change, [act.seat.id]))


@permission("session.chat")
def chat(act: Act[payloads.Chat]) -> Outcome:
    """To everyone, in a small group to that group and staff, or to the facilitators only.

    A facilitator's word to their colleague is the last kind. Raises Conflict as `small_group` does.
    """
    audience, client_id = Audience(act.given["audience"]), act.given["client_id"]
    earlier = messages.earlier(act.db, seat=act.seat, client_id=client_id)
    if earlier is not None:
        return Outcome(reply=replies.MessageReply(message=messages.shown(earlier)))
    small = small_group(act) if audience is Audience.GROUP else ""
    inside = admitted_seats(act.state)
    members = (
        [one for one in inside if breakout_rules.small_place(act.state, one, act.now_ms) == small] if small else []
    )
    new = messages.NewMessage(act.given["text"], audience, client_id, small, members)
    message = messages.write(act.db, group_session=act.group_session, seat=act.seat, new=new, now=act.now)
    patients = (members if small else inside) if audience is Audience.GROUP else ()
    readers = {*staff_seats(act.state), act.seat.id, *patients}
    payload = messages.shown(message)
    return Outcome(reply=replies.MessageReply(message=payload), notes=(Note("chat", tuple(sorted(readers)), payload),))


@permission("session.chat")
def take_back(act: Act[payloads.TakeBack]) -> Outcome:
    """A message goes from every page: the writer's own, or anybody's when a facilitator presses."""
    message = messages.take_back(
        act.db,
        group_session=act.group_session,
        seat=act.seat,
        message_id=act.given["message"],
        actor=act.actor,
        now=act.now,
    )
    readers = {*staff_seats(act.state), *admitted_seats(act.state)}
    return Outcome(notes=(Note("taken_back", tuple(sorted(readers)), {"id": message.id}),))


def small_group(act: Act[payloads.Chat]) -> str:
    """The small group that the writer is in; "" for everyone.

    Raises Conflict for words that were meant for a small group which is over, or which the writer has left: they are
    never shown to other people than the writer had in mind. Groups that are made again have the same names and other
    people in them, so the page also says when its group was opened.
    """
    small = breakout_rules.small_place(act.state, act.seat.id, act.now_ms)
    meant, opened = act.given.get("small", ""), act.given.get("round", 0)
    if meant not in ("", small) or (opened and opened != opened_ms(act.state)):
        raise Conflict(GROUP_IS_OVER)
    return small


def opened_ms(state: RoomState) -> int:
    """When the small groups that are made were opened; 0 where they are not."""
    return state["small"].get("opened_ms", 0) if "small" in state else 0


@permission("session.help")
def help(act: Act[payloads.Nothing]) -> Outcome:  # noqa: A001 - the event's name
    """One press. It reaches both facilitators before anything else is asked."""
    alert = alerts.raise_alert(act.db, seat=act.seat, actor=act.actor, now=act.now)
    if alert.id in act.state["alerts"]:
        return Outcome(reply=replies.AlertReply(alert=alert.id))
    change = act.apply(safety.help, alert=alert.id, seat=act.seat.id, now_ms=act.now_ms)
    return Outcome(change, reply=replies.AlertReply(alert=alert.id))


@permission("session.help")
def help_reason(act: Act[payloads.HelpReason]) -> Outcome:
    alert = alerts.open_alert_of(act.db, seat=act.seat)
    if alert is None:
        raise NotFound("Your call for help is closed. Press the button again if you need us.")
    alert.reason = act.given["reason"]
    return Outcome(act.apply(safety.help_reason, alert=alert.id, reason=alert.reason))


@permission("session.help")
def help_over(act: Act[payloads.Nothing]) -> Outcome:
    """The person says that they are well again."""
    alert = alerts.open_alert_of(act.db, seat=act.seat)
    if alert is None:
        return Outcome()
    alerts.close(act.db, alert=alert, actor=act.actor, now=act.now)
    said = Note("well_again", staff_seats(act.state), {"name": act.state["seats"][act.seat.id]["name"]})
    return Outcome(act.apply(safety.help_close, alert=alert.id), notes=(said,))


@permission("session.room")
def leave(act: Act[payloads.Nothing]) -> Outcome:
    change = act.apply(seats.leave, seat=act.seat.id)
    return Outcome(change, media=act.cut_off(change, [act.seat.id]))
