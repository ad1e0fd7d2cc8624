"""The page of one place: what became of it, and how it ends or comes back."""

from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from backtolife.errors import Conflict, Invalid
from backtolife.people.access import may, permission
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.calendars.goodbye import moved_over, tell_back, tell_left
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import IN_THE_GROUP, EnrolmentState
from backtolife.programme.cohorts.services import find_cohort
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.companions import letters as companions
from backtolife.programme.companions.booked import companions_of
from backtolife.programme.companions.coming_again import book_unaware, tell_who_comes_again
from backtolife.programme.consent.answering import standings_of, waits_for_who_left
from backtolife.programme.discharge.services import open_discharge
from backtolife.programme.places import leaving, transfer
from backtolife.programme.places.forms import (
    CorrectForm,
    LeaveForm,
    MoveForm,
    PressForm,
    ReasonForm,
    TelephoneForm,
)
from backtolife.programme.places.listing import place_page
from backtolife.programme.places.mistakes import may_correct
from backtolife.programme.places.models import EndKind
from backtolife.programme.places.offers import first_answer
from backtolife.programme.places.rules import DECIDED, REASONS, may_transfer

pages = Blueprint("places", __name__, url_prefix="/places")
Page = str | Response | tuple[str, int]


def around() -> Surroundings:
    return cast(Surroundings, current_app.extensions["backtolife.around_groups"])


def sender() -> Sender:
    return Sender(settings().public_url, settings().mail_from)


@pages.get("/<enrolment_id>")
@permission("place.read")
def show(enrolment_id: str) -> str:
    page = place_page(db(), enrolment_id=enrolment_id, actor=actor(), now=now())
    return render_template(
        "programme/places/place.jinja",
        page=page,
        later=later_words(page.enrolment),
        now=now(),
        press=PressForm(formdata=None),
        telephone=TelephoneForm(formdata=None),
        correct=correct_form(page.enrolment),
        discharge=open_discharge(db(), page.enrolment),
        may_change=may(actor(), "place.change", page.enrolment),
        may_answer=page.offer is not None and page.enrolment.state in (EnrolmentState.INVITED, EnrolmentState.DECLINED),
        may_move=may_transfer(page.enrolment.state),
        holds=page.enrolment.state in IN_THE_GROUP,
        decided=DECIDED,
        reasons=REASONS,
        may_take_back_death=may(actor(), "death.take_back", page.enrolment),
    )


def correct_form(place: Enrolment) -> CorrectForm | None:
    """To put right an answer that staff wrote down; None where nothing is to be corrected."""
    corrections = may_correct(place, first_answer(db(), place))
    form = CorrectForm(formdata=None)
    form.offer(corrections)
    return form if corrections and may(actor(), "place.answer", place) else None


def later_words(place: Enrolment) -> str:
    """How somebody stands to the questions after leaving, as the page of what they agreed to says it."""
    standings = standings_of(db(), person_id=place.person_id, service_id=place.service_id)
    if waits_for_who_left(standings):
        return "Yes to earlier words: they are asked again. Until they answer, nothing more is sent"
    return "Yes, they agreed" if place.agreed_later else "No: nothing more is sent"


@pages.get("/<enrolment_id>/leave")
@permission("place.change")
def leave(enrolment_id: str) -> Page:
    return form_page("leave", changed(enrolment_id), LeaveForm(formdata=None))


@pages.post("/<enrolment_id>/leave")
@permission("place.change")
def withdraw(enrolment_id: str) -> Page:
    place, form = changed(enrolment_id), LeaveForm()
    if form.validate_on_submit():
        try:
            ending = leaving.withdraw(db(), enrolment=place, leaving=form.leaving, actor=actor(), now=now())
        except Invalid as error:
            form.words.errors = [error.message]
        except Conflict as error:
            return unchanged(enrolment_id, error)
        else:
            tell_left(
                db(),
                person=db().get_one(Person, place.person_id),
                cohort=db().get_one(Cohort, place.cohort_id),
                ending_id=ending.id,
                was=ending.state_before,
                around=around(),
                sender=sender(),
                now=now(),
            )
            knew = companions.who_knows(db(), companions_of(db(), place.id))
            companions.tell_over(db(), place=place, people=knew, cause=ending.id, sender=sender(), now=now())
            flash("They have left the group, and are told once. After that only what they agreed to is sent to them.")
            return redirect(url_for("places.show", enrolment_id=place.id))
    return form_page("leave", place, form), 400


