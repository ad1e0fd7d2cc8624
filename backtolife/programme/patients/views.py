"""The page on which staff correct a patient's details."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife import audit
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.patients.correcting import correct, details_of
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
    return page(enrolment, CorrectForm(formdata=None, obj=person, seen=details_of(person).mark))


@pages.post("/<enrolment_id>/details")
@permission("patient.correct")
def save(enrolment_id: str) -> str | Response | tuple[str, int]:
    enrolment, form = find(enrolment_id), CorrectForm()
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
            now=now(),
        )
    except (Invalid, Conflict) as error:
        field = error.field if isinstance(error, Invalid) else "email"
        form[field or "full_name"].errors = [error.message]
        return page(enrolment, form), 400 if isinstance(error, Invalid) else 409
    flash("Saved." if changed else "Nothing was changed.")
    return redirect(url_for("cohort.show", cohort_id=enrolment.cohort_id))


def find(enrolment_id: str) -> Enrolment:
    return find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="patient.correct")


def page(enrolment: Enrolment, form: CorrectForm) -> str:
    return render_template(
        "programme/patient_details.jinja",
        form=form,
        enrolment=enrolment,
        person=db().get_one(Person, enrolment.person_id),
        cohort=db().get_one(Cohort, enrolment.cohort_id),
    )
