"""What facilitators do in the room: lead the script, let people in, keep order, answer calls for help, end."""

from collections.abc import Callable, Collection, Sequence

from sqlmodel import select

from backtolife import audit
from backtolife.errors import Conflict
from backtolife.people.access import permission
from backtolife.programme.cohorts import enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.consent import asking
from backtolife.sessions.events import payloads, replies
from backtolife.sessions.events.context import Act, Outcome
from backtolife.sessions.records import closing
from backtolife.sessions.room import store as room
from backtolife.sessions.room.media_client import MediaEngine
from backtolife.sessions.room.models import Seat
from backtolife.sessions.safety import alerts
from backtolife.sessions.state import breakout_rules, safety, script, seats
from backtolife.sessions.state.room_state import RoomState, SeatState, admitted_seats

NOT_AGREED = (
    "{who} not agreed to what the live group needs, so they wait outside. They can say yes on their own page, or you "
    "write down on their page what they say on the telephone."
)

UNREAD = "{who} ticked a warning sign that nobody has read, so they wait outside. Read it, then let them in."


def moved(act: Act[object], change: room.Change) -> Outcome:
    """The group is in another section: small groups end, and where the microphone policy differs the engine is told."""
    works = [act.close_small(change)] if "small" in change.before else []
    if change.before["section"]["mic"] == change.after["section"]["mic"]:
        return Outcome(change, media=in_turn(works))
    patients = [seat for seat in admitted_seats(change.after) if change.after["seats"][seat]["role"] != "facilitator"]
    return Outcome(change, media=in_turn([*works, act.settle(change, patients)]))


def in_turn(works: list[Callable[[MediaEngine], None]]) -> Callable[[MediaEngine], None] | None:
    """One request of the engine after another; None when there is none."""

    def work(engine: MediaEngine) -> None:
        for each in works:
            each(engine)

    return work if works else None


@permission("session.lead")
def start(act: Act[payloads.Nothing]) -> Outcome:
    audit.record(
        act.db,
        actor=act.actor,
        action="session_started",
        subject_type="group_session",
        subject_id=act.group_session.id,
        now=act.now,
    )
    return moved(
        act, act.apply(script.start, sections=room.plan_of(act.db, act.group_session).sections, now_ms=act.now_ms)
    )


@permission("session.lead")
def next(act: Act[payloads.Seen]) -> Outcome:  # noqa: A001 - the event's name
    sections = room.plan_of(act.db, act.group_session).sections
    return moved(act, act.apply(script.next, sections=sections, seen=act.given["seen"], now_ms=act.now_ms))


@permission("session.lead")
def back(act: Act[payloads.Seen]) -> Outcome:
    sections = room.plan_of(act.db, act.group_session).sections
    return moved(act, act.apply(script.back, sections=sections, seen=act.given["seen"], now_ms=act.now_ms))


@permission("session.lead")
def go_to(act: Act[payloads.GoTo]) -> Outcome:
    sections = room.plan_of(act.db, act.group_session).sections
    return moved(act, act.apply(script.go_to, sections=sections, now_ms=act.now_ms, **act.given))


@permission("session.lead")
def stretch(act: Act[payloads.Stretch]) -> Outcome:
    return Outcome(act.apply(script.stretch, now_ms=act.now_ms, **act.given))


@permission("session.lead")
def admit(act: Act[payloads.ToSeat]) -> Outcome:
    seat = act.other_seat()
    if shut_out(act, [seat.id]):
        name = act.state["seats"][seat.id]["name"]
        raise Conflict(NOT_AGREED.format(who=f"{name} has"))
    change = act.apply(seats.admit, seat=seat.id, now_ms=act.now_ms)
    note_started(act, seat)
    return Outcome(change)


@permission("session.lead")
def admit_all(act: Act[payloads.Nothing]) -> Outcome:
    """Everyone who waits. Who is held for a word on their own stays, who has not agreed to what the room needs, and who
    has ticked a warning sign that no facilitator has read.
    """
    waiting = [seat for seat, entry in act.state["seats"].items() if entry["status"] == "lobby"]
    shut, unread = shut_out(act, waiting), {seat for seat in waiting if is_unread(act.state["seats"][seat])}
    let_in = [seat for seat in waiting if seat not in shut | unread]
    before, change = act.state, None
    for seat_id in let_in:
        change = act.apply(seats.admit, seat=seat_id, now_ms=act.now_ms)
        note_started(act, act.db.get_one(Seat, seat_id))
    reply = replies.AdmittedReply(admitted=len(let_in))
    if shut:
        reply["not_agreed"] = NOT_AGREED.format(who=who_has(before, [seat for seat in waiting if seat in shut]))
    if unread - shut:
        reply["unread"] = UNREAD.format(who=who_has(before, [seat for seat in waiting if seat in unread - shut]))
    if change is None:
        return Outcome(reply=reply)
    whole = room.Change(change.group_session_id, change.version, before, change.after)
    return Outcome(whole, reply=reply)


def is_unread(entry: SeatState) -> bool:
    """Whether they ticked a sign that a facilitator must read before they move, and none has."""
    return entry.get("news") == "urgent" and not entry.get("news_read")


def who_has(state: RoomState, seat_ids: Sequence[str]) -> str:
    """Linda has; Linda, Joseph have."""
    names = ", ".join(state["seats"][seat]["name"] for seat in seat_ids)
    return f"{names} {'has' if len(seat_ids) == 1 else 'have'}"


