"""The page on which staff say how a patient wants to be reached."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.contact.choosing import choose, contact_of
from backtolife.people.details.contact_form import TO_STAFF, ContactForm
from backtolife.people.models import Person
from backtolife.people.request import actor, db, now, settings
from backtolife.programme.patients.whose.around import around, asked_for
from backtolife.programme.patients.whose.finding import Whose, address_of

pages = Blueprint("patient_contact", __name__, url_prefix="/patients")


@pages.get("/<enrolment_id>/contact")
@pages.get("/person/<person_id>/contact")
@permission("patient.correct")
def show(**at: str) -> str:
    whose = find(at)
    person = db().get_one(Person, whose.person_id)
    form = ContactForm(formdata=None, obj=person)
    prepare(form, person)
    return page(whose, form)


@pages.post("/<enrolment_id>/contact")
@pages.post("/person/<person_id>/contact")
@permission("patient.correct")
def save(**at: str) -> str | Response | tuple[str, int]:
    whose, form = find(at), ContactForm()
    prepare(form, db().get_one(Person, whose.person_id))
    if form.validate_on_submit():
        try:
            person = db().get_one(Person, whose.person_id, with_for_update=True)
            changed = choose(db(), person=person, wanted=form.contact(contact_of(person)), actor=actor(), now=now())
        except Invalid as error:
            form[error.field or "channel"].errors = [error.message]
        else:
            flash("Saved." if changed else "Nothing was changed.")
            return redirect(url_for("patient_details.show", **address_of(whose)))
    return page(whose, form), 400


def find(at: dict[str, str]) -> Whose:
    return asked_for("patient.correct", at)


def prepare(form: ContactForm, person: Person) -> None:
    form.prepare(person, texts=bool(settings().texts_by), words=TO_STAFF)


def page(whose: Whose, form: ContactForm) -> str:
    return render_template("programme/patient_contact.jinja", form=form, **around(whose))
