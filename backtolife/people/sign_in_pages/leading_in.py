"""Where staff go once their password was right: to the code of their app, to setting one up, or in."""

from flask import redirect, url_for
from werkzeug.wrappers import Response

from backtolife.errors import NotPermitted
from backtolife.people.models import Person
from backtolife.people.organisation.here import provider_here
from backtolife.people.request import db, now, settings
from backtolife.people.second_step import half_in
from backtolife.people.second_step.services import ways_of
from backtolife.people.sign_in_pages.patients import enter, was_going_to
from backtolife.people.signing_in import known_browser, password_signin
from backtolife.people.signing_in.linked.accounts import others_of

AT_ORGANISATION = "organisation"
"""What stands in the place of a second step: how people show who they are there, their organisation decides."""
ELSEWHERE_ONLY = "Staff sign in at their organisation here. Use the button on the sign-in page for staff."


def refuse_elsewhere_only() -> None:
    """Raise NotPermitted where no way but the organisation's opens."""
    provider = provider_here()
    if provider is not None and not provider.settings.passwords:
        raise NotPermitted(ELSEWHERE_ONLY)


def after_password(person: Person) -> Response:
    """Ask for the second step of whoever has one. Nobody gets past it by a link to choose a password."""
    refuse_elsewhere_only()
    if ways_of(db(), person.id).some:
        half_in.note(person, now())
        return redirect(url_for("staff_code.ask"))
    return lead_in(person, sets_up_only=settings().second_step_required)


def lead_in(person: Person, *, second: str = "", sets_up_only: bool = False) -> Response:
    """Sign them in, on record, and lead on to where they were going. `second` is what they showed besides."""
    if second != AT_ORGANISATION:
        refuse_elsewhere_only()
    password_signin.note_signed_in(db(), person=person, second=second, now=now())
    enter(person, sets_up_only=sets_up_only, second=second)
    if sets_up_only:
        response = redirect(url_for("second_step.show"))
    elif others_of(db(), person.id):
        response = redirect(url_for("own_services.show"))
    else:
        response = redirect(was_going_to(person.id))
    known_browser.remember(response, person.email)
    return response
