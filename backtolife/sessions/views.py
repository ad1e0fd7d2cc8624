"""The live session's pages: getting ready, the room, and the token for sound and picture."""

from flask import Blueprint, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid, NotPermitted
from backtolife.people.access import authorise, permission
from backtolife.people.models import GUESTS, Role
from backtolife.people.request import actor, db, now, person, service, settings
from backtolife.programme.guide_parts import parts_of
from backtolife.programme.loading import shipped
from backtolife.programme.models import Cohort
from backtolife.sessions import page_data, room, rules, seats, services, small_rules
from backtolife.sessions.document import publishing_of
from backtolife.sessions.forms import ReadyForm
from backtolife.sessions.join_views import closed_page
from backtolife.sessions.joined import loaded
from backtolife.sessions.live import live
from backtolife.sessions.models import GroupSession, GroupStatus
from backtolife.sessions.rules import Camera, SeatStatus
from backtolife.sessions.warning_signs import warning_groups

pages = Blueprint("sessions", __name__, url_prefix="/sessions")
Page = str | Response | tuple[str, int]


def find(group_session_id: str, action: str) -> GroupSession:
    return services.find(db(), actor=actor(), group_session_id=group_session_id, action=action)


@pages.get("/<group_session_id>/get-ready")
@permission("session.join")
def get_ready(group_session_id: str) -> Page:
    group_session = find(group_session_id, "session.join")
    if actor().role is not Role.PATIENT:
        return redirect(url_for("sessions.enter_room", group_session_id=group_session_id))
    closed = closed_page(group_session)
    if closed:
        return closed
    seat = seats.seat_of(db(), group_session_id=group_session.id, person_id=actor().id)
    if seat is not None and seat.status is SeatStatus.REMOVED:
        return gone_page(group_session, "removed"), 403
    me, chosen = person(), seats.last_camera(db(), actor().id)
    where, _, address = (seat.place if seat else "").partition(": ")
    form = ReadyForm(
        formdata=None,
        camera=chosen.value if chosen else None,
        where=where or "At home",
        address=address,
        phone=(seat.phone if seat else "") or me.phone,
        emergency_name=(seat.emergency_name if seat else "") or me.emergency_name,
        emergency_phone=(seat.emergency_phone if seat else "") or me.emergency_phone,
    )
    return ready_page(group_session, form)


def ready_page(group_session: GroupSession, form: ReadyForm) -> str:
    names = services.staff_names(db(), group_session.cohort_id)
    return render_template(
        "sessions/ready.jinja",
        form=form,
        group_session=group_session,
        date=room.date_of(db(), group_session),
        now=now(),
        names=names,
        cohort=db().get_one(Cohort, group_session.cohort_id),
        warnings=warning_groups(),
    )


@pages.post("/<group_session_id>/get-ready")
@permission("session.join")
def take_seat(group_session_id: str) -> Page:
    group_session = find(group_session_id, "session.join")
    closed = closed_page(group_session)
    if closed:
        return closed
    form = ReadyForm()
    if not form.validate_on_submit():
        return ready_page(group_session, form), 400
    ready = seats.Ready(
        camera=Camera(form.camera.data),
        place=form.place,
        phone=form.phone.data,
        emergency_name=form.emergency_name.data or "",
        emergency_phone=form.emergency_phone.data or "",
        space_ready=tuple(form.space.data or ()),
        flags=tuple(form.flags.data or ()),
        news=form.news.data or "",
    )
    held = room.load(db(), group_session.id)
    try:
        change = seats.take_seat(db(), group_session=held, person=person(), ready=ready, actor=actor(), now=now())
    except Invalid as error:
        form[error.field or "phone"].errors = [error.message]
        return ready_page(group_session, form), 400
    except NotPermitted:
        return gone_page(group_session, "removed"), 403
    response = redirect(url_for("sessions.enter_room", group_session_id=group_session.id))
    live().tell_after(response, change, now())
    return response


@pages.get("/<group_session_id>/room")
@permission("session.room")
def enter_room(group_session_id: str) -> Page:
    group_session = find(group_session_id, "session.room")
    staff = actor().role is Role.FACILITATOR
    if group_session.status is GroupStatus.ENDED:
        return gone_page(group_session, "ended")
    closed = closed_page(group_session)
    if closed:
        return closed
    seat = seats.seat_of(db(), group_session_id=group_session.id, person_id=actor().id)
    if seat is not None and seat.status is SeatStatus.REMOVED:
        return gone_page(group_session, "removed"), 403
    if actor().role in GUESTS and (seat is None or seat.status is SeatStatus.LEFT):
        return gone_page(group_session, "left")
    if not staff and (seat is None or seat.status is SeatStatus.LEFT):
        return redirect(url_for("sessions.get_ready", group_session_id=group_session.id))
    data_for = page_data.for_staff if staff else page_data.for_patients
    two_rooms = live().engine.two_rooms
    return render_template(
        "sessions/staff.jinja" if staff else "sessions/room.jinja",
        group_session=group_session,
        cohort=db().get_one(Cohort, group_session.cohort_id),
        plan=room.plan_of(group_session),
        data=data_for(db(), group_session=group_session, media_url=settings().media_url, two_rooms=two_rooms),
        names=services.staff_names(db(), group_session.cohort_id),
        loaded=loaded("staff.js" if staff else "patient.js"),
        guide=parts_of(shipped().facilitator_guide.body) if staff and service().rehearsal else (),
    )


def gone_page(group_session: GroupSession, why: str) -> str:
    date = room.date_of(db(), group_session)
    return render_template("sessions/gone.jinja", group_session=group_session, why=why, date=date, now=now())


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
    may, name = publishing_of(state, seat.id), person().shown_name
    where = small_rules.room_of(group_session.id, small_rules.place_of(state, seat.id, room.milliseconds(now())))
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
