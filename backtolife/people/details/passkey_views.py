"""Adding a passkey under one's details, and removing one. The page's script speaks with the device."""

from typing import Any

from flask import Blueprint, flash, g, redirect, session, url_for
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.details.second_step_views import PROVE_FIRST, Page, codes_page, may_change, page, refuse_unproved
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, person, sealing, settings
from backtolife.people.second_step import challenges, own_passkeys, passkeys
from backtolife.people.second_step.forms import PasskeyForm
from backtolife.people.second_step.passkeys import site_of

pages = Blueprint("passkeys", __name__, url_prefix="/your-details/second-step/passkeys")
ASKED = "passkey_to_add"


@pages.post("/options")
@permission("account.second_step")
def options() -> dict[str, Any]:
    if not may_change():
        raise Conflict(PROVE_FIRST)
    challenge = challenges.new_challenge(db(), made_for=actor().id, now=now())
    session[ASKED] = bytes_to_base64url(challenge)
    return passkeys.options_to_add(db(), person=person(), site=site_of(settings().public_url), challenge=challenge)


@pages.post("")
@permission("account.second_step")
def add() -> Page:
    refused, form = refuse_unproved(), PasskeyForm()
    if refused is not None:
        return refused
    if not form.validate_on_submit():
        return page(passkey_form=form), 400
    try:
        codes = own_passkeys.add(
            db(),
            actor=actor(),
            person=person(),
            name=form.name.data or "",
            answer=form.passkey_answer.data or "",
            challenge=base64url_to_bytes(session.pop(ASKED, "")),
            site=site_of(settings().public_url),
            sealing=sealing(),
            signed_in_id=g.signed_in_id,
            now=now(),
        )
    except Invalid as error:
        g.keep = True  # the challenge is used up
        form.name.errors = [error.message]
        return page(passkey_form=form), error.status
    if codes:
        return codes_page(codes)
    flash("Your passkey is added. Next time, sign in with it.")
    return redirect(url_for("second_step.show"))


@pages.post("/<passkey_id>/remove")
@permission("account.second_step")
def remove(passkey_id: str) -> Response:
    refused = refuse_unproved()
    if refused is not None:
        return refused
    required = settings().second_step_required
    name = own_passkeys.remove(
        db(), actor=actor(), person=person(), passkey_id=passkey_id, required=required, now=now()
    )
    flash(f"The passkey {isolated(name)} is removed.")
    return redirect(url_for("second_step.show"))
