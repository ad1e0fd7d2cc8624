"""What helps you take part: a patient tells it once, and their team sees it before each session."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from backtolife.errors import Invalid
from backtolife.people.access import authorise, permission
from backtolife.people.needs.form import NeedsForm, asked, filled
from backtolife.people.needs.telling import tell_needs
from backtolife.people.request import actor, db, now, person

pages = Blueprint("needs", __name__, url_prefix="/your-details/what-helps")


@pages.get("")
@permission("account.needs")
def show() -> str:
    return page(filled(person()))


@pages.post("")
@permission("account.needs")
def save() -> Response | tuple[str, int]:
    form, me = asked(NeedsForm(), person()), person()
    authorise(actor(), "account.needs", me)
    if not form.validate_on_submit():
        return page(form), 400
    try:
        tell_needs(db(), person=me, needs=form.needs, actor=actor(), now=now())
    except Invalid as error:
        form[error.field or "kinds"].errors = [error.message]
        return page(form), 400
    flash("Saved. Your team sees this before each session.")
    return redirect(url_for("details.show"))


def page(form: NeedsForm) -> str:
    return render_template("people/needs.jinja", form=form)
