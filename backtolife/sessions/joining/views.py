"""The live session's pages: getting ready, the room, and the token for sound and picture."""

from flask import Blueprint, after_this_request, g, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid, NotPermitted
from backtolife.people.access import authorise, permission
from backtolife.people.models import GUESTS
from backtolife.people.request import actor, db, now, person, settings
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.plan.guide_parts import below_title, parts_of
from backtolife.programme.plan.template import Programme
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.joining import agreeing, page_data, warning_tasks
from backtolife.sessions.joining.asked_after import asked_after
from backtolife.sessions.joining.assets import loaded
from backtolife.sessions.joining.link_views import closed_page
from backtolife.sessions.records import closing, warnings_kept
from backtolife.sessions.room import seats, services
from backtolife.sessions.room import store as room
from backtolife.sessions.room.belonging import refuse_shut
from backtolife.sessions.room.forms import ReadyForm, TickForm
from backtolife.sessions.room.models import GroupSession, GroupStatus
from backtolife.sessions.room.warning_signs import warning_groups
from backtolife.sessions.state import breakout_rules, rules
from backtolife.sessions.state.room_state import publishing_of
from backtolife.sessions.state.rules import Camera, SeatStatus

pages = Blueprint("sessions", __name__, url_prefix="/sessions")
Page = str | Response | tuple[str, int]


def find(group_session_id: str, action: str) -> GroupSession:
    return services.find(db(), actor=actor(), group_session_id=group_session_id, action=action)


@pages.get("/<group_session_id>/get-ready")
@permission("session.join")
def get_ready(group_session_id: str) -> Page:
    group_session = find(group_session_id, "session.join")
    closed = closed_page(group_session) or agreeing.agreement_first(group_session)
    if closed:
        return closed
    if not actor().is_patient:
        return staff_ready_page(group_session)
    seat = seats.seat_of(db(), group_session_id=group_session.id, person_id=actor().id)
    if seat is not None and seat.status is SeatStatus.REMOVED:
        return gone_page(group_session, "removed"), 403
    me, chosen = person(), seats.last_camera(db(), actor().id)
    where, _, address = (seat.place if seat else "").partition(": ")
    form = ReadyForm(
        formdata=None,
        camera=chosen.value if chosen else None,
        where=where or None,
        address=address or ("" if where else me.address),
        phone=(seat.phone if seat else "") or me.phone,
        emergency_name=(seat.emergency_name if seat else "") or me.emergency_name,
        emergency_phone=(seat.emergency_phone if seat else "") or me.emergency_phone,
        flags=warnings_kept.ticked_by(db(), group_session, me),
        news=seat.news if seat else "",
    )
    form.home_address = me.address
    if actor().joins_only:
        form.hide_record(has_phone=bool(form.phone.data), has_contact=bool(form.emergency_name.data))
    return ready_page(group_session, form)


def staff_ready_page(group_session: GroupSession) -> str:
    """Staff see themselves; the way into the room is on it from the start."""
    return render_template(
        "sessions/joining/staff_ready.jinja",
        group_session=group_session,
        date=room.date_of(db(), group_session),
        now=now(),
        cohort=db().get_one(Cohort, group_session.cohort_id),
    )


def ready_page(group_session: GroupSession, form: ReadyForm) -> str:
    names = services.staff_names(db(), group_session)
    return render_template(
        "sessions/joining/ready.jinja",
        form=form,
        group_session=group_session,
        date=room.date_of(db(), group_session),
        now=now(),
        names=names,
        cohort=db().get_one(Cohort, group_session.cohort_id),
        warnings=warning_groups(),
        to_agree=agreeing.still_to_agree(group_session),
    )


