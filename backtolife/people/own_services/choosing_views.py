"""“Which service are you working for now?”: after signing in, and from the head of every page."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.own_services import changing, here
from backtolife.people.own_services.strength import is_enough
from backtolife.people.request import actor, db, now, person, sealing, settings
from backtolife.people.second_step import half_in
from backtolife.people.second_step.services import ways_of
from backtolife.people.sign_in_pages.patients import enter, was_going_to
from backtolife.people.signing_in.linked.accounts import works_for

pages = Blueprint("own_services", __name__, url_prefix="/your-services")


@pages.get("")
@permission("account.services")
def show() -> str:
    me = person()
    found = works_for(db(), me, but_signed_in_id=here.signed_in_here().id)
    return render_template("people/own_services/choose.jinja", services=found, me=me, now=now())


@pages.post("/change")
@permission("account.services")
def change() -> Response | tuple[str, int]:
    """On to where they were going, or to the other service; where that asks for more, its code comes first."""
    account_id = request.form.get("account", "")
    if not account_id:
        flash("Choose a service.")
        return show(), 400
    if account_id == actor().id:
        return redirect(was_going_to(account_id))
    to, required = changing.account_of(db(), actor=actor(), account_id=account_id), settings().second_step_required
    if not is_enough(db(), [to], second=here.signed_in_here().second, required=required):
        if not ways_of(db(), to.id).some:
            flash(changing.TOO_LITTLE)
            return redirect(url_for("own_services.show"))
        half_in.note(to, now(), key=here.GIVEN)
        session[here.CHANGES] = True
        return redirect(url_for("other_code.ask"))
    return go(to)


def go(to: Person, *, second: str = "") -> Response:
    """Change to this account of theirs. `second`: what they showed for it just now."""
    token = changing.change(
        db(),
        actor=actor(),
        signed_in=here.signed_in_here(),
        to=to,
        second=second,
        required=settings().second_step_required,
        browser=here.browser_here(),
        sealing=sealing(),
        now=now(),
    )
    enter(to, token=token)
    return redirect(was_going_to(to.id))
