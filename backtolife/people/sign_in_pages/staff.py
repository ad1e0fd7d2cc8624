"""Pages for staff accounts: password sign-in, invitation, reset, and who works here."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people import services
from backtolife.people.access import permission
from backtolife.people.forms import InviteForm, NewPasswordForm, PasswordForm, ResetForm
from backtolife.people.limits.throttle import TooOften
from backtolife.people.models import LinkPurpose, Role
from backtolife.people.names import isolated
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor, db, now, settings
from backtolife.people.role_words import in_words
from backtolife.people.roles import roles_by_person
from backtolife.people.sign_in_pages.patients import enter, safe_next, send_link
from backtolife.people.signing_in import browser_link, known_browser, link_requests, password_request, signin
from backtolife.people.signing_in.passwords import Busy

pages = Blueprint("staff", __name__, url_prefix="/staff")


@pages.get("/sign-in")
@permission(PUBLIC)
def ask() -> str:
    if "next" in request.args:
        session["next"] = safe_next("")
    return render_template("people/staff_sign_in.jinja", form=PasswordForm())


@pages.post("/sign-in")
@permission(PUBLIC)
def sign_in() -> str | Response | tuple[str, int]:
    form = PasswordForm()
    if not form.validate_on_submit():
        return render_template("people/staff_sign_in.jinja", form=form), 400
    try:
        person = password_request.sign_in(form.email.data, form.password.data)
    except (Invalid, TooOften, Busy) as error:
        form.password.errors = [error.message]
        waits = isinstance(error, TooOften)
        return render_template("people/staff_sign_in.jinja", form=form, waits=waits), error.status
    enter(person)
    response = redirect(session.pop("next", "") or url_for("home.show"))
    known_browser.remember(response, person.email)
    return response


@pages.post("/sign-in/link")
@permission(PUBLIC)
def send_browser_link() -> str | Response | tuple[str, int]:
    """For whoever has to wait because of what others tried, in a browser that is new."""
    form = ResetForm()
    if not form.validate_on_submit():
        return render_template("people/staff_sign_in.jinja", form=PasswordForm()), 400
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
    signin.find_link(db(), token=token, purpose=LinkPurpose.INVITATION, now=now())
    return render_template("people/staff_password.jinja", form=NewPasswordForm(), title="Welcome. Choose your password")


@pages.post("/invitation/<token>")
@permission(PUBLIC)
def spend_invitation(token: str) -> str | Response | tuple[str, int]:
    return choose_password(token, LinkPurpose.INVITATION, "Welcome. Choose your password")


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
    enter(person)
    response = redirect(url_for("home.show"))
    known_browser.remember(response, person.email)
    return response


@pages.get("")
@permission("staff.invite")
def overview() -> str:
    return staff_page(InviteForm())


@pages.post("")
@permission("staff.invite")
def invite() -> str | Response | tuple[str, int]:
    form = InviteForm()
    if form.validate_on_submit():
        try:
            person = services.invite_staff(
                db(),
                actor=actor(),
                email=form.email.data,
                full_name=form.full_name.data,
                shown_name=form.shown_name.data,
                job=form.job.data or "",
                roles={Role(each) for each in form.roles.data or ()},
                now=now(),
            )
        except Conflict as error:
            form.email.errors = [error.message]
        else:
            send_link(person, LinkPurpose.INVITATION, "staff.invitation")
            flash(f"We have written to {isolated(person.full_name)}.")
            return redirect(url_for("staff.overview"))
    return staff_page(form), 400


def staff_page(form: InviteForm) -> str:
    staff = services.staff_of(db(), actor=actor())
    roles = roles_by_person(db(), actor().service_id)
    words = {person.id: in_words(roles.get(person.id, ())) for person in staff}
    return render_template("people/staff.jinja", staff=staff, form=form, words=words)
