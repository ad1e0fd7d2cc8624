"""Your details: the name to show, how to reach you, and the devices we remember."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people import services
from backtolife.people.access import authorise, permission
from backtolife.people.contact.telling import OWN_OTHERS_READ, way_in_words
from backtolife.people.forms import DetailsForm, PatientDetailsForm
from backtolife.people.models import Person
from backtolife.people.needs.telling import asked_words, needs_of
from backtolife.people.request import actor, db, now, person
from backtolife.people.signing_in import devices

pages = Blueprint("details", __name__, url_prefix="/your-details")


@pages.get("")
@permission("account.details")
def show() -> str:
    return page(form_for(person(), formdata=None, obj=person()))


@pages.post("")
@permission("account.details")
def save() -> str | Response | tuple[str, int]:
    form = form_for(person())
    if form.validate_on_submit():
        try:
            services.change_details(
                db(),
                actor=actor(),
                person=person(),
                shown_name=form.shown_name.data,
                phone=form.phone.data or "",
                emergency=form.emergency,
                address=form.home,
                now=now(),
            )
        except Invalid as error:
            form[error.field or "shown_name"].errors = [error.message]
        else:
            flash("Saved.")
            return redirect(url_for("details.show"))
    return page(form), 400


def form_for(who: Person, **given: Any) -> DetailsForm:
    """Whom to call in an emergency is asked of patients."""
    return PatientDetailsForm(**given) if who.is_patient else DetailsForm(**given)


def page(form: DetailsForm) -> str:
    devices = services.remembered_devices(db(), actor=actor(), now=now())
    me = person()
    told = None if me.needs is None else asked_words(needs_of(me))
    return render_template(
        "people/details.jinja",
        form=form,
        devices=devices,
        needs=told,
        reach=way_in_words(me, OWN_OTHERS_READ),
        others_read=me.others_read,
    )


@pages.post("/forget-devices")
@permission("account.details")
def forget_devices() -> Response:
    authorise(actor(), "account.details", person())
    count = devices.forget_devices(db(), person=person(), now=now())
    flash("Done. We have forgotten your devices." if count else "There was no device to forget.")
    return redirect(url_for("details.show"))
