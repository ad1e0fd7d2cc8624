"""Signing in with a passkey, in place of password and code."""

from typing import Any

from flask import Blueprint, g, request, session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.forms import PasswordForm
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import db, now, settings
from backtolife.people.second_step import challenges, passkeys
from backtolife.people.second_step.passkeys import CountedBack, site_of
from backtolife.people.sign_in_pages.leading_in import lead_in
from backtolife.people.sign_in_pages.staff_page import page
from backtolife.people.traces import security_log

pages = Blueprint("passkey_sign_in", __name__, url_prefix="/staff/sign-in/passkey")
ASKED = "passkey_asked"


@pages.post("/options")
@permission(PUBLIC)
def options() -> dict[str, Any]:
    """The same for everybody: which passkeys there are, the device knows and we do not say."""
    challenge = challenges.new_challenge(db(), made_for=challenges.SIGN_IN, now=now())
    session[ASKED] = bytes_to_base64url(challenge)
    return passkeys.options_to_sign_in(site=site_of(settings().public_url), challenge=challenge)


@pages.post("")
@permission(PUBLIC)
def sign_in() -> str | Response | tuple[str, int]:
    challenge, site = base64url_to_bytes(session.pop(ASKED, "")), site_of(settings().public_url)
    answer = request.form.get("passkey_answer", "")
    try:
        person = passkeys.sign_in(db(), answer=answer, challenge=challenge, site=site, now=now())
    except Invalid as error:
        g.keep = True  # the challenge is used up
        copied = isinstance(error, CountedBack)
        security_log.note("passkey_counted_back" if copied else "passkey_refused", account=error.field or "")
        form = PasswordForm(formdata=None)
        form.email.errors = [error.message]
        return page(form), error.status
    return lead_in(person, second="passkey")
