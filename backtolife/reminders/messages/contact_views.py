"""The page on which staff say how a patient wants to be reached."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.contact.choosing import choose, contact_of
from backtolife.people.details.contact_form import TO_STAFF, ContactForm
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Enrolment

pages = Blueprint("patient_contact", __name__, url_prefix="/patients")


@pages.get("/<enrolment_id>/contact")
@permission("patient.correct")
def show(enrolment_id: str) -> str:
    enrolment = find(enrolment_id)
    form = ContactForm(formdata=None, obj=db().get_one(Person, enrolment.person_id))
    prepare(form)
    return page(enrolment, form)


@pages.post("/<enrolment_id>/contact")
@permission("patient.correct")
def save(enrolment_id: str) -> str | Response | tuple[str, int]:
    enrolment, form = find(enrolment_id), ContactForm()
    prepare(form)
    if form.validate_on_submit():
        try:
            person = db().get_one(Person, enrolment.person_id, with_for_update=True)
            changed = choose(db(), person=person, wanted=form.contact(contact_of(person)), actor=actor(), now=now())
        except Invalid as error:
            form[error.field or "channel"].errors = [error.message]
        else:
            flash("Saved." if changed else "Nothing was changed.")
            return redirect(url_for("patient_details.show", enrolment_id=enrolment.id))
    return page(enrolment, form), 400


def find(enrolment_id: str) -> Enrolment:
    return find_enrolment(db(), actor=actor(), enrolment_id=enrolment_id, action="patient.correct")


def prepare(form: ContactForm) -> None:
    form.prepare(texts=bool(settings().texts_by), words=TO_STAFF)


def page(enrolment: Enrolment, form: ContactForm) -> str:
    return render_template(
        "programme/patient_contact.jinja",
        form=form,
        enrolment=enrolment,
        person=db().get_one(Person, enrolment.person_id),
    )
