"""Rehearsing a session: start, go back to it, practise, end. Its room's own pages are those of every session."""

import contextlib
from dataclasses import dataclass

import structlog
from flask import Blueprint, Flask, current_app, jsonify, redirect, render_template, request, session, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from backtolife import clock
from backtolife.database.session import session_scope
from backtolife.errors import BacktolifeError, Conflict
from backtolife.people.access import System, permission
from backtolife.people.request import actor, db, engine, now, person, settings
from backtolife.people.standing_in import stand_in
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.broadcast.hub import Live, live, seat_room
from backtolife.sessions.realtime import arrivals
from backtolife.sessions.rehearsal.orders import Practice, Press
from backtolife.sessions.rehearsals import drills
from backtolife.sessions.rehearsals import services as rehearsals
from backtolife.sessions.rehearsals.forms import RehearseForm
from backtolife.sessions.rehearsals.models import Rehearsal
from backtolife.sessions.rehearsals.processes import Troupe
from backtolife.sessions.room import seats, services
from backtolife.sessions.room import store as room
from backtolife.sessions.room.media_client import MediaAway
from backtolife.sessions.state import breakout_rules
from backtolife.text.from_json import read

log = structlog.get_logger(__name__)
pages = Blueprint("rehearsals", __name__)
Page = str | Response | tuple[str, int]
NO_REHEARSAL = "This is a real session. You can practise in a rehearsal: start one from your Today page."


@dataclass(frozen=True)
class Chosen:
    """What the facilitator chose to practise."""

    practice: Practice


def add_to(app: Flask) -> None:
    """Give the application its troupe."""

    def ended(group_session_id: str, code: int) -> None:
        with app.app_context():
            people_ended(live(app), group_session_id, code)

    app.extensions["backtolife.troupe"] = Troupe(ended)


def troupe() -> Troupe:
    found: Troupe = current_app.extensions["backtolife.troupe"]
    return found


@pages.get("/rehearse")
@permission("session.rehearse")
def overview() -> Page:
    return overview_page(RehearseForm(formdata=None))


def overview_page(form: RehearseForm) -> str:
    return render_template(
        "sessions/managing/rehearse.jinja",
        form=form,
        going_on=rehearsals.going_on(db(), actor().id),
        over="over" in request.args,
        plans={each.number: each for each in shipped().sessions},
    )


@pages.post("/rehearse")
@permission("session.rehearse")
def begin() -> Page:
    form = RehearseForm()
    if not form.validate_on_submit():
        return overview_page(form), 400
    begun = rehearsals.begin(db(), person=person(), number=int(form.number.data), actor=actor(), now=now())
    stand_in(session, group_session_id=begun.group_session.id, token=begun.token)
    response = redirect(url_for("sessions.enter_room", group_session_id=begun.group_session.id))
    send_after(response, begun.rehearsal)
    return response


def send_after(response: Response, rehearsal: Rehearsal) -> None:
    """Have the simulated people come once this response, and with it the commit, is out."""
    orders = rehearsals.orders_of(db(), rehearsal, site=settings().public_url, cookies=cookies_with, now=now())
    called = troupe()

    def send() -> None:
        called.send(orders)

    response.call_on_close(send)


def cookies_with(token: str) -> dict[str, str]:
    """What a browser that is signed in with `token` sends along."""
    serializer = current_app.session_interface.get_signing_serializer(current_app)  # type: ignore[attr-defined]
    return {current_app.config["SESSION_COOKIE_NAME"]: serializer.dumps({"signed_in": token})}


@pages.post("/rehearse/back")
@permission("session.rehearse")
def go_back() -> Response:
    """Into the room again, on this browser."""
    found = rehearsals.going_on(db(), actor().id)
    if found is None:
        return redirect(url_for("rehearsals.overview"))
    stand_in(session, group_session_id=found.group_session_id, token=rehearsals.enter(db(), found, now=now()))
    return redirect(url_for("sessions.enter_room", group_session_id=found.group_session_id))


@pages.post("/rehearse/end")
@permission("session.rehearse")
def end() -> Response:
    """End it from outside its room, also after a crash."""
    found = rehearsals.open_of(db(), actor().id)
    response = redirect(url_for("rehearsals.overview", over=1))
    if found is not None:
        where, called, here, moment = found.group_session_id, troupe(), live(), now()
        change = rehearsals.finish(db(), found, actor=actor(), now=moment)
        response.call_on_close(lambda: called.dismiss(where))
        if change is not None:
            response.call_on_close(lambda: tell_end(here, change))
    return response


def in_hand(group_session_id: str) -> Rehearsal:
    """The rehearsal in this room. Raises Conflict for a real session, NotFound for somebody else's."""
    services.find(db(), actor=actor(), group_session_id=group_session_id, action="session.lead")
    found = rehearsals.in_room(db(), group_session_id)
    if found is None:
        raise Conflict(NO_REHEARSAL)
    return found


@pages.post("/sessions/<group_session_id>/practise")
@permission("session.lead")
def practise(group_session_id: str) -> Response:
    """Something happens in the room, as it would in a real session."""
    in_hand(group_session_id)
    choose = "Choose what to practise: an alert, a drop-out or a hand-over."
    what = read(Chosen, request.get_json(silent=True), instead=choose).practice
    group_session = services.find(db(), actor=actor(), group_session_id=group_session_id, action="session.lead")
    seat = seats.seat_of(db(), group_session_id=group_session_id, person_id=actor().id)
    if seat is None:
        raise Conflict("Come into the room first.")
    chosen = drills.choose(room.state_of(db(), group_session), what, seat.id)
    troupe().tell(group_session_id, Press(what, chosen.person_id))
    return jsonify(words=chosen.words)


@pages.post("/sessions/<group_session_id>/people")
@permission("session.lead")
def bring_back(group_session_id: str) -> Response:
    """The simulated people again, after their process died. Those who are there stay."""
    found = in_hand(group_session_id)
    response = jsonify(words="The simulated people come back. This takes a few seconds.")
    if not troupe().here(group_session_id):
        send_after(response, found)
    return response


def people_ended(here: Live, group_session_id: str, code: int) -> None:
    """The process of the simulated people is over: with the rehearsal, or by itself, which its room is told."""
    moment = clock.now()
    try:
        with session_scope(engine()) as handle:
            found = rehearsals.in_room(handle, group_session_id)
            if found is None:
                return
            if code and not rehearsals.room_is_over(handle, found):
                log.warning("rehearsal_people_gone", code=code)
                tell_gone(here, group_session_id)
                return
            change = rehearsals.finish(handle, found, actor=System("rehearsal", found.service_id), now=moment)
    except (BacktolifeError, SQLAlchemyError) as error:
        log.error("rehearsal_not_ended", kind=type(error).__name__)
        return
    if change is not None:
        tell_end(here, change)


def tell_gone(here: Live, group_session_id: str) -> None:
    for connection in here.connections.everyone():
        if connection.group_session_id == group_session_id and connection.staff:
            here.sockets.emit("people_gone", {}, to=seat_room(connection.seat_id))


def tell_end(here: Live, change: room.Change) -> None:
    here.tell(change, clock.now())
    arrivals.show_out(here, change)
    rooms = breakout_rules.small_rooms(change.group_session_id, change.before)
    with contextlib.suppress(MediaAway):
        here.engine.close(change.group_session_id, *rooms)
