"""About you: four questions that help the service see whether it is fair to everyone."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from backtolife.errors import Invalid
from backtolife.people.access import permission
from backtolife.people.details import background
from backtolife.people.details.traits import TRAITS, Trait
from backtolife.people.request import actor, db, now, person

pages = Blueprint("background", __name__, url_prefix="/your-details/about-you")


def asked(trait: Trait) -> RadioField:
    choices = [SelectChoice(key, words) for key, words in trait.choices.items()]
    return RadioField(trait.question, [Optional()], choices=choices)


class BackgroundForm(FlaskForm):
    """One question for each trait; each may be left out."""

    age, sex, ethnic_group, support = (asked(trait) for trait in TRAITS)


@pages.get("")
@permission("account.background")
def show() -> str:
    return page(BackgroundForm(formdata=None, obj=background.background_of(db(), actor=actor())))


@pages.post("")
@permission("account.background")
def save() -> Response | tuple[str, int]:
    answers = {trait.id: request.form.get(trait.id, "") for trait in TRAITS}
    try:
        background.tell(db(), actor=actor(), person=person(), answers=answers, now=now())
    except Invalid as error:
        form = BackgroundForm()
        form[error.field or "age"].errors = [error.message]
        return page(form), 400
    flash("Saved. Thank you.")
    return redirect(url_for("details.show"))


def page(form: BackgroundForm) -> str:
    return render_template("people/background.jinja", form=form)
