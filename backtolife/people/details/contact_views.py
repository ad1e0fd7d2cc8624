"""How we reach you: a patient says by what, when, and whether others may read it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import authorise, permission
from backtolife.people.contact.choosing import choose, contact_of
from backtolife.people.details.contact_form import TO_PATIENT, ContactForm
from backtolife.people.request import actor, db, now, person, settings
from backtolife.text.languages import tag_of

pages = Blueprint("contact", __name__, url_prefix="/your-details/how-we-reach-you")


@pages.get("")
@permission("account.contact")
def show() -> str:
    form = ContactForm(formdata=None, obj=person(), needs_language=tag_of(person().needs_language))
    prepare(form)
    return page(form)


@pages.post("")
@permission("account.contact")
def save() -> str | Response | tuple[str, int]:
    authorise(actor(), "account.contact", person())
    form = ContactForm()
    prepare(form)
    if form.validate_on_submit():
        try:
            choose(db(), person=person(), wanted=form.contact(contact_of(person())), actor=actor(), now=now())
        except Invalid as error:
            form[error.field or "channel"].errors = [error.message]
        else:
            flash("Saved.")
            return redirect(url_for("details.show"))
    return page(form), 400


def prepare(form: ContactForm) -> None:
    form.prepare(person(), texts=bool(settings().texts_by), words=TO_PATIENT)


def page(form: ContactForm) -> str:
    return render_template("people/contact.jinja", form=form)