@pages.post("/<group_session_id>/get-ready")
@permission("session.join")
def take_seat(group_session_id: str) -> Page:
    group_session = find(group_session_id, "session.join")
    closed = closed_page(group_session)
    if closed:
        return closed
    form, seat = ReadyForm(), seats.seat_of(db(), group_session_id=group_session.id, person_id=actor().id)
    form.home_address = person().address
    if actor().joins_only:
        form.leave_as_known((seat.phone if seat else "") or person().phone)
    valid, held = form.validate_on_submit(), room.load(db(), group_session.id)
    keep_warnings(held, form)
    if first := agreeing.refuse_seat(group_session):
        return first
    if not valid:
        return ready_page(group_session, form), 400
    me = person()
    known = (me.emergency_name, me.emergency_phone) if actor().joins_only else ("", "")
    ready = seats.Ready(
        camera=Camera(form.camera.data),
        place=form.place,
        phone=form.phone.data or me.phone,
        emergency_name=form.emergency_name.data or known[0],
        emergency_phone=form.emergency_phone.data or known[1],
        space_ready=tuple(form.space.data or ()),
        flags=tuple(warnings_kept.ticked_by(db(), held, me)),
        news=form.news.data or (seat.news if seat and actor().joins_only else ""),
    )
    try:
        change = seats.take_seat(db(), group_session=held, person=me, ready=ready, actor=actor(), now=now())
    except Invalid as error:
        form[error.field or "phone"].errors = [error.message]
        return ready_page(group_session, form), 400
    except NotPermitted:
        return gone_page(group_session, "removed"), 403
    response = redirect(url_for("sessions.enter_room", group_session_id=group_session.id))
    live().tell_after(response, change, now())
    return response


def keep_warnings(group_session: GroupSession, form: ReadyForm) -> None:
    """What was ticked counts, whatever else on the form is wrong, and whether or not the person comes in."""
    if form.flags.errors or form.news.errors:
        return
    g.keep = True
    before = warnings_kept.ticked_by(db(), group_session, person())
    signs, news, shown = form.flags.data or (), form.news.data or "", not actor().joins_only
    change = warnings_kept.keep_all(
        db(), group_session=group_session, person=person(), signs=signs, news=news, now=now(), shown=shown
    )
    warning_tasks.raise_for(group_session, before=before, after=signs)
    tell_later(change)


def tell_later(change: room.Change | None) -> None:
    """Tell the room once this request's commit is out, whatever page it answers with."""
    if change is None:
        return

    @after_this_request
    def tell(response: Response) -> Response:
        live().tell_after(response, change, now())
        return response


@pages.post("/<group_session_id>/warning-signs")
@permission("warning.tick")
def tick_warning(group_session_id: str) -> Response:
    """One tick on the page before the session, sent by the page at that moment."""
    find(group_session_id, "warning.tick")
    form = TickForm()
    if not form.validate_on_submit():
        raise Invalid("Choose one of the warning signs on the page.", "sign")
    held, me = room.load(db(), group_session_id), person()
    before = warnings_kept.ticked_by(db(), held, me)
    warnings_kept.tick(db(), group_session=held, person=me, sign=form.sign.data, ticked=form.ticked.data, now=now())
    warning_tasks.raise_for(held, before=before, after=warnings_kept.ticked_by(db(), held, me))
    tell_later(warnings_kept.tell_room(db(), group_session=held, person=me, now=now()))
    return Response(status=204)


