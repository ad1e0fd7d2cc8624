"""The page after the password: the code of one's app, or one that was written down."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.limits.throttle import TooOften
from backtolife.people.models import Person
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import db, now, sealing, settings
from backtolife.people.second_step import half_in, services
from backtolife.people.second_step.checking import counted
from backtolife.people.second_step.forms import AppCodeForm, RecoveryForm
from backtolife.people.second_step.passkeys import site_of
from backtolife.people.sign_in_pages.leading_in import lead_in

pages = Blueprint("staff_code", __name__, url_prefix="/staff/sign-in")
AGAIN = "That took more than ten minutes. Please enter your password once more."
Page = str | Response | tuple[str, int]


def page(person: Person, code: AppCodeForm | None = None, recovery: RecoveryForm | None = None) -> str:
    ways = services.ways_of(db(), person.id)
    return render_template(
        "people/second_step/ask.jinja",
        form=code or AppCodeForm(formdata=None),
        recovery=recovery or RecoveryForm(formdata=None),
        ways=ways,
        passkeys=bool(ways.passkeys) and site_of(settings().public_url).takes_passkeys,
    )


def from_the_password() -> Response:
    flash(AGAIN)
    return redirect(url_for("staff.ask"))


def waiting() -> Person | None:
    return half_in.person(db(), now())


@pages.get("/code")
@permission(PUBLIC)
def ask() -> Page:
    person = waiting()
    return page(person) if person is not None else from_the_password()


@pages.post("/code")
@permission(PUBLIC)
def check() -> Page:
    person, form = waiting(), AppCodeForm()
    if person is None:
        return from_the_password()
    if not form.validate_on_submit():
        return page(person, code=form), 400
    code = form.app_code.data or ""
    try:
        counted(
            person, lambda: services.check_code(db(), person=person, code=code, sealing=sealing(), now=now()), now()
        )
    except (Invalid, TooOften) as error:
        form.app_code.errors = [error.message]
        return page(person, code=form), error.status
    return lead_in(person, second="app")


@pages.post("/recovery")
@permission(PUBLIC)
def recover() -> Page:
    person, form = waiting(), RecoveryForm()
    if person is None:
        return from_the_password()
    if not form.validate_on_submit():
        return page(person, recovery=form), 400
    code = form.recovery.data or ""
    try:
        left = counted(
            person, lambda: services.check_recovery(db(), person=person, code=code, sealing=sealing(), now=now()), now()
        )
    except (Invalid, TooOften) as error:
        form.recovery.errors = [error.message]
        return page(person, recovery=form), error.status
    response = lead_in(person, second="recovery code")
    if left:
        flash(
            f"You have {left} recovery {'code' if left == 1 else 'codes'} left. You can make new ones in Your details."
        )
    else:
        flash("That was your last recovery code. Make new ones in Your details.")
    return response
