"""Showing once more that it is you, before something grave: with a passkey, or at the organisation.

The password is asked for on the form itself; here is what those use who have none, or have something better.
"""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.organisation import attempts, matching
from backtolife.people.organisation.faults import NotAnswered, TokenWrong
from backtolife.people.organisation.here import provider_here
from backtolife.people.organisation.provider import Told
from backtolife.people.own_page import is_own_page
from backtolife.people.request import actor, db, give_up_place, now, person, release_db, settings
from backtolife.people.second_step import challenges, passkeys
from backtolife.people.second_step.passkeys import CountedBack, site_of
from backtolife.people.signing_in import step_up
from backtolife.people.signing_in.linked.accounts import all_of
from backtolife.people.traces import security_log

pages = Blueprint("again", __name__, url_prefix="/show-it-is-you")
ASKED = "passkey_asked_again"
NEXT = "again_next"
NOT_YOURS = "This passkey is somebody else's. Use your own."
Page = str | Response | tuple[str, int]


def made_for() -> str:
    """A challenge for this browser's sign-in and nothing else."""
    return f"again:{g.signed_in_id}"


@pages.get("")
@permission("account.second_step")
def show() -> str:
    if is_own_page(request.args.get("next", "")):
        session[NEXT] = request.args["next"]
    return page()


def page(refusal: str = "") -> str:
    site = site_of(settings().public_url)
    return render_template(
        "people/second_step/again.jinja",
        passkey=site.takes_passkeys and any(passkeys.passkeys_of(db(), each) for each in own_ids()),
        organisation=organisation_name(),
        back=session.get(NEXT, "") or url_for("home.show"),
        refusal=refusal,
    )


def organisation_name() -> str:
    """What the organisation is called where this person signs in there; empty for others."""
    chosen = provider_here()
    if chosen is None or not any(matching.is_linked(db(), each) for each in own_ids()):
        return ""
    return chosen.settings.name


def own_ids() -> list[str]:
    """The accounts that their one sign-in opens: what shows who they are for one of them shows it here."""
    return [each.id for each in all_of(db(), person())]


@pages.post("/passkey/options")
@permission("account.second_step")
def options() -> dict[str, Any]:
    challenge = challenges.new_challenge(db(), made_for=made_for(), now=now())
    session[ASKED] = bytes_to_base64url(challenge)
    return passkeys.options_to_sign_in(site=site_of(settings().public_url), challenge=challenge)


@pages.post("/passkey")
@permission("account.second_step")
def by_passkey() -> Page:
    challenge, site = base64url_to_bytes(session.pop(ASKED, "")), site_of(settings().public_url)
    answer = request.form.get("passkey_answer", "")
    try:
        owner = passkeys.sign_in(db(), answer=answer, challenge=challenge, site=site, made_for=made_for(), now=now())
        if owner.id not in own_ids():
            raise Invalid(NOT_YOURS)
    except Invalid as error:
        g.keep = True  # the challenge is used up
        copied = isinstance(error, CountedBack)
        security_log.note("passkey_counted_back" if copied else "passkey_refused", account=actor().id)
        return page(error.message), error.status
    return shown("passkey")


@pages.get("/organisation")
@permission("account.second_step")
def go() -> Page:
    """A link and no form, as for signing in there."""
    chosen = provider_here()
    if chosen is None:
        return not_shown("Nobody signs in at their organisation here. Use your password.")
    release_db()
    give_up_place()
    try:
        return redirect(chosen.address(attempts.begin(now(), again=True)))
    except NotAnswered as error:
        security_log.note("organisation_does_not_answer", why=error.why)
        return page(error.message), error.status


def at_organisation(told: Told) -> Response:
    """The provider has just asked them anew. Raises TokenWrong where that was somebody else."""
    if not any(matching.is_linked(db(), each, told) for each in own_ids()):
        raise TokenWrong("another_person")
    return shown("organisation")


def not_shown(words: str) -> Response:
    """Back to the page, with what to do."""
    flash(words)
    return redirect(url_for("again.show"))


def shown(way: str) -> Response:
    step_up.confirm(db(), token=session.get("signed_in", ""), now=now(), way=way)
    flash("Thank you. For ten minutes we do not ask again.")
    return redirect(session.pop(NEXT, "") or url_for("home.show"))