@pages.get("/<group_session_id>/room")
@permission("session.room")
def enter_room(group_session_id: str) -> Page:
    group_session = find(group_session_id, "session.room")
    staff = actor().is_staff
    if group_session.status is GroupStatus.ENDED:
        return gone_page(group_session, "ended")
    seat = seats.seat_of(db(), group_session_id=group_session.id, person_id=actor().id)
    first = None
    if seat is not None and seat.status in services.HERE:
        first = agreeing.agreement_first(group_session, inside=seat.status is SeatStatus.ADMITTED)
    closed = closed_page(group_session) or first
    if closed:
        return closed
    if seat is not None and seat.status is SeatStatus.REMOVED:
        return gone_page(group_session, "removed"), 403
    if actor().is_guest and (seat is None or seat.status is SeatStatus.LEFT):
        return gone_page(group_session, "left")
    if not staff and (seat is None or seat.status is SeatStatus.LEFT):
        return redirect(url_for("sessions.get_ready", group_session_id=group_session.id))
    data_for = page_data.for_staff if staff else page_data.for_patients
    two_rooms, programme = live().engine.two_rooms, room.programme_in(db(), group_session)
    return render_template(
        "sessions/room/staff.jinja" if staff else "sessions/room/room.jinja",
        group_session=group_session,
        guests=GUESTS,
        cohort=db().get_one(Cohort, group_session.cohort_id),
        plan=programme.session(group_session.number),
        data=data_for(db(), group_session=group_session, media_url=settings().media_url, two_rooms=two_rooms),
        names=services.staff_names(db(), group_session),
        **(
            {
                "others": services.staff_names(db(), group_session, but=actor().id),
                **beside_the_room(programme, group_session.number),
            }
            if staff
            else {"advised": warnings_kept.advised_to(db(), group_session, person())}
        ),
        loaded=loaded("staff.js" if staff else "patient.js"),
    )


def beside_the_room(programme: Programme, number: int) -> dict[str, object]:
    """What staff read without leaving the room: urgent help, the scripts of this session, the facilitator guide."""
    urgent = programme.guide(programme.safety.urgent_help_guide)
    spoken = [each.script_id for each in programme.session(number).sections if each.script_id]
    return {
        "urgent": urgent,
        "urgent_parts": parts_of(below_title(urgent.body), whole=True),
        "scripts": {each: programme.relaxation[each] for each in spoken},
        "guide": parts_of(programme.facilitator_guide.body),
    }


def gone_page(group_session: GroupSession, why: str) -> str:
    date = room.date_of(db(), group_session)
    seat = seats.seat_of(db(), group_session_id=group_session.id, person_id=actor().id)
    return render_template(
        "sessions/after/gone.jinja",
        group_session=group_session,
        why=why,
        date=date,
        now=now(),
        seat=seat.id if seat else "",
        may_come_back=seat is not None and seat.status is not SeatStatus.REMOVED,
        goes_on=group_session.status is not GroupStatus.ENDED,
        may_open_again=closing.may_open_again(db(), group_session, now()),
        asked=why == "ended" and asked_after(group_session.cohort_id, group_session.number),
    )


@pages.get("/<group_session_id>/gone/<any(ended, left, removed):why>")
@permission("session.room")
def gone(group_session_id: str, why: str) -> Page:
    """Where the room sends a page that is not in it any more."""
    return gone_page(find(group_session_id, "session.room"), why)


@pages.post("/<group_session_id>/media-token")
@permission("session.room")
def media_token(group_session_id: str) -> Response:
    """Tokens for sound and picture, 60 seconds to use. Only for those who are in the room."""
    group_session = find(group_session_id, "session.room")
    rules.refuse_after_end(group_session.status)
    seat = seats.seat_of(db(), group_session_id=group_session.id, person_id=actor().id)
    if seat is None:
        raise Conflict("Join the session first.")
    state = room.state_of(db(), group_session)
    rules.refuse_unless_in(seat.status, admitted_needed="word" not in state["seats"].get(seat.id, {}))
    authorise(actor(), "session.room", seat)
    refuse_shut(db(), person=person(), group_session=group_session)
    may, name = publishing_of(state, seat.id), person().shown_name
    where = breakout_rules.room_of(group_session.id, breakout_rules.place_of(state, seat.id, room.milliseconds(now())))
    tokens = live().engine.tokens(room=where, seat=seat.id, name=name, may=may, seats=state["seats"])
    return jsonify(url=settings().media_url, **tokens)


@pages.post("/<group_session_id>/media-check")
@permission("session.join")
def media_check(group_session_id: str) -> Response:
    """With what the page before a session tries whether sound and picture get through at all.

    It opens a room of its own with nobody in it, in which nothing may be sent; the group is not in reach.
    """
    find(group_session_id, "session.join")
    return jsonify(url=settings().media_url, token=live().engine.check_token())
