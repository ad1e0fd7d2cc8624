"""The page on which a service says whose numbers it keeps: the NHS number, a CPR number, its hospital's own."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice

from backtolife.people.access import permission
from backtolife.people.identity.identifiers import choose_systems, systems_of
from backtolife.people.identity.systems import SYSTEMS
from backtolife.people.request import actor, db, now, service

pages = Blueprint("identifiers", __name__, url_prefix="/numbers")


class ChooseForm(FlaskForm):
    """Whose numbers are asked for where patients are added and corrected."""

    systems = SelectMultipleField(
        "Which numbers do you keep of patients?",
        choices=[SelectChoice(each.key, each.label) for each in SYSTEMS.values()],
        description="Each is checked as it is typed, and encrypted in the database.",
    )


@pages.get("")
@permission("identifier.choose")
def show() -> str:
    return page(ChooseForm(formdata=None, systems=[each.key for each in systems_of(service())]))


@pages.post("")
@permission("identifier.choose")
def choose() -> Response | tuple[str, int]:
    form = ChooseForm()
    if not form.validate_on_submit():
        return page(form), 400
    choose_systems(db(), actor=actor(), service=service(), keys=form.systems.data or [], now=now())
    flash("Saved. These numbers are asked for from now on.")
    return redirect(url_for("identifiers.show"))


def page(form: ChooseForm) -> str:
    return render_template("programme/patients/numbers.jinja", form=form)
