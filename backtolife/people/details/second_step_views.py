"""Setting up the second step of one's own sign-in: an app with codes, and recovery codes to write down."""

import io

import segno
from flask import Blueprint, flash, g, redirect, render_template, session, url_for
from itsdangerous import BadData
from markupsafe import Markup
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.limits.throttle import TooOften
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, person, sealing, service, settings
from backtolife.people.second_step import app_codes, services
from backtolife.people.second_step.checking import counted
from backtolife.people.second_step.forms import AppCodeForm, PasskeyForm, ProveForm
from backtolife.people.second_step.passkeys import site_of
from backtolife.people.signing_in import password_request, step_up
from backtolife.people.signing_in.passwords import Busy

pages = Blueprint("second_step", __name__, url_prefix="/your-details/second-step")
PENDING = "app_secret"
PROVE_FIRST = "Enter your password first. Then you can change how you sign in."
Page = str | Response | tuple[str, int]


def may_change() -> bool:
    """Whether they have just given their password."""
    return actor().sets_up_only or step_up.is_fresh(db(), token=session.get("signed_in", ""), now=now())


def refuse_unproved() -> Response | None:
    if may_change():
        return None
    flash(PROVE_FIRST)
    return redirect(url_for("second_step.show"))


def page(form: ProveForm | None = None, *, passkey_form: PasskeyForm | None = None) -> str:
    return render_template(
        "people/second_step/overview.jinja",
        ways=services.ways_of(db(), actor().id),
        may_change=may_change(),
        required=settings().second_step_required,
        form=form or ProveForm(formdata=None),
        passkey_form=passkey_form or PasskeyForm(formdata=None),
        takes_passkeys=site_of(settings().public_url).takes_passkeys,
    )


@pages.get("")
@permission("account.second_step")
def show() -> str:
    return page()


@pages.post("/prove")
@permission("account.second_step")
def prove() -> Page:
    form = ProveForm()
    if not form.validate_on_submit():
        return page(form), 400
    try:
        password_request.confirm(form.password.data or "")
    except (Invalid, Busy) as error:
        form.password.errors = [error.message]
        return page(form), error.status
    return redirect(url_for("second_step.show"))


def pending_secret(me: Person) -> str:
    """The secret that this browser is setting up: the same in each of its tabs, until it is kept."""
    place = f"setting up/{me.id}"
    try:
        return sealing().open(session[PENDING], place=place)
    except (KeyError, Invalid, BadData):
        secret = app_codes.new_secret()
        session[PENDING] = sealing().close(secret, place=place)
        return secret


def picture_of(address: str) -> Markup:
    """The square that a phone's camera reads, as a drawing inside the page: nothing is asked of anybody else."""
    drawing = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, light="#fff", dark="#000", nl=False
    )
    return Markup(drawing.getvalue().decode())  # noqa: S704 - segno draws squares; the address is in none of its text


def app_page(form: AppCodeForm | None = None) -> str:
    me = person()
    secret = pending_secret(me)
    address = app_codes.address_of(secret, person=me, service=service())
    return render_template(
        "people/second_step/app.jinja",
        picture=picture_of(address),
        address=address,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        form=form or AppCodeForm(formdata=None),
        replaces=services.ways_of(db(), me.id).app_since is not None,
    )


@pages.get("/app")
@permission("account.second_step")
def app() -> Page:
    return refuse_unproved() or app_page()


@pages.post("/app")
@permission("account.second_step")
def keep_app() -> Page:
    refused, form, me = refuse_unproved(), AppCodeForm(), person()
    if refused is not None:
        return refused
    if not form.validate_on_submit():
        return app_page(form), 400
    secret, code = pending_secret(me), form.app_code.data or ""

    def look() -> list[str]:
        return services.set_up_app(
            db(),
            actor=actor(),
            person=me,
            secret=secret,
            code=code,
            sealing=sealing(),
            signed_in_id=g.signed_in_id,
            now=now(),
        )

    try:
        codes = counted(me, look, now())
    except (Invalid, TooOften) as error:
        form.app_code.errors = [error.message]
        return app_page(form), error.status
    session.pop(PENDING, None)
    if codes:
        return codes_page(codes)
    flash("Your new app is set up. The one before works no more.")
    return redirect(url_for("second_step.show"))


def codes_page(codes: list[str]) -> str:
    """They stand on this one answer and nowhere else."""
    onward = session.pop("next", "") or url_for("home.show")
    return render_template("people/second_step/codes.jinja", codes=codes, onward=onward)


@pages.post("/recovery-codes")
@permission("account.second_step")
def make_codes() -> Page:
    refused = refuse_unproved()
    if refused is not None:
        return refused
    return codes_page(services.make_codes(db(), actor=actor(), person=person(), sealing=sealing(), now=now()))


@pages.post("/app/remove")
@permission("account.second_step")
def remove_app() -> Response:
    refused = refuse_unproved()
    if refused is not None:
        return refused
    required = settings().second_step_required
    services.remove_app(db(), actor=actor(), person=person(), required=required, now=now())
    flash("The app is taken off your account.")
    return redirect(url_for("second_step.show"))
