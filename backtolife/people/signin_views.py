"""Pages for signing in as a patient, by link or code, and for leaving."""

from urllib.parse import urlsplit

from flask import Blueprint, g, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people import messages, signin
from backtolife.people.access import PUBLIC, permission
from backtolife.people.forms import AskForm, CodeForm, SpendForm
from backtolife.people.models import LinkPurpose, Person, Role
from backtolife.people.request import actor_or_none, db, now, settings
from backtolife.people.throttles import by_address, by_caller

pages = Blueprint("signin", __name__)
DEVICE_COOKIE = "device"


def device_cookie() -> str:
    return "__Host-device" if settings().secure else DEVICE_COOKIE


def send_link(person: Person, purpose: LinkPurpose, endpoint: str) -> None:
    """Issue a link and queue the message that carries it.

    Its address is built from the settings, never from what a request claims our host is.
    """
    issued = signin.issue_link(db(), person=person, purpose=purpose, now=now())
    address = settings().public_url + url_for(endpoint, token=issued.token)
    messages.queue_link(db(), person=person, issued=issued, address=address, now=now())


def safe_next(default: str) -> str:
    """Where to go on to: only ever a page of our own."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return wanted if ours else default


def enter(person: Person) -> None:
    """Sign the person in to this browser, with a fresh cookie."""
    onward = session.get("next")
    session.clear()
    session["signed_in"] = signin.begin(db(), person=person, now=now())
    if onward:
        session["next"] = onward


@pages.get("/sign-in")
@permission(PUBLIC)
def ask() -> str | Response:
    actor = actor_or_none()
    if actor is not None and not actor.joins_only:
        return redirect(url_for("home.show"))
    session["next"] = safe_next("")
    return render_template("people/ask.jinja", form=AskForm())


@pages.post("/sign-in")
@permission(PUBLIC)
def send() -> str | Response | tuple[str, int]:
    """The answer is the same whether we know the address or not."""
    form = AskForm()
    if not form.validate_on_submit():
        return render_template("people/ask.jinja", form=form), 400
    by_caller.check(request.remote_addr or "", now())
    by_address.check(form.email.data.lower(), now())
    for person in signin.find_by_email(db(), form.email.data):
        if person.role is not Role.PATIENT:
            continue
        send_link(person, LinkPurpose.SIGN_IN, "signin.open_link")
    session["email"] = form.email.data
    return redirect(url_for("signin.code"))


@pages.get("/sign-in/code")
@permission(PUBLIC)
def code() -> str:
    form = CodeForm(formdata=None, email=session.get("email", ""))
    return render_template("people/code.jinja", form=form)


@pages.post("/sign-in/code")
@permission(PUBLIC)
def spend_code() -> str | Response | tuple[str, int]:
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("people/code.jinja", form=form), 400
    by_caller.check(request.remote_addr or "", now())
    try:
        person = signin.spend_code(
            db(), email=form.email.data, code=form.code.data, purpose=LinkPurpose.SIGN_IN, now=now()
        )
    except Invalid as error:
        g.keep = True  # the try counts
        form.code.errors = [error.message]
        return render_template("people/code.jinja", form=form), 400
    enter(person)
    return redirect(session.pop("next", "") or url_for("home.show"))


@pages.get("/link/<token>")
@permission(PUBLIC)
def open_link(token: str) -> str:
    """Opening spends nothing: mail scanners open every link."""
    signin.find_link(db(), token=token, purpose=LinkPurpose.SIGN_IN, now=now())
    return render_template("people/link.jinja", form=SpendForm(formdata=None, remember=True), token=token)


@pages.post("/link/<token>")
@permission(PUBLIC)
def spend_link(token: str) -> Response:
    person = signin.spend_link(db(), token=token, purpose=LinkPurpose.SIGN_IN, now=now())
    enter(person)
    response = make_response(redirect(session.pop("next", "") or url_for("home.show")))
    if SpendForm().remember.data:
        remember(response, person)
    return response


def remember(response: Response, person: Person) -> None:
    """Leave the secret of a remembered device with this browser."""
    response.set_cookie(
        device_cookie(),
        signin.remember_device(db(), person=person, now=now()),
        max_age=int(signin.DEVICE_LIFE.total_seconds()),
        secure=settings().secure,
        httponly=True,
        samesite="Lax",
    )


@pages.post("/sign-out")
@permission("account.sign_out")
def leave() -> Response:
    signin.end(db(), token=session.get("signed_in", ""), now=now())
    session.clear()
    return redirect(url_for("signin.ask"))