def shut_out(act: Act[object], seat_ids: Collection[str]) -> set[str]:
    """Who of those that wait may not come in now: words that the room needs were refused, or are unanswered."""
    patients = {
        entry["person"]: seat
        for seat, entry in act.state["seats"].items()
        if seat in seat_ids and entry["role"] == "patient"
    }
    cohort = act.db.get_one(Cohort, act.group_session.cohort_id)
    shut = asking.shut_out(act.db, person_ids=list(patients), cohort=cohort, now=act.now)
    return {patients[person] for person in shut}


def keep(act: Act[object], action: str, seat: Seat) -> None:
    """Who did this to whom."""
    audit.record(act.db, actor=act.actor, action=action, subject_type="seat", subject_id=seat.id, now=act.now)


def note_started(act: Act[object], seat: Seat) -> None:
    """A patient who is let in for the first time has started the programme."""
    keep(act, "admitted", seat)
    wanted = select(Enrolment).where(
        Enrolment.cohort_id == seat.cohort_id,
        Enrolment.person_id == seat.person_id,
        Enrolment.state == EnrolmentState.ENROLLED,
    )
    found = act.db.exec(wanted).first()
    if found is not None:
        enrolment.change_state(act.db, enrolment=found, to=EnrolmentState.STARTED, actor=act.actor, now=act.now)


@permission("session.lead")
def hold(act: Act[payloads.ToSeat]) -> Outcome:
    seat = act.other_seat()
    change = act.apply(seats.hold, seat=seat.id)
    keep(act, "held", seat)
    return Outcome(change, media=act.cut_off(change, [seat.id]))


@permission("session.lead")
def remove(act: Act[payloads.ToSeat]) -> Outcome:
    seat = act.other_seat()
    change = act.apply(seats.remove, seat=seat.id)
    keep(act, "removed", seat)
    return Outcome(change, media=act.cut_off(change, [seat.id]))


@permission("session.lead")
def let_back(act: Act[payloads.ToSeat]) -> Outcome:
    seat = act.other_seat()
    change = act.apply(seats.let_back, seat=seat.id)
    keep(act, "let_back", seat)
    return Outcome(change)


@permission("session.lead")
def stop_camera(act: Act[payloads.ToSeat]) -> Outcome:
    """One person's picture, for everyone and at the engine; they are told, and can start it again."""
    seat = act.other_seat()
    change = act.apply(seats.stop_camera, seat=seat.id, now_ms=act.now_ms)
    keep(act, "camera_stopped", seat)
    return Outcome(change, media=act.settle(change, [seat.id]))


@permission("session.lead")
def mute(act: Act[payloads.ToSeat]) -> Outcome:
    seat = act.other_seat()
    change = act.apply(seats.mute, seats=[seat.id], now_ms=act.now_ms)
    return Outcome(change, media=act.mute(change, [seat.id]))


@permission("session.lead")
def mute_all(act: Act[payloads.Nothing]) -> Outcome:
    """Everyone but facilitators, who keep their sound."""
    state = act.state
    patients = [
        seat
        for seat in admitted_seats(state)
        if state["seats"][seat]["role"] != "facilitator" and "word" not in state["seats"][seat]
    ]
    change = act.apply(seats.mute, seats=patients, now_ms=act.now_ms)
    return Outcome(change, media=act.mute(change, patients))


@permission("session.lead")
def lower_hand(act: Act[payloads.ToSeat]) -> Outcome:
    return Outcome(act.apply(seats.hand_down, seat=act.other_seat().id))


@permission("session.lead")
def look_up(act: Act[payloads.ToSeat]) -> Outcome:
    """Where somebody is and whom to ring; each look is logged."""
    seat = act.other_seat()
    reply = alerts.look_up(act.db, seat=seat, actor=act.actor, now=act.now)
    if not seat.news and not seat.flags:
        return Outcome(reply=reply)
    own = act.state["seats"][act.seat.id]
    return Outcome(act.apply(seats.look_up, seat=seat.id, by=own["name"]), reply=reply)


@permission("session.lead")
def help_take(act: Act[payloads.ToAlert]) -> Outcome:
    alert = alerts.find_alert(act.db, group_session=act.group_session, alert_id=act.given["alert"])
    own = act.state["seats"][act.seat.id]
    change = act.apply(safety.help_take, alert=alert.id, by=own["name"])
    alerts.take(act.db, alert=alert, actor=act.actor, now=act.now)
    return Outcome(change)


@permission("session.lead")
def help_close(act: Act[payloads.ToAlert]) -> Outcome:
    alert = alerts.find_alert(act.db, group_session=act.group_session, alert_id=act.given["alert"])
    change = act.apply(safety.help_close, alert=alert.id)
    alerts.close(act.db, alert=alert, actor=act.actor, now=act.now)
    return Outcome(change)


@permission("session.lead")
def end(act: Act[payloads.Nothing]) -> Outcome:
    """Over for everyone: sound and picture stop, and what people told us about today is deleted.

    Raises Conflict before the start: there is nothing to end then.
    """
    if act.state["status"] != "running":
        raise Conflict("The session has not started, so there is nothing to end. Press Leave to go.")
    room_id = act.group_session.id
    change = closing.close(act.db, group_session=act.group_session, actor=act.actor, now=act.now)
    rooms = [room_id, *breakout_rules.small_rooms(room_id, change.before)]
    return Outcome(change, media=lambda engine: engine.close(*rooms))
