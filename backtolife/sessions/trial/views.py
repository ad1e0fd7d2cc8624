"""The page of the trial run; staff write down that they have called."""

from datetime import timedelta

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.database.session import new_id
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.limits.throttle import Throttle
from backtolife.people.request import actor, db, give_up_place, now, person, release_db, settings
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.sessions.broadcast.hub import live
from backtolife.sessions.room.media_client import MediaAway
from backtolife.sessions.trial import services
from backtolife.sessions.trial.forms import HelpForm, ResultForm

pages = Blueprint("trial", __name__)
by_echo = Throttle(most=10, window=timedelta(minutes=10), name="by_echo")
"""How often one person may have their picture and sound carried back: a try takes half a minute."""
TOLD = "We have told your team that you would like a call about this."
TOLD_BEFORE = "Your team knows already, and will call you."


@pages.get("/trial")
@permission("trial.run")
def show() -> str:
    """Nothing starts before a press: the camera is the patient's."""
    return render_template(
        "sessions/trial/trial.jinja",
        tried=services.tried_by(db(), [actor().id]).get(actor().id),
        form=HelpForm(formdata=None, run=new_id()),
    )


@pages.post("/trial/echo")
@permission("trial.run")
def echo() -> Response:
    """With what the page sends its own picture and sound to the media engine and gets them back, in a room of its own.

    `away` where the engine does not answer, `full` where too many try at once: that is no fault of the patient's
    network, and the page says so.
    """
    who, moment = actor().id, now()
    by_echo.check(who, moment)
    release_db()
    give_up_place()  # an engine that does not answer takes seconds to find out
    try:
        if not live().engine.has_room_for_echo(moment):
            return jsonify(full=True)
    except MediaAway:
        return jsonify(away=True)
    return jsonify(url=settings().media_url, **live().engine.echo_tokens())


@pages.post("/trial/result")
@permission("trial.run")
def result() -> Response:
    form = ResultForm()
    if not form.validate_on_submit():
        raise Invalid("This is not what a trial run can find. Please open the page again.")
    services.keep(db(), person=person(), run=form.run.data, found=form.found, actor=actor(), now=now())
    return Response(status=204)


@pages.post("/trial/help")
@permission("trial.run")
def ask_help() -> Response:
    form = HelpForm()
    if not form.validate_on_submit():
        raise Invalid("Please open the page again, and press once more.")
    new = services.ask_help(db(), person=person(), run=form.run.data, actor=actor(), now=now())
    flash(TOLD if new else TOLD_BEFORE)
    return redirect(url_for("trial.show"))


@pages.post("/patients/<enrolment_id>/trial/called")
@permission("trial.help")
def called(enrolment_id: str) -> Response:
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="trial.help")
    try:
        services.note_call(db(), enrolment=place, actor=actor(), now=now())
    except Conflict as error:
        flash(error.message, "alert")
    else:
        flash("It is written down that you have called.")
    return redirect(url_for("cohort.show", cohort_id=place.cohort_id))
