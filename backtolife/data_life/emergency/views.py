"""Opening a record in an emergency, seeing it for an hour, ending it; and the page on which it is reviewed."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from backtolife.data_life.emergency import opening, reviewing
from backtolife.data_life.emergency.forms import OpenForm, ReviewForm
from backtolife.data_life.emergency.opening import Wanted
from backtolife.data_life.emergency.record import shown
from backtolife.data_life.password import confirmed
from backtolife.errors import BacktolifeError, Conflict, Invalid, NotFound
from backtolife.people.access import permission
from backtolife.people.limits.throttles import emergencies
from backtolife.people.request import actor, actor_or_none, db, now, settings
from backtolife.people.signing_in import password_request
from backtolife.people.traces import looks

pages = Blueprint("emergency", __name__, url_prefix="/emergency-access")
Page = str | Response | tuple[str, int]
RUNS_UNTIL = "emergency_until"
"""In the cookie: who has a record open reads it on every page, which asks the database nothing for that."""


def add_to(app: Flask) -> None:
    app.context_processor(running)


def running() -> dict[str, Any]:
    """Until when the record is open, for the line on every page."""
    until = session.get(RUNS_UNTIL, "")
    who = actor_or_none()
    if not until or who is None or not who.is_staff:
        return {"emergency_until": None}
    ends_at = datetime.fromisoformat(until)
    return {"emergency_until": ends_at if ends_at > now() else None}


@pages.get("")
@permission("emergency.open")
def show() -> Page:
    """The record that is open; else how to open one."""
    look = opening.opened(db(), actor=actor(), now=now())
    if look is None:
        if session.pop(RUNS_UNTIL, ""):
            flash("The record is closed. You can see it no more.")
        return form_page(OpenForm(formdata=None))
    looks.shows_people()
    found = shown(db(), actor=actor(), look=look, now=now())
    return render_template("data_life/emergency/record.jinja", found=found)


@pages.post("")
@permission("emergency.open")
def open_one() -> Page:
    form = OpenForm()
    if not form.validate_on_submit():
        return form_page(form), 400
    emergencies.check(actor().id, now())
    try:
        confirmed(form)
        wanted = Wanted(form.full_name.data or "", form.born.data, form.phone.data or "")
        reason, site = form.reason.data or "", settings().public_url
        look = opening.open_record(db(), actor=actor(), wanted=wanted, reason=reason, site=site, now=now())
    except Invalid as error:
        form[error.field if error.field in form else "born"].errors = [error.message]
        return form_page(form), 400
    except (NotFound, Conflict) as error:
        return refused(form, error)
    session[RUNS_UNTIL] = look.ends_at.isoformat()
    return redirect(url_for(".show"))


def refused(form: OpenForm, error: BacktolifeError) -> Page:
    looks.keep_refusal(403, wanted="emergency.open", subject=("service", actor().service_id))
    form.full_name.errors = [error.message]
    return form_page(form), 400


def form_page(form: OpenForm) -> str:
    return render_template("data_life/emergency/open.jinja", form=form, fresh=password_request.is_fresh())


@pages.post("/end")
@permission("emergency.open")
def end() -> Response:
    opening.end(db(), actor=actor(), now=now())
    session.pop(RUNS_UNTIL, "")
    flash("The record is closed. Thank you.")
    return redirect(url_for("home.show"))


@pages.get("/reviews")
@permission("emergency.review")
def reviews() -> str:
    return reviews_page()


@pages.post("/<look_id>/review")
@permission("emergency.review")
def review(look_id: str) -> Page:
    form = ReviewForm(prefix=f"{look_id}-")
    if not form.validate_on_submit():
        return reviews_page(look_id, form), 400
    right = form.right.data == "yes"
    reviewing.review(db(), actor=actor(), look_id=look_id, was_right=right, words=form.words.data or "", now=now())
    flash("Noted. Please speak with them about it." if not right else "Noted.")
    return redirect(url_for(".reviews"))


def reviews_page(look_id: str = "", form: ReviewForm | None = None) -> str:
    found = reviewing.looks_to_review(db(), actor=actor())
    looks.shows_people()
    return render_template(
        "data_life/emergency/reviews.jinja",
        found=found,
        form_of=lambda look: form if form and look.id == look_id else ReviewForm(formdata=None, prefix=f"{look.id}-"),
        now=now(),
    )