@pages.get("/<enrolment_id>/reason")
@permission("place.change")
def show_reason(enrolment_id: str) -> Page:
    place = changed(enrolment_id)
    ending = leaving.open_ending(db(), place, EndKind.WITHDRAWN)
    if ending is None:
        raise Conflict(leaving.NOT_LEFT)
    return form_page("reason", place, ReasonForm(formdata=None, obj=ending))


@pages.post("/<enrolment_id>/reason")
@permission("place.change")
def correct_reason(enrolment_id: str) -> Page:
    place, form = changed(enrolment_id), ReasonForm()
    if form.validate_on_submit():
        try:
            leaving.correct_reason(db(), enrolment=place, leaving=form.leaving, actor=actor(), now=now())
        except Invalid as error:
            form.words.errors = [error.message]
        else:
            flash("The reason is corrected. Nobody was written to.")
            return redirect(url_for("places.show", enrolment_id=place.id))
    return form_page("reason", place, form), 400


@pages.post("/<enrolment_id>/back")
@permission("place.change")
def reinstate(enrolment_id: str) -> Response:
    place = changed(enrolment_id)
    try:
        ending = leaving.reinstate(db(), enrolment=place, actor=actor(), now=now())
    except Conflict as error:
        return unchanged(enrolment_id, error)
    told = tell_back(
        db(),
        person=db().get_one(Person, place.person_id),
        cohort=db().get_one(Cohort, place.cohort_id),
        ending_id=ending.id,
        around=around(),
        sender=sender(),
        now=now(),
    )
    tell_who_comes_again(db(), place=place, around=around(), sender=sender(), now=now())
    flash(f"They have their place again{', and we tell them' if told else ''}.")
    return redirect(url_for("places.show", enrolment_id=enrolment_id))


def unchanged(enrolment_id: str, error: Conflict) -> Response:
    """Somebody was quicker: their page of the place says what stands now."""
    db().rollback()
    flash(error.message, "alert")
    return redirect(url_for("places.show", enrolment_id=enrolment_id))


@pages.get("/<enrolment_id>/move")
@permission("place.change")
def move(enrolment_id: str) -> Page:
    place = changed(enrolment_id)
    return form_page("move", place, move_form(place, formdata=None))


@pages.post("/<enrolment_id>/move")
@permission("place.change")
def transfer_place(enrolment_id: str) -> Page:
    place = changed(enrolment_id)
    form = move_form(place)
    if form.validate_on_submit():
        try:
            to = find_cohort(db(), actor=actor(), cohort_id=form.cohort.data, action="cohort.enrol")
            before = db().get_one(Cohort, place.cohort_id)
            move = transfer.transfer(
                db(),
                enrolment=place,
                to=to,
                words=form.words.data or "",
                site=settings().public_url,
                actor=actor(),
                now=now(),
                calendar=moved_over(
                    db(),
                    person=db().get_one(Person, place.person_id),
                    before=before,
                    after=to,
                    around=around(),
                    sender=sender(),
                    now=now(),
                ),
            )
        except (Invalid, Conflict) as error:
            db().rollback()
            form[getattr(error, "field", None) or "cohort"].errors = list(error.reasons)
            place = changed(enrolment_id)
        else:
            beside = companions_of(db(), place.id)
            companions.tell_other_group(
                db(),
                place=place,
                before=before,
                move_id=move.id,
                people=companions.who_knows(db(), beside),
                sender=sender(),
                now=now(),
            )
            book_unaware(db(), beside, around=around(), sender=sender(), now=now())
            flash(f"They are in {isolated(to.name)} now, and we have written to them.")
            return redirect(url_for("cohort.show", cohort_id=to.id))
    return form_page("move", place, form), 400


def move_form(place: Enrolment, **fields: None) -> MoveForm:
    form = MoveForm(**fields)
    groups = transfer.open_groups(db(), enrolment=place, actor=actor(), now=now())
    form.cohort.choices = [
        SelectChoice("", "Choose a group"),
        *(SelectChoice(cohort.id, f"{cohort.name} ({free} free)") for cohort, free in groups),
    ]
    return form


def changed(enrolment_id: str) -> Enrolment:
    return find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="place.change")


def form_page(name: str, place: Enrolment, form: LeaveForm | ReasonForm | MoveForm) -> str:
    page = place_page(db(), enrolment_id=place.id, actor=actor(), now=now())
    return render_template(f"programme/places/{name}.jinja", page=page, form=form, name=isolated(page.person.full_name))
