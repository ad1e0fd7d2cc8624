"""What the other account asks for besides its password: a code of its app, one that was written down, its passkey."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.limits.throttle import TooOften
from backtolife.people.models import Person, Service
from backtolife.people.own_services import here
from backtolife.people.own_services.choosing_views import go
from backtolife.people.own_services.linking_views import finish
from backtolife.people.request import db, now, sealing, settings
from backtolife.people.second_step import challenges, half_in, passkeys, services
from backtolife.people.second_step.checking import counted
from backtolife.people.second_step.forms import AppCodeForm, RecoveryForm
from backtolife.people.second_step.passkeys import CountedBack, site_of
from backtolife.people.sign_in_pages.leading_in import refuse_elsewhere_only
from backtolife.people.signing_in.linked.accounts import hold
from backtolife.people.traces import security_log

pages = Blueprint("other_code", __name__, url_prefix="/your-services/code")
ASKED = "passkey_asked_other"
AGAIN = "That took more than ten minutes. Please start again."
ANOTHER = "This passkey is of another account. Use the one of this service."
Page = str | Response | tuple[str, int]


def waiting() -> Person | None:
    return half_in.person(db(), now(), key=here.GIVEN)


def changes() -> bool:
    return bool(session.get(here.CHANGES))


def start_again() -> Response:
    flash(AGAIN)
    return redirect(url_for("own_services.show" if changes() else "linked_services.show"))


def page(person: Person, code: AppCodeForm | None = None, recovery: RecoveryForm | None = None) -> str:
    ways = services.ways_of(db(), person.id)
    return render_template(
        "people/own_services/code.jinja",
        form=code or AppCodeForm(formdata=None),
        recovery=recovery or RecoveryForm(formdata=None),
        ways=ways,
        passkeys=bool(ways.passkeys) and site_of(settings().public_url).takes_passkeys,
        other=db().get_one(Service, person.service_id),
        changes=changes(),
    )


def done(person: Person, second: str) -> Response:
    """They have shown that this account is theirs as well."""
    is_change = changes()
    session.pop(here.GIVEN, None)
    session.pop(here.CHANGES, None)
    return go(person, second=second) if is_change else finish(person, second=second)


@pages.get("")
@permission("account.services")
def ask() -> Page:
    person = waiting()
    return page(person) if person is not None else start_again()


@pages.post("")
@permission("account.services")
def check() -> Page:
    person, form = waiting(), AppCodeForm()
    if person is None:
        return start_again()
    if not form.validate_on_submit():
        return page(person, code=form), 400
    code = form.app_code.data or ""
    hold(db())
    try:
        counted(
            person, lambda: services.check_code(db(), person=person, code=code, sealing=sealing(), now=now()), now()
        )
    except (Invalid, TooOften) as error:
        form.app_code.errors = [error.message]
        return page(person, code=form), error.status
    return done(person, "app")


@pages.post("/recovery")
@permission("account.services")
def recover() -> Page:
    person, form = waiting(), RecoveryForm()
    if person is None:
        return start_again()
    if not form.validate_on_submit():
        return page(person, recovery=form), 400
    code = form.recovery.data or ""
    hold(db())  # a code that is used up is put on record before what it opens
    try:
        counted(
            person, lambda: services.check_recovery(db(), person=person, code=code, sealing=sealing(), now=now()), now()
        )
    except (Invalid, TooOften) as error:
        form.recovery.errors = [error.message]
        return page(person, recovery=form), error.status
    return done(person, "recovery code")


def made_for() -> str:
    """A challenge for this browser's sign-in, and for nothing else than the other account."""
    return f"other service:{g.signed_in_id}"


@pages.post("/passkey/options")
@permission("account.services")
def options() -> dict[str, Any]:
    challenge = challenges.new_challenge(db(), made_for=made_for(), now=now())
    session[ASKED] = bytes_to_base64url(challenge)
    return passkeys.options_to_sign_in(site=site_of(settings().public_url), challenge=challenge)


@pages.post("/passkey")
@permission("account.services")
def by_passkey() -> Page:
    """A passkey shows alone whose account it is, also where no password was given before."""
    refuse_elsewhere_only()
    challenge, site = base64url_to_bytes(session.pop(ASKED, "")), site_of(settings().public_url)
    answer, meant = request.form.get("passkey_answer", ""), waiting()
    hold(db())  # before its row is counted on: who joins or switches off comes to that row from the other side
    try:
        person = passkeys.sign_in(db(), answer=answer, challenge=challenge, site=site, made_for=made_for(), now=now())
        if meant is not None and person.id != meant.id:
            raise Invalid(ANOTHER)
        if meant is None and changes():
            raise Invalid(AGAIN)
    except Invalid as error:
        g.keep = True  # the challenge is used up
        copied = isinstance(error, CountedBack)
        security_log.note("passkey_counted_back" if copied else "passkey_refused", account=error.field or "")
        flash(error.message)
        return redirect(url_for("other_code.ask" if meant is not None else "linked_services.show"))
    return done(person, "passkey")
