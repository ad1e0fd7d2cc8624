"""The page on which staff correct a patient's details."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife import audit
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.identity.fields import with_numbers
from backtolife.people.identity.identifiers import numbers_of, people_with, systems_of
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, sealing, service
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.patients.correcting import Numbers, Shared, correct, details_of, seen_mark
from backtolife.programme.patients.forms import CorrectForm

pages = Blueprint("patient_details", __name__, url_prefix="/patients")


@pages.get("/<enrolment_id>/details")
@permission("patient.correct")
def show(enrolment_id: str) -> str:
    enrolment = find(enrolment_id)
    person = db().get_one(Person, enrolment.person_id)
    audit.record(
        db(), actor=actor(), action="patient_details_seen", subject_type="person", subject_id=person.id, now=now()
    )
    numbers = numbers_of(db(), person=person, sealing=sealing())
    form = form_here()(formdata=None, obj=person, seen=seen_mark(details_of(person), numbers))
    form.show_numbers(numbers)
    return page(enrolment, form)


@pages.post("/<enrolment_id>/details")
@permission("patient.correct")
def save(enrolment_id: str) -> str | Response | tuple[str, int]:
    enrolment, form = find(enrolment_id), form_here()()
    if not form.validate_on_submit():
        return page(enrolment, form), 400
    try:
        changed = correct(
            db(),
            actor=actor(),
            enrolment=enrolment,
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
        return page(enrolment, form), 400 if isinstance(error, Invalid) else 409
    flash("Saved." if changed else "Nothing was changed.")
    typed = form.numbers(systems_of(service()))
    if len(people_with(db(), service_id=enrolment.service_id, numbers=typed, sealing=sealing())) > 1:
        flash("Another record has the same number. It may be the same person: ask a clinical lead to look.", "alert")
    return redirect(url_for("cohort.show", cohort_id=enrolment.cohort_id))


def form_here() -> type[CorrectForm]:
    """The form with the numbers that this service keeps."""
    return with_numbers(CorrectForm, systems_of(service()))


def find(enrolment_id: str) -> Enrolment:
    return find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="patient.correct")


def page(enrolment: Enrolment, form: CorrectForm) -> str:
    return render_template(
        "programme/patients/details.jinja",
        form=form,
        systems=systems_of(service()),
        enrolment=enrolment,
        person=db().get_one(Person, enrolment.person_id),
        cohort=db().get_one(Cohort, enrolment.cohort_id),
    )
