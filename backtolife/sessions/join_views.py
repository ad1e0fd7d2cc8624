"""From the link in a reminder to the page before the session: two presses on a remembered device, a code elsewhere."""

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people import messages, signin
from backtolife.people.access import PUBLIC, permission
from backtolife.people.models import LinkPurpose, Person, Role
from backtolife.people.request import actor, actor_or_none, db, now, settings
from backtolife.people.signin_views import device_cookie, remember
from backtolife.people.throttles import by_address, by_caller
from backtolife.programme import rules as dates
from backtolife.programme.models import Cohort
from backtolife.sessions import late, room, services
from backtolife.sessions.forms import JoinCodeForm, LateForm, WhoForm
from backtolife.sessions.live import live
from backtolife.sessions.models import GroupSession, GroupStatus

pages = Blueprint("joining", __name__, url_prefix="/j")
Page = str | Response | tuple[str, int]


@pages.get("/<code>")
@permission(PUBLIC)
def open_link(code: str) -> Page:
    """Opening the link changes nothing: mail scanners open every link."""
    group_session = services.by_code(db(), code)
    closed = closed_page(group_session)
    if closed:
        return closed
    who = actor_or_none()
    if who is not None:
        services.find(db(), actor=who, group_session_id=group_session.id, action="session.join")
        return redirect(onward(group_session, who.role))
    session["next"] = request.path  # whoever signs in instead, staff above all, comes back here
    person = remembered()
    if person is None:
        return render_template("sessions/who.jinja", form=WhoForm(formdata=None), group_session=group_session)
    refuse_stranger(person, group_session)
    return render_template("sessions/begin.jinja", person=person, group_session=group_session, date=date(group_session))


@pages.post("/<code>")
@permission(PUBLIC)
def begin(code: str) -> Page:
    """The press that uses the remembered device: it opens this session and nothing else."""
    group_session = services.by_code(db(), code)
    closed = closed_page(group_session)
    if closed:
        return closed
    person = remembered()
    if person is None:
        return redirect(url_for("joining.open_link", code=code))
    refuse_stranger(person, group_session)
    enter(person)
    return redirect(onward(group_session, person.role))


@pages.post("/<code>/late")
@permission(PUBLIC)
def say_late(code: str) -> Page:
    """From the home page, the page before the session or a remembered device: I come, but later."""
    group_session = services.by_code(db(), code)
    person = known()
    if person is None:
        return redirect(url_for("joining.open_link", code=code))
    refuse_stranger(person, group_session)
    form = LateForm()
    if not form.validate_on_submit():
        raise Invalid("Choose how late you will be.")
    held = room.load(db(), group_session.id)
    change = late.say(db(), group_session=held, person=person, minutes=int(form.minutes.data), now=now())
    flash(f"We have told your team that you will be about {form.minutes.data} minutes late.")
    signed_in = actor_or_none() is not None and not actor().joins_only
    response = redirect(url_for("home.show") if signed_in else url_for("joining.open_link", code=code))
    live().tell_after(response, change, now())
    return response


@pages.post("/<code>/who")
@permission(PUBLIC)
def send_code(code: str) -> Page:
    """The answer is the same whether we know the address or not."""
    group_session = services.by_code(db(), code)
    form = WhoForm()
    if not form.validate_on_submit():
        return render_template("sessions/who.jinja", form=form, group_session=group_session), 400
    by_caller.check(request.remote_addr or "", now())
    by_address.check(form.email.data.lower(), now())
    for person in signin.find_by_email(db(), form.email.data):
        if person.role is Role.PATIENT and in_group(person, group_session):
            issued = signin.issue_link(db(), person=person, purpose=LinkPurpose.JOIN, now=now())
            address = services.open_join_address(group_session, settings())
            messages.queue_link(db(), person=person, issued=issued, address=address, now=now())
    session["email"] = form.email.data
    return redirect(url_for("joining.code_page", code=code))


@pages.get("/<code>/code")
@permission(PUBLIC)
def code_page(code: str) -> Page:
    group_session = services.by_code(db(), code)
    return render_template("sessions/code.jinja", form=JoinCodeForm(formdata=None), group_session=group_session)


@pages.post("/<code>/code")
@permission(PUBLIC)
def spend_code(code: str) -> Page:
    group_session = services.by_code(db(), code)
    form = JoinCodeForm()
    if not form.validate_on_submit():
        return render_template("sessions/code.jinja", form=form, group_session=group_session), 400
    by_caller.check(request.remote_addr or "", now())
    try:
        person = signin.spend_code(
            db(), email=session.get("email", ""), code=form.code.data, purpose=LinkPurpose.JOIN, now=now()
        )
    except Invalid as error:
        g.keep = True  # the try counts
        form.code.errors = [error.message]
        return render_template("sessions/code.jinja", form=form, group_session=group_session), 400
    refuse_stranger(person, group_session)
    enter(person)
    response = make_response(redirect(onward(group_session, person.role)))
    if form.remember.data:
        remember(response, person)
    return response


def enter(person: Person) -> None:
    """Open the live session to this browser, not the person's record."""
    session.clear()
    session["signed_in"] = signin.begin(db(), person=person, now=now(), joins_only=True)


def remembered() -> Person | None:
    """Whose device this is, for patients; staff always sign in."""
    token = request.cookies.get(device_cookie(), "")
    person = signin.person_of_device(db(), token=token, now=now()) if token else None
    return person if person is not None and person.role is Role.PATIENT else None


def known() -> Person | None:
    """The patient behind this request: signed in, or on a device we remember."""
    who = actor_or_none()
    person = db().get_one(Person, who.id) if who is not None else remembered()
    return person if person is not None and person.role is Role.PATIENT else None


def in_group(person: Person, group_session: GroupSession) -> bool:
    return person.service_id == group_session.service_id and services.may_join(
        db(), person_id=person.id, cohort_id=group_session.cohort_id
    )


def refuse_stranger(person: Person, group_session: GroupSession) -> None:
    if not in_group(person, group_session):
        abort(404)


def onward(group_session: GroupSession, role: Role) -> str:
    endpoint = "sessions.get_ready" if role is Role.PATIENT else "sessions.enter_room"
    return url_for(endpoint, group_session_id=group_session.id)


def date(group_session: GroupSession) -> object:
    return room.date_of(db(), group_session)


def closed_page(group_session: GroupSession) -> tuple[str, int] | None:
    """The page that says when to come back, or that it is over; None while the session can be joined."""
    try:
        refuse_unless_open(group_session)
    except Conflict as error:
        who = known()
        may_say = who is not None and in_group(who, group_session) and late.may_be_said(db(), group_session, now())
        page = render_template(
            "sessions/closed.jinja", message=error.message, group_session=group_session, may_say_late=may_say
        )
        return page, 409
    return None


def refuse_unless_open(group_session: GroupSession) -> None:
    """Raise Conflict before the doors open, after they close, and once a facilitator has ended the session."""
    when, cohort = room.date_of(db(), group_session), db().get_one(Cohort, group_session.cohort_id)
    dates.refuse_unless_open(
        now(), number=group_session.number, starts_at=when.starts_at, ends_at=when.ends_at, zone=cohort.zone
    )
    if group_session.status is GroupStatus.ENDED:
        raise Conflict(f"Session {group_session.number} is over. Go to your home page to see when the next one is.")
