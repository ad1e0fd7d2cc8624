"""Where you are signed in: one's browsers, when each was last seen, and the ways to end them."""

from flask import Blueprint, flash, g, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from backtolife.people.access import permission
from backtolife.people.request import actor, db, now, person
from backtolife.people.signing_in import places
from backtolife.people.signing_in.linked.accounts import works_for

pages = Blueprint("places_signed_in", __name__, url_prefix="/your-details/signed-in")
GONE = "You are not signed in there any more."
EVERYWHERE = "You are signed out everywhere. Sign in again when you are ready."


@pages.get("")
@permission("account.details")
def show() -> str:
    found = places.places_of(db(), person=person(), now=now())
    names = {each.person.id: each.service.name for each in works_for(db(), person())} if actor().elsewhere else {}
    here = g.get("signed_in_id", "")
    return render_template("people/places.jinja", places=found, here=here, names=names, now=now())


@pages.get("/still-here")
@permission("account.details", reads=True)
def still_here() -> tuple[str, int]:
    """Somebody does something on a page that sends nothing by itself: that they asked is what counts."""
    return "", 204


@pages.post("/<place_id>/end")
@permission("account.details")
def end(place_id: str) -> Response:
    place = places.end_one(db(), actor=actor(), person=person(), place_id=place_id, now=now())
    flash(GONE if place is None else f"{place.browser or 'That browser'} is signed out.")
    return redirect(url_for("places_signed_in.show"))


@pages.post("/end-all")
@permission("account.details")
def end_all() -> Response:
    staff = actor().is_staff
    places.end_everywhere(db(), actor=actor(), person=person(), now=now())
    session.clear()
    flash(EVERYWHERE)
    return redirect(url_for("staff.ask" if staff else "signin.ask"))
