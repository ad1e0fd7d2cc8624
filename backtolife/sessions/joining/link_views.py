"""From the link in a reminder to the page before the session: two presses on a remembered device, a code elsewhere."""

from collections.abc import Callable, Sequence
from typing import cast

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response

from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotPermitted
from backtolife.people.access import permission
from backtolife.people.drafts import late_forms
from backtolife.people.limits.even_time import answers_evenly
from backtolife.people.limits.throttles import refuse_caller
from backtolife.people.models import LinkPurpose, Person
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor, actor_or_none, db, now, settings
from backtolife.people.services import with_address
from backtolife.people.sign_in_pages.patients import remember
from backtolife.people.signing_in import known_browser, link_requests, signin
from backtolife.people.signing_in.browser_names import name_of
from backtolife.programme.cohorts import rules as dates
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.joining import running_late
from backtolife.sessions.joining.who_is_there import in_group, known, refuse_left, refuse_stranger, remembered
from backtolife.sessions.room import seats, services
from backtolife.sessions.room import store as room
from backtolife.sessions.room.forms import ComingForm, JoinCodeForm, LateForm, WhoForm
from backtolife.sessions.room.models import GroupSession, GroupStatus
from backtolife.sessions.state.rules import SeatStatus

pages = Blueprint("joining", __name__, url_prefix="/j")
Page = str | Response | tuple[str, int]
TEAM_KNOWS = "We have told your team that you cannot come."
MAY_CHANGE = " You can change this until the session begins."
WE_EXPECT_YOU = "Good. We have told your team that you will come."


@pages.get("/<code>")
@permission(PUBLIC)
def open_link(code: str) -> Page:
    """Opening the link changes nothing: mail scanners open every link."""
    group_session = services.by_code(db(), code)
    me = known()
    refuse_left(me, group_session)
    closed = closed_page(group_session)
    if closed:
        return closed
    who = actor_or_none()
    if me is not None and not in_group(me, group_session):
        session["next"] = request.path  # two share this browser, and the link is the other one's
        return ask_who(group_session, WhoForm(formdata=None), of_another=True)
    if who is not None and who.is_guest:
        return redirect(url_for("sessions.enter_room", group_session_id=group_session.id))
    if who is not None:
        services.find(db(), actor=who, group_session_id=group_session.id, action="session.join")
        return redirect(onward(group_session, who.id))
    session["next"] = request.path  # whoever signs in instead, staff above all, comes back here
    person = remembered()
    if person is None:
        return ask_who(group_session, WhoForm(formdata=None))
    return render_template(
        "sessions/joining/begin.jinja",
        person=person,
        shared=len(with_address(db(), service_id=person.service_id, email=person.email)) > 1,
        group_session=group_session,
        date=date(group_session),
        may_say_late=running_late.may_be_said(db(), group_session, now()),
        may_cancel=running_late.may_be_cancelled(db(), group_session, now()),
        coming=person.id not in running_late.not_coming(group_session),
    )


def ask_who(group_session: GroupSession, form: WhoForm, of_another: bool = False) -> str:
    """Whose address gets a code. `of_another`: this browser knows somebody who is not in the group."""
    return render_template("sessions/joining/who.jinja", form=form, group_session=group_session, of_another=of_another)


@pages.post("/<code>")
@permission(PUBLIC)
def begin(code: str) -> Page:
    """The press that uses the remembered device: it opens this session and nothing else."""
    group_session = services.by_code(db(), code)
    closed = closed_page(group_session)
    if closed:
        return closed
    person = remembered()
    if person is None or not in_group(person, group_session):
        return redirect(url_for("joining.open_link", code=code))
    enter(person)
    return redirect(onward(group_session, person.id))


@pages.post("/<code>/late")
@permission(PUBLIC)
def say_late(code: str) -> Page:
    """From the home page, the page before the session or a remembered device: I come, but later."""
    group_session = services.by_code(db(), code)
    person = known()
    if person is None:
        if late_forms.by_script():
            raise NotPermitted("Please sign in first.")  # a redirect would mean to the page's script that it was taken
        return redirect(url_for("joining.open_link", code=code))
    refuse_stranger(person, group_session)
    form = LateForm()
    if not form.validate_on_submit():
        raise Invalid("Choose how late you will be.")
    held = room.load(db(), group_session.id)
    change = running_late.say(db(), group_session=held, person=person, minutes=int(form.minutes.data), now=now())
    flash(f"We have told your team that you will be about {form.minutes.data} minutes late.")
    return told(change, code)


@pages.post("/<code>/coming")
@permission(PUBLIC)
def say_coming(code: str) -> Page:
    """From the home page or a remembered device: I cannot come, or I come after all."""
    group_session = services.by_code(db(), code)
    person = known()
    if person is None:
        if late_forms.by_script():
            raise NotPermitted("Please sign in first.")
        return redirect(url_for("joining.open_link", code=code))
    refuse_stranger(person, group_session)
    form = ComingForm()
    if not form.validate_on_submit():
        raise Invalid("Say whether you can come.")
    held, coming = room.load(db(), group_session.id), form.coming.data == "yes"
    change = running_late.say_coming(db(), group_session=held, person=person, coming=coming, now=now())
    begun = now() >= room.date_of(db(), group_session).starts_at
    flash(WE_EXPECT_YOU if coming else TEAM_KNOWS if begun else TEAM_KNOWS + MAY_CHANGE)
    return told(change, code)


