"""Pages on which the death of a patient, with a place or without one, is recorded and taken back."""

from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.companions import letters as companions
from backtolife.programme.companions.coming_again import tell_who_comes_again
from backtolife.programme.patients.whose.around import around, asked_for
from backtolife.programme.patients.whose.finding import Whose, address_of
from backtolife.programme.places import dying
from backtolife.programme.places.forms import DiedForm

pages = Blueprint("deaths", __name__, url_prefix="/places")
Page = str | Response | tuple[str, int]


@pages.get("/<enrolment_id>/died")
@pages.get("/person/<person_id>/died")
@permission("place.change")
def ask(**at: str) -> Page:
    return page(asked_for("place.change", at), DiedForm(formdata=None))


@pages.post("/<enrolment_id>/died")
@pages.post("/person/<person_id>/died")
@permission("place.change")
def record(**at: str) -> Page:
    whose, form = asked_for("place.change", at), DiedForm()
    if form.validate_on_submit():
        try:
            ended = dying.record_death(db(), whose=whose, told_by=form.words.data, actor=actor(), now=now())
        except Invalid as error:
            form.words.errors = [error.message]
        except dying.DeathKnown as error:
            return unchanged(at, "place.change", error)
        else:
            told = sum(
                companions.tell_over(
                    db(), place=each.place, people=each.beside, cause=each.ending.id, sender=sender(), now=now()
                )
                for each in ended
            )
            beside = " Who was booked beside them is sent nothing: please ring them, as Messages say." if told else ""
            flash(f"It is recorded. Everything has stopped, and nothing is sent to them any more.{beside}")
            return redirect(record_at(whose))
    return page(whose, form), 400


@pages.post("/<enrolment_id>/not-died")
@pages.post("/person/<person_id>/not-died")
@permission("death.take_back")
def take_back(**at: str) -> Response:
    whose = asked_for("death.take_back", at)
    try:
        back = dying.take_back_death(db(), whose=whose, actor=actor(), now=now())
    except Conflict as error:
        return unchanged(at, "death.take_back", error)
    for place in back.places:
        others = cast(Surroundings, current_app.extensions["backtolife.around_groups"])
        tell_who_comes_again(db(), place=place, around=others, sender=sender(), now=now())
    flash(back.words)
    return redirect(record_at(whose))


def unchanged(at: dict[str, str], action: str, error: Conflict) -> Response:
    """Somebody was quicker: their own page says what stands now."""
    db().rollback()
    flash(error.message, "alert")
    return redirect(record_at(asked_for(action, at)))


def sender() -> Sender:
    return Sender(settings().public_url, settings().mail_from)


def record_at(whose: Whose) -> str:
    """The page that says what became of them: of their place, or of somebody without one."""
    page = "places.show" if isinstance(whose, Enrolment) else "patients.show"
    return url_for(page, **address_of(whose))


def page(whose: Whose, form: DiedForm) -> str:
    return render_template("programme/places/died.jinja", form=form, to=record_at(whose), **around(whose))
