"""Signing in at the organisation: off to its page, and back with what it says."""

from flask import Blueprint, Flask, redirect, request, session
from werkzeug.wrappers import Response

from backtolife.errors import NotFound
from backtolife.people.access import permission
from backtolife.people.forms import PasswordForm
from backtolife.people.limits.throttle import TooOften
from backtolife.people.limits.throttles import count_wrong, refuse_caller
from backtolife.people.organisation import attempts, matching, roles_told, staying
from backtolife.people.organisation.faults import NotAnswered, NotLetIn, Refused
from backtolife.people.organisation.here import add_to as add_provider
from backtolife.people.organisation.here import provider_here
from backtolife.people.organisation.provider import Provider, Told
from backtolife.people.permissions import PUBLIC
from backtolife.people.request import actor_or_none, db, engine, give_up_place, now, release_db, sealing
from backtolife.people.sign_in_pages.again import at_organisation, not_shown
from backtolife.people.sign_in_pages.leading_in import AT_ORGANISATION, lead_in
from backtolife.people.sign_in_pages.patients import was_going_to
from backtolife.people.sign_in_pages.staff_page import page
from backtolife.people.signing_in import signin
from backtolife.people.signing_in.linked.accounts import are_linked
from backtolife.people.traces import security_log

pages = Blueprint("at_organisation", __name__, url_prefix="/staff/sign-in/organisation")
OR_BESIDE = " Or sign in with your password."
Page = Response | tuple[str, int]


def add_to(app: Flask) -> None:
    add_provider(app)


def provider() -> Provider:
    found = provider_here()
    if found is None:
        raise NotFound("There is no such page here. Staff sign in with their password.")
    return found


@pages.get("")
@permission(PUBLIC)
def go() -> Page:
    """A link and no form: browsers let no form of ours lead to another site."""
    chosen = provider()
    release_db()
    give_up_place()
    try:
        refuse_caller(request.remote_addr, now())
        return redirect(chosen.address(attempts.begin(now())))
    except (NotAnswered, TooOften) as error:
        return stay(error)


@pages.get("/back")
@permission(PUBLIC)
def back() -> Page:
    chosen = provider()
    release_db()
    give_up_place()
    again = False
    try:
        refuse_caller(request.remote_addr, now())
        attempt = attempts.take(engine(), request.args.get("state", ""), now())
        again = attempt.again and actor_or_none() is not None
        told = answer(chosen, attempt)
        return at_organisation(told) if again else enter(told)
    except (NotAnswered, NotLetIn, TooOften) as error:
        told_why = stay(error)
        return not_shown(error.message) if again else told_why


def answer(chosen: Provider, attempt: attempts.Attempt) -> Told:
    """What the provider says, with no transaction open. Raises NotLetIn or NotAnswered."""
    if "error" in request.args:
        raise Refused(request.args["error"][:40] if request.args["error"].isidentifier() else "error")
    return chosen.exchange(request.args.get("code", ""), attempt, now())


def enter(told: Told) -> Response:
    """Sign them in for as long as the provider says so. Other tabs that are on their way stay so."""
    person, account = matching.person_of(db(), told, now())
    roles_told.apply(db(), provider().settings, person=person, account=account, told=told, now=now())
    actor = actor_or_none()
    if actor is not None and not actor.limited and (actor.id == person.id or are_linked(db(), actor.id, person.id)):
        return redirect(was_going_to(actor.id))
    others = session.get(attempts.KEY, {})
    response = lead_in(person, second=AT_ORGANISATION)
    session[attempts.KEY] = others
    found = signin.find_signed_in(db(), token=session["signed_in"], now=now())
    if found is not None:
        staying.begin(db(), signed_in=found[0], account=account, told=told, sealing=sealing(), now=now())
    return response


def stay(error: NotAnswered | NotLetIn | TooOften) -> tuple[str, int]:
    """The sign-in page again, with what to do; the reason stays in the log."""
    release_db()
    words = error.message
    if isinstance(error, NotLetIn):
        count_wrong(request.remote_addr, now())
        security_log.note("organisation_refused", account=error.account, why=error.why)
    elif isinstance(error, NotAnswered):
        security_log.note("organisation_does_not_answer", why=error.why)
        words += OR_BESIDE if provider().settings.passwords else ""
    else:
        security_log.note("throttled")
    return page(PasswordForm(formdata=None), problem=words), error.status
