"""“The services you work for”, below how one signs in: joining another one to this sign-in, and ending that."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import permission
from backtolife.people.forms import PasswordForm
from backtolife.people.limits.throttle import TooOften
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.people.organisation.here import provider_here
from backtolife.people.own_services import here, linking
from backtolife.people.request import actor, db, now, person, settings
from backtolife.people.second_step import half_in
from backtolife.people.second_step.forms import ProveForm
from backtolife.people.second_step.passkeys import site_of
from backtolife.people.second_step.services import ways_of
from backtolife.people.sign_in_pages.leading_in import refuse_elsewhere_only
from backtolife.people.signing_in import known_browser, password_request
from backtolife.people.signing_in.linked.accounts import works_for
from backtolife.people.signing_in.passwords import Busy
from backtolife.people.signing_in.signin import SPENT

pages = Blueprint("linked_services", __name__, url_prefix="/your-details/services")
INVITED = "invited_elsewhere"
"""Where the cookie keeps the invitation to another service that is to be answered with this sign-in."""
PROVE_FIRST = "Enter your password first."
Page = str | Response | tuple[str, int]


def page(form: ProveForm | None = None, other_form: PasswordForm | None = None) -> str:
    provider = provider_here()
    passwords = provider is None or provider.settings.passwords
    invited = linking.invited_elsewhere(db(), actor=actor(), token=session.get(INVITED, ""), now=now())
    return render_template(
        "people/own_services/linked.jinja",
        services=works_for(db(), person()),
        me=person(),
        may_change=password_request.is_fresh(),
        invited_to=invited[1] if invited is not None else None,
        form=form or ProveForm(formdata=None),
        other_form=other_form or PasswordForm(formdata=None),
        passwords=passwords,
        passkeys=passwords and site_of(settings().public_url).takes_passkeys,
    )


def back(words: str) -> Response:
    flash(words)
    return redirect(url_for("linked_services.show"))


@pages.get("")
@permission("account.services")
def show() -> str:
    session.pop(here.GIVEN, None)
    session.pop(here.CHANGES, None)
    return page()


@pages.post("/prove")
@permission("account.services")
def prove() -> Page:
    form = ProveForm()
    if not form.validate_on_submit():
        return page(form), 400
    try:
        password_request.confirm(form.password.data or "")
    except (Invalid, Busy) as error:
        form.password.errors = [error.message]
        return page(form), error.status
    return redirect(url_for("linked_services.show"))


@pages.post("/other")
@permission("account.services")
def other() -> Page:
    """The password of the other account; its second step is asked for next, where it has one."""
    refuse_elsewhere_only()
    form = PasswordForm()
    if not password_request.is_fresh():
        return back(PROVE_FIRST)
    if not form.validate_on_submit():
        return page(other_form=form), 400
    here_already = [each.service.id for each in works_for(db(), person())]
    try:
        found = password_request.sign_in(form.email.data, form.password.data, but=here_already)
    except (Invalid, TooOften, Busy) as error:
        form.password.errors = [error.message]
        return page(other_form=form), error.status
    if ways_of(db(), found.id).some:
        half_in.note(found, now(), key=here.GIVEN)
        session.pop(here.CHANGES, None)
        response = redirect(url_for("other_code.ask"))
    else:
        response = finish(found, second="")
    known_browser.remember(response, found.email)
    return response


def finish(found: Person, *, second: str) -> Response:
    """Join the account that they have just shown to be theirs with the one of this sign-in."""
    if not password_request.is_fresh():
        return back(PROVE_FIRST)
    try:
        linking.link_shown(
            db(),
            actor=actor(),
            signed_in=here.signed_in_here(),
            person=person(),
            other=found,
            proven=found.password_hash,
            second=second,
            required=settings().second_step_required,
            now=now(),
        )
    except Conflict as error:
        return back(error.message)
    return joined(found)


def joined(found: Person) -> Response:
    service = db().get_one(Service, found.service_id)
    return back(f"One sign-in opens {isolated(service.name)} too from now on. We have written to both addresses.")


@pages.post("/invited")
@permission("account.services")
def accept() -> Page:
    """Answer the invitation with the sign-in in hand."""
    if not password_request.is_fresh():
        return back(PROVE_FIRST)
    try:
        found = linking.accept_invitation(
            db(),
            actor=actor(),
            signed_in=here.signed_in_here(),
            person=person(),
            token=session.get(INVITED, ""),
            required=settings().second_step_required,
            now=now(),
        )
    except (Conflict, NotFound) as error:
        db().rollback()
        session.pop(INVITED, None)
        return back(error.message)
    session.pop(INVITED, None)
    return joined(found)


@pages.post("/stop")
@permission("account.services")
def stop() -> Response:
    """Ended by one press: it takes rights away, so nothing more is asked."""
    try:
        linking.stop(db(), actor=actor(), person=person(), signed_in_id=here.signed_in_here().id, now=now())
    except Conflict as error:
        return back(error.message)
    return back("Done. From now on you sign in to each service by itself.")


@pages.post("/invitation/<token>")
@permission("account.services")
def from_invitation(token: str) -> Response:
    """From the page of an invitation: it is to be answered with the sign-in that they have."""
    if linking.invited_elsewhere(db(), actor=actor(), token=token, now=now()) is None:
        return back(SPENT)
    session[INVITED] = token
    return redirect(url_for("linked_services.show"))
