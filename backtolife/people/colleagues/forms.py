"""The forms on the page of one colleague."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.people.role_words import ROLE_WORDS


class RolesForm(FlaskForm):
    """What a colleague is here for."""

    roles = SelectMultipleField(
        "What are they here for?",
        [InputRequired("Choose at least one role")],
        choices=[SelectChoice(role.value, words) for role, words in ROLE_WORDS.items()],
        description="They can do what any of their roles can.",
    )


class TakesOverForm(FlaskForm):
    """Who takes over the work of a colleague."""

    to = SelectField("Who takes over their work?", validate_choice=False)

    def offer(self, people: Sequence[Person]) -> None:
        names = [SelectChoice(each.id, isolated(each.full_name)) for each in people]
        self.to.choices = [SelectChoice("", "Choose somebody"), *names]
