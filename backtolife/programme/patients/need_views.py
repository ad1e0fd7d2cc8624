"""Staff write down what a patient needs to take part, as they heard it from them."""

from flask import Blueprint, flash, redirect, render_template
from werkzeug.wrappers import Response

from backtolife import audit
from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.models import Person
from backtolife.people.needs.form import NeedsForm, asked, filled, for_staff
from backtolife.people.needs.telling import tell_needs
from backtolife.people.request import actor, db, now
from backtolife.programme.patients.whose.around import around, asked_for, way_back
from backtolife.programme.patients.whose.finding import Whose

pages = Blueprint("patient_needs", __name__, url_prefix="/patients")


def find(at: dict[str, str]) -> tuple[Whose, Person]:
    whose = asked_for("patient.correct", at)
    return whose, db().get_one(Person, whose.person_id)


@pages.get("/<enrolment_id>/needs")
@pages.get("/person/<person_id>/needs")
@permission("patient.correct")
def show(**at: str) -> str:
    whose, patient = find(at)
    audit.record(db(), actor=actor(), action="needs_seen", subject_type="person", subject_id=patient.id, now=now())
    return page(whose, filled(patient))


@pages.post("/<enrolment_id>/needs")
@pages.post("/person/<person_id>/needs")
@permission("patient.correct")
def save(**at: str) -> Response | tuple[str, int]:
    whose, patient = find(at)
    form = asked(NeedsForm(), patient)
    if patient.died_at is not None:
        return page(whose, form), 409
    if not form.validate_on_submit():
        return page(whose, form), 400
    try:
        tell_needs(db(), person=patient, needs=form.needs, actor=actor(), now=now())
    except Invalid as error:
        form[error.field or "kinds"].errors = [error.message]
        return page(whose, form), 400
    flash("Saved. Whoever leads sees it before each session.")
    return redirect(way_back(whose).to)


def page(whose: Whose, form: NeedsForm) -> str:
    return render_template("programme/patients/needs.jinja", form=for_staff(form), **around(whose))
