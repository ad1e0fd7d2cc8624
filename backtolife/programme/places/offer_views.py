"""Pages of offers: a patient answers theirs; staff see what waits, and write down what was said on the telephone."""

from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.asked import asked_here
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.left import left_words
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.companions import letters as companions
from backtolife.programme.companions.booked import companions_of
from backtolife.programme.companions.coming_again import tell_who_comes_again
from backtolife.programme.places import mistakes, offers
from backtolife.programme.places.forms import AnswerForm, CorrectForm, PressForm, TelephoneForm
from backtolife.programme.places.letters.answer_words import OFFER_TAKEN_BACK
from backtolife.programme.places.offer_lists import SORTS, had_one_taken_back, open_offers, own_offers
from backtolife.programme.places.queue.standing import standing_of
from backtolife.programme.places.queue.waiting import after_not_now
from backtolife.programme.places.rules import Said
from backtolife.text.catalogues.worded import worded
from backtolife.text.said import kept

pages = Blueprint("offers", __name__)


@pages.get("/offer")
@permission("offer.answer")
def show() -> str:
    """What the patient is offered, and how to answer."""
    return render_template(
        "programme/places/offer.jinja",
        offers=own_offers(db(), actor=actor(), now=now()),
        form=AnswerForm(formdata=None),
        left=left_words(db(), person_id=actor().id),
        standing=standing_of(db(), person_id=actor().id),
        taken_back=OFFER_TAKEN_BACK if had_one_taken_back(db(), actor=actor()) else "",
        now=now(),
    )


@pages.post("/offer/<enrolment_id>")
@permission("offer.answer")
def answer(enrolment_id: str) -> Response:
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="offer.answer")
    form = AnswerForm()
    if not form.validate_on_submit():
        raise Invalid(worded("Press yes, no or not now."))
    said = Said(form.said.data)
    try:
        told = offers.answer(
            db(),
            enrolment=place,
            said=said,
            actor=actor(),
            by_telephone=False,
            seen=form.dates.data or "",
            now=now(),
        )
    except offers.DatesMoved as error:
        db().rollback()
        flash(error.message, "alert")
        return redirect(url_for("offers.show"))
    if told.counted and said is Said.NOT_NOW:
        after_not_now(db(), enrolment=place, actor=actor(), now=now())
    tell_who_is_beside(place)
    flash(kept(told.words))
    return redirect(url_for("home.show" if said is Said.YES and told.counted else "offers.show"))


def tell_who_is_beside(place: Enrolment, cause: str = "") -> None:
    """Who was booked beside the patient hears that it is over when a yes is taken back (its id is the `cause`), and
    that they come after all once there is a yes again.
    """
    sender = Sender(settings().public_url, settings().mail_from)
    if place.state in MAY_JOIN:
        around = cast(Surroundings, current_app.extensions["backtolife.around_groups"])
        tell_who_comes_again(db(), place=place, around=around, sender=sender, now=now())
    elif cause:
        knew = companions.who_knows(db(), companions_of(db(), place.id))
        companions.tell_over(db(), place=place, people=knew, cause=cause, sender=sender, now=now())


@pages.route("/offers", methods=["GET", "POST"])
@permission("place.read")
def overview() -> str:
    """What waits for an answer, and whom to call. By POST with what is looked for."""
    asked = asked_here(SORTS)
    waits = open_offers(db(), actor=actor(), now=now(), asked=asked)
    return render_template("programme/places/offers.jinja", offers=waits, asked=asked, sorts=SORTS)


@pages.post("/places/<enrolment_id>/answer")
@permission("place.answer")
def by_telephone(enrolment_id: str) -> Response:
    """Staff write down what somebody said."""
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="place.answer")
    form = TelephoneForm()
    if not form.validate_on_submit():
        flash("Choose what they said.", "alert")
        return redirect(url_for("places.show", enrolment_id=place.id))
    said = Said(form.said.data)
    try:
        told = offers.answer(db(), enrolment=place, said=said, actor=actor(), by_telephone=True, now=now())
        if told.counted and said is Said.NOT_NOW:
            after_not_now(db(), enrolment=place, actor=actor(), now=now())
        tell_who_is_beside(place)
    except Conflict as error:
        db().rollback()
        flash(error.message, "alert")
    else:
        follows = "It is written down, and we write to them." if told.told else "It is written down."
        flash(follows if told.counted else "It is written down, and changes nothing: they answered before.")
    return redirect(url_for("places.show", enrolment_id=enrolment_id))


@pages.post("/places/<enrolment_id>/take-back-offer")
@permission("place.answer")
def take_back(enrolment_id: str) -> Response:
    """The offer was a mistake."""
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="place.answer")
    if PressForm().validate_on_submit():
        try:
            done = mistakes.take_back_offer(db(), enrolment=place, actor=actor(), now=now())
        except Conflict as error:
            db().rollback()
            flash(error.message, "alert")
        else:
            told = "We tell them kindly." if done.told else "Nothing had been sent to them, and nothing is."
            listed = " They are on the waiting list again, as before." if done.waits_again else ""
            flash(f"The offer is taken back, and the place is free. {told}{listed}")
    return redirect(url_for("places.show", enrolment_id=enrolment_id))


@pages.post("/places/<enrolment_id>/correct-answer")
@permission("place.answer")
def correct(enrolment_id: str) -> Response:
    """An answer was written down by mistake."""
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="place.answer")
    form = CorrectForm()
    form.offer(mistakes.Correction)
    if not form.validate_on_submit():
        flash("Choose what is true.", "alert")
        return redirect(url_for("places.show", enrolment_id=place.id))
    to = mistakes.Correction(form.to.data)
    stood = offers.first_answer(db(), place)
    try:
        wrote = mistakes.correct_answer(db(), enrolment=place, to=to, actor=actor(), now=now())
        tell_who_is_beside(place, cause=stood.id if stood is not None else "")
    except Conflict as error:
        db().rollback()
        flash(error.message, "alert")
    else:
        told = " They have had a letter about the answer before: please call them." if wrote else ""
        flash(f"The answer is corrected.{told}")
    return redirect(url_for("places.show", enrolment_id=enrolment_id))
