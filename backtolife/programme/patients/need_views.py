"""Staff write down what a patient needs to take part, as they heard it from them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife import audit
from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.needs.form import NeedsForm, filled, for_staff
from backtolife.people.needs.telling import tell_needs
from backtolife.people.request import actor, db, now
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment

pages = Blueprint("patient_needs", __name__, url_prefix="/patients")


def find(enrolment_id: str) -> tuple[Enrolment, Person]:
    place = find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="patient.correct")
    return place, db().get_one(Person, place.person_id)


@pages.get("/<enrolment_id>/needs")
@permission("patient.correct")
def show(enrolment_id: str) -> str:
    place, patient = find(enrolment_id)
    audit.record(db(), actor=actor(), action="needs_seen", subject_type="person", subject_id=patient.id, now=now())
    return page(place, patient, filled(patient))


@pages.post("/<enrolment_id>/needs")
@permission("patient.correct")
def save(enrolment_id: str) -> Response | tuple[str, int]:
    place, patient = find(enrolment_id)
    form = NeedsForm()
    if patient.died_at is not None:
        return page(place, patient, form), 409
    if not form.validate_on_submit():
        return page(place, patient, form), 400
    try:
        tell_needs(db(), person=patient, needs=form.needs, actor=actor(), now=now())
    except Invalid as error:
        form[error.field or "kinds"].errors = [error.message]
        return page(place, patient, form), 400
    flash("Saved. Whoever leads sees it before each session.")
    return redirect(url_for("cohort.show", cohort_id=place.cohort_id))


def page(place: Enrolment, patient: Person, form: NeedsForm) -> str:
    cohort = db().get_one(Cohort, place.cohort_id)
    shown = {"form": for_staff(form), "cohort": cohort, "person": patient, "enrolment": place}
    return render_template("programme/patients/needs.jinja", **shown)
