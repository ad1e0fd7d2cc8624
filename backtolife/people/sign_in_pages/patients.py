"""Pages for signing in as a patient, by link or code, and for leaving."""

from flask import Blueprint, g, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.drafts import late_forms, put_back
from backtolife.people.drafts import services as drafts
from backtolife.people.forms import AskForm, CodeForm, SpendForm
from backtolife.people.limits.even_time import answers_evenly
from backtolife.people.limits.throttles import refuse_caller
from backtolife.people.models import LinkPurpose, Person
from backtolife.people.own_page import is_own_page
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor_or_none, db, now, settings
from backtolife.people.signing_in import devices, known_browser, link_requests, messages, signin
from backtolife.people.signing_in.browser_names import name_of
from backtolife.people.signing_in.linked.accounts import are_linked

pages = Blueprint("signin", __name__)
DEVICE_COOKIE = "device"
NEXT_OF = "next_of"
"""Where the cookie keeps which account of staff the page is for that they were on their way to; empty: any."""


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
    return wanted if is_own_page(wanted) else default


def enter(person: Person, *, sets_up_only: bool = False, second: str = "", token: str = "") -> None:
    """Sign the person in to this browser, with a fresh cookie; with `token` in a sign-in that has begun already.

    `second` is what they showed besides their password.
    """
    before = signin.person_behind(db(), token=session.get("signed_in") or session.get(late_forms.WAS, ""))
    onward, form_token = onward_for(before, person), session.get("csrf_token")
    session.clear()
    browser = name_of(request.headers.get("User-Agent", ""))
    session["signed_in"] = token or signin.begin(
        db(), person=person, now=now(), browser=browser, sets_up_only=sets_up_only, second=second
    )
    session.update(onward)
    if form_token and before == person:
        session["csrf_token"] = form_token  # what they have open in other tabs can still be sent
    put_back.look_out(bool(drafts.without_script(db(), person_id=person.id)))


def onward_for(before: Person | None, person: Person) -> dict[str, str]:
    """What the cookie says of the page that they were on their way to: somebody else's page is nobody's way. Who works
    for several services and signs in for one may have come from a page of another: it waits until they are there.
    """
    onward, meant = session.get("next"), session.get(NEXT_OF, before.id if before is not None else "")
    if not onward or not (meant in ("", person.id) or are_linked(db(), person.id, meant)):
        return {}
    return {"next": onward, NEXT_OF: meant} if person.is_staff else {"next": onward}


def was_going_to(account_id: str) -> str:
    """The page that they were on their way to, if it is one of this account's; else home. The cookie forgets it."""
    meant, page = session.pop(NEXT_OF, ""), session.pop("next", "")
    return page if page and meant in ("", account_id) else url_for("home.show")


@pages.get("/sign-in")
@permission(PUBLIC)
def ask() -> str | Response:
    actor = actor_or_none()
    if actor is not None and not actor.joins_only:
        return redirect(url_for("home.show"))
    session["next"] = safe_next("")
    session.pop(NEXT_OF, None)
    return render_template("people/ask.jinja", form=AskForm())


@pages.post("/sign-in")
@permission(PUBLIC)
@answers_evenly
def send() -> str | Response | tuple[str, int]:
    """The answer is the same whether we know the address or not."""
    form = AskForm()
    if not form.validate_on_submit():
        return render_template("people/ask.jinja", form=form), 400
    link_requests.refuse_too_often(form.email.data, LinkPurpose.SIGN_IN, now())
    link_requests.send_links(
        db(),
        email=form.email.data,
        purpose=LinkPurpose.SIGN_IN,
        wanted=lambda person: person.is_patient,
        address=lambda token: settings().public_url + url_for("signin.open_link", token=token),
        now=now(),
    )
    session["email"] = form.email.data
    return redirect(url_for("signin.code"))


@pages.get("/sign-in/code")
@permission(PUBLIC)
def code() -> str:
    form = CodeForm(formdata=None, email=session.get("email", ""))
    return render_template("people/code.jinja", form=form)


@pages.post("/sign-in/code")
@permission(PUBLIC)
@answers_evenly
def spend_code() -> str | Response | tuple[str, int]:
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("people/code.jinja", form=form), 400
    refuse_caller(request.remote_addr, now())
    try:
        person = link_requests.spend_code(db(), email=form.email.data, code=form.code.data, purpose=LinkPurpose.SIGN_IN)
    except Invalid as error:
        g.keep = True  # the try counts
        form.code.errors = [error.message]
        return render_template("people/code.jinja", form=form), 400
    enter(person)
    response = redirect(session.pop("next", "") or url_for("home.show"))
    known_browser.remember(response, person.email)
    return response


def already_in(token: str) -> bool:
    """A second press on the link that led in: whoever is signed in here is its person, so they are led in again."""
    actor = actor_or_none()
    return actor is not None and not actor.joins_only and signin.was_used_by(db(), token=token, person_id=actor.id)


@pages.get("/link/<token>")
@permission(PUBLIC)
def open_link(token: str) -> str | Response:
    """Opening spends nothing: mail scanners open every link."""
    if already_in(token):
        return redirect(url_for("home.show"))
    signin.find_link(db(), token=token, purpose=LinkPurpose.SIGN_IN, now=now())
    return render_template("people/link.jinja", form=SpendForm(formdata=None), token=token)


@pages.post("/link/<token>")
@permission(PUBLIC)
def spend_link(token: str) -> Response:
    if already_in(token):
        return redirect(url_for("home.show"))
    person = signin.spend_link(db(), token=token, purpose=LinkPurpose.SIGN_IN, now=now())
    enter(person)
    response = make_response(redirect(session.pop("next", "") or url_for("home.show")))
    known_browser.remember(response, person.email)
    if SpendForm().remember.data:
        remember(response, person)
    return response


def remember(response: Response, person: Person) -> None:
    """Leave the secret of a remembered device with this browser."""
    response.set_cookie(
        device_cookie(),
        devices.remember_device(db(), person=person, now=now()),
        max_age=int(devices.DEVICE_LIFE.total_seconds()),
        secure=settings().secure,
        httponly=True,
        samesite="Lax",
    )


@pages.post("/sign-out")
@permission("account.sign_out")
def leave() -> Response:
    signin.end(db(), token=session.get("signed_in", ""), now=now())
    devices.forget_device(db(), token=request.cookies.get(device_cookie(), ""), now=now())
    session.clear()
    response = make_response(redirect(url_for("signin.ask")))
    response.delete_cookie(device_cookie(), secure=settings().secure, httponly=True, samesite="Lax")
    return response
