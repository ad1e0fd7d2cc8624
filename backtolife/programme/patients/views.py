"""The page on which staff correct a patient's details."""

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from backtolife import audit
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.identity.fields import with_numbers
from backtolife.people.identity.identifiers import numbers_of, people_with, systems_of
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, sealing, service
from backtolife.programme.patients.correcting import Numbers, Shared, correct, details_of, seen_mark
from backtolife.programme.patients.forms import CorrectForm
from backtolife.programme.patients.whose.around import around, asked_for, way_back
from backtolife.programme.patients.whose.finding import Whose

pages = Blueprint("patient_details", __name__, url_prefix="/patients")


@pages.get("/<enrolment_id>/details")
@pages.get("/person/<person_id>/details")
@permission("patient.correct")
def show(**at: str) -> str:
    whose = asked_for("patient.correct", at)
    person = db().get_one(Person, whose.person_id)
    audit.record(
        db(), actor=actor(), action="patient_details_seen", subject_type="person", subject_id=person.id, now=now()
    )
    numbers = numbers_of(db(), person=person, sealing=sealing())
    form = form_here()(formdata=None, obj=person, seen=seen_mark(details_of(person), numbers))
    form.show_numbers(numbers)
    return page(whose, form)


@pages.post("/<enrolment_id>/details")
@pages.post("/person/<person_id>/details")
@permission("patient.correct")
def save(**at: str) -> str | Response | tuple[str, int]:
    whose, form = asked_for("patient.correct", at), form_here()()
    if not form.validate_on_submit():
        return page(whose, form), 400
    try:
        changed = correct(
            db(),
            actor=actor(),
            whose=whose,
            details=form.details(),
            seen=form.seen.data or "",
            send_again=form.send_again.data,
            may_share=form.may_share.data and form.asked_about.data == form.email.data,
            now=now(),
            numbers=Numbers(form.numbers(systems_of(service())), sealing()),
        )
    except (Invalid, Conflict) as error:
        field = error.field if isinstance(error, Invalid) else "email"
        form[field or "full_name"].errors = [error.message]
        if isinstance(error, Shared):
            form.may_share.data, form.asked_about.data = False, form.email.data
        return page(whose, form), 400 if isinstance(error, Invalid) else 409
    flash("Saved." if changed else "Nothing was changed.")
    typed = form.numbers(systems_of(service()))
    if len(people_with(db(), service_id=whose.service_id, numbers=typed, sealing=sealing())) > 1:
        flash("Another record has the same number. It may be the same person: ask a clinical lead to look.", "alert")
    return redirect(way_back(whose).to)


def form_here() -> type[CorrectForm]:
    """The form with the numbers that this service keeps."""
    return with_numbers(CorrectForm, systems_of(service()))


def page(whose: Whose, form: CorrectForm) -> str:
    return render_template(
        "programme/patients/details.jinja", form=form, systems=systems_of(service()), **around(whose)
    )
