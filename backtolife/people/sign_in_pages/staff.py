"""Pages for staff accounts: password sign-in, invitation, reset."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.forms import NewPasswordForm, PasswordForm, ResetForm
from backtolife.people.limits.even_time import answers_evenly
from backtolife.people.limits.throttle import TooOften
from backtolife.people.models import LinkPurpose
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor_or_none, db, now, settings
from backtolife.people.sign_in_pages.leading_in import after_password
from backtolife.people.sign_in_pages.patients import NEXT_OF, safe_next
from backtolife.people.sign_in_pages.staff_page import page
from backtolife.people.signing_in import browser_link, known_browser, link_requests, password_request, signin
from backtolife.people.signing_in.passwords import Busy

pages = Blueprint("staff", __name__, url_prefix="/staff")
WELCOME = "Welcome. Choose your password"


@pages.get("/sign-in")
@permission(PUBLIC)
def ask() -> str:
    if "next" in request.args:
        session["next"] = safe_next("")
        session.pop(NEXT_OF, None)
    return page(PasswordForm())


@pages.post("/sign-in")
@permission(PUBLIC)
@answers_evenly
def sign_in() -> str | Response | tuple[str, int]:
    form = PasswordForm()
    if not form.validate_on_submit():
        return page(form), 400
    try:
        person = password_request.sign_in(form.email.data, form.password.data)
    except (Invalid, TooOften, Busy) as error:
        form.password.errors = [error.message]
        waits = isinstance(error, TooOften)
        return page(form, waits=waits), error.status
    return after_password(person)


@pages.post("/sign-in/link")
@permission(PUBLIC)
@answers_evenly
def send_browser_link() -> str | Response | tuple[str, int]:
    """For whoever has to wait because of what others tried, in a browser that is new."""
    form = ResetForm()
    if not form.validate_on_submit():
        return page(PasswordForm()), 400
    link_requests.refuse_too_often(form.email.data, browser_link.ASKS, now())
    browser_link.send(
        db(),
        email=form.email.data,
        address=lambda token: settings().public_url + url_for("staff.know_browser", token=token),
        now=now(),
    )
    flash("If that address belongs to a staff account, a message with a link is on its way. Open it in this browser.")
    return redirect(url_for("staff.ask"))


@pages.get("/this-browser/<token>")
@permission(PUBLIC)
def know_browser(token: str) -> str:
    """Opening does nothing: mail scanners open every link."""
    browser_link.owner(db(), token)
    return render_template("people/staff_browser.jinja", form=FlaskForm())


@pages.post("/this-browser/<token>")
@permission(PUBLIC)
def browser_known(token: str) -> Response:
    person = browser_link.opened(db(), token, now())
    response = redirect(url_for("staff.ask"))
    known_browser.remember(response, person.email)
    flash("Thank you. Now sign in with your password.")
    return response


@pages.get("/reset")
@permission(PUBLIC)
def ask_reset() -> str:
    return render_template("people/staff_reset.jinja", form=ResetForm())


@pages.post("/reset")
@permission(PUBLIC)
@answers_evenly
def send_reset() -> str | Response | tuple[str, int]:
    form = ResetForm()
    if not form.validate_on_submit():
        return render_template("people/staff_reset.jinja", form=form), 400
    link_requests.refuse_too_often(form.email.data, LinkPurpose.PASSWORD_RESET, now())
    link_requests.send_links(
        db(),
        email=form.email.data,
        purpose=LinkPurpose.PASSWORD_RESET,
        wanted=lambda person: person.is_staff,
        address=lambda token: settings().public_url + url_for("staff.reset", token=token),
        now=now(),
    )
    flash("If that address belongs to a staff account, a message with a link is on its way.")
    return redirect(url_for("staff.ask"))


@pages.get("/reset/<token>")
@permission(PUBLIC)
def reset(token: str) -> str:
    signin.find_link(db(), token=token, purpose=LinkPurpose.PASSWORD_RESET, now=now())
    return render_template("people/staff_password.jinja", form=NewPasswordForm(), title="Choose a new password")


@pages.post("/reset/<token>")
@permission(PUBLIC)
def spend_reset(token: str) -> str | Response | tuple[str, int]:
    return choose_password(token, LinkPurpose.PASSWORD_RESET, "Choose a new password")


@pages.get("/invitation/<token>")
@permission(PUBLIC)
def invitation(token: str) -> str:
    link = signin.find_link(db(), token=token, purpose=LinkPurpose.INVITATION, now=now())
    actor = actor_or_none()
    elsewhere = actor is not None and actor.is_staff and not actor.limited and actor.service_id != link.service_id
    return render_template(
        "people/staff_password.jinja", form=NewPasswordForm(), title=WELCOME, use_own=token if elsewhere else ""
    )


@pages.post("/invitation/<token>")
@permission(PUBLIC)
def spend_invitation(token: str) -> str | Response | tuple[str, int]:
    return choose_password(token, LinkPurpose.INVITATION, WELCOME)


def choose_password(token: str, purpose: LinkPurpose, title: str) -> str | Response | tuple[str, int]:
    form = NewPasswordForm()
    problem = not form.validate_on_submit()
    if not problem:
        try:
            person = password_request.choose(token, purpose, form.password.data)
        except (Invalid, Busy) as error:
            problem, form.password.errors = True, [error.message]
    if problem:
        return render_template("people/staff_password.jinja", form=form, title=title), 400
    return after_password(person)