def told(change: room.Change, code: str) -> Response:
    """Back to where they said it; the room's pages are told."""
    signed_in = actor_or_none() is not None and not actor().limited
    response = redirect(url_for("home.show") if signed_in else url_for("joining.open_link", code=code))
    live().tell_after(response, change, now())
    return response


@pages.post("/<code>/who")
@permission(PUBLIC)
@answers_evenly
def send_code(code: str) -> Page:
    """The answer is the same whether we know the address or not."""
    group_session = services.by_code(db(), code)
    form = WhoForm()
    if not form.validate_on_submit():
        return ask_who(group_session, form), 400
    link_requests.refuse_too_often(form.email.data, LinkPurpose.JOIN, now())
    link_requests.send_links(
        db(),
        email=form.email.data,
        purpose=LinkPurpose.JOIN,
        wanted=lambda person: person.is_patient and in_group(person, group_session),
        address=lambda _: services.open_join_address(group_session, settings()),
        now=now(),
    )
    session["email"] = form.email.data
    return redirect(url_for("joining.code_page", code=code))


@pages.get("/<code>/code")
@permission(PUBLIC)
def code_page(code: str) -> Page:
    group_session = services.by_code(db(), code)
    return render_template("sessions/joining/code.jinja", form=JoinCodeForm(formdata=None), group_session=group_session)


@pages.post("/<code>/code")
@permission(PUBLIC)
@answers_evenly
def spend_code(code: str) -> Page:
    group_session = services.by_code(db(), code)
    form = JoinCodeForm()
    if not form.validate_on_submit():
        return render_template("sessions/joining/code.jinja", form=form, group_session=group_session), 400
    refuse_caller(request.remote_addr, now())
    try:
        person = link_requests.spend_code(
            db(), email=session.get("email", ""), code=form.code.data, purpose=LinkPurpose.JOIN
        )
    except Invalid as error:
        g.keep = True  # the try counts
        form.code.errors = [error.message]
        return render_template("sessions/joining/code.jinja", form=form, group_session=group_session), 400
    refuse_stranger(person, group_session)
    enter(person)
    response = make_response(redirect(onward(group_session, person.id)))
    known_browser.remember(response, person.email)
    if form.remember.data:
        remember(response, person)
    return response


def enter(person: Person) -> None:
    """Open the live session to this browser, not the person's record."""
    session.clear()
    browser = name_of(request.headers.get("User-Agent", ""))
    session["signed_in"] = signin.begin(db(), person=person, now=now(), browser=browser, joins_only=True)


def onward(group_session: GroupSession, person_id: str) -> str:
    """People get ready once in a session: who was let in and has not left goes straight back into the room."""
    seat = seats.seat_of(db(), group_session_id=group_session.id, person_id=person_id)
    there = seat is not None and seat.status in (SeatStatus.ADMITTED, SeatStatus.HELD)
    endpoint = "sessions.enter_room" if there else "sessions.get_ready"
    return url_for(endpoint, group_session_id=group_session.id)


def date(group_session: GroupSession) -> object:
    return room.date_of(db(), group_session)


def closed_page(
    group_session: GroupSession, *, for_guest: bool = False, course: Sequence[SessionDate] = ()
) -> tuple[str, int] | None:
    """The page that says when to come back, or that it is over; None while the session can be joined. It shows a
    companion the dates of their whole `course`.
    """
    try:
        refuse_unless_open(group_session)
    except Conflict as error:
        who, early = known(), comes_early(group_session)
        may_say = (
            who is not None and in_group(who, group_session) and running_late.may_be_said(db(), group_session, now())
        )
        page = render_template(
            "sessions/joining/closed.jinja",
            message=error.message,
            group_session=group_session,
            may_say_late=may_say,
            video_first=early and has_video(group_session),
            for_guest=for_guest,
            course=course,
            cohort=db().get_one(Cohort, group_session.cohort_id),
            now=now(),
        )
        return page, 200 if early else 409
    return None


def has_video(group_session: GroupSession) -> bool:
    """Whether there is a video to watch before this session; the videos' room knows, and `rooms` names it."""
    ready = cast("Callable[[Db, str, int], bool]", current_app.extensions["backtolife.video_is_ready"])
    return ready(db(), group_session.service_id, group_session.number)


def comes_early(group_session: GroupSession) -> bool:
    """Whether the doors are not open yet: there is time for the video."""
    when = room.date_of(db(), group_session)
    return dates.door(now(), when) is dates.Door.EARLY


def refuse_unless_open(group_session: GroupSession) -> None:
    """Raise Conflict before the doors open, after they close, once a facilitator has ended the session, and for one
    that does not take place.
    """
    when, cohort = room.date_of(db(), group_session), db().get_one(Cohort, group_session.cohort_id)
    if when.left_out_at is not None:
        raise Conflict(
            f"Session {group_session.number} does not take place. Go to your home page to see when the next one is."
        )
    dates.refuse_unless_open(now(), when, number=group_session.number, zone=cohort.zone)
    if group_session.status is GroupStatus.ENDED:
        raise Conflict(f"Session {group_session.number} is over. Go to your home page to see when the next one is.")
