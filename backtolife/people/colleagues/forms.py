"""The forms on the page of one colleague."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from backtolife.people.colleagues.lost_phone import LONGEST_REASON, NO_REASON
from backtolife.people.models import Person
from backtolife.people.names import told_apart
from backtolife.people.role_words import ROLE_WORDS
from backtolife.people.typed_fields import NoLonger


class RolesForm(FlaskForm):
    """What a colleague is here for."""

    roles = SelectMultipleField(
        "What are they here for?",
        [InputRequired("Choose at least one role")],
        choices=[SelectChoice(role.value, words) for role, words in ROLE_WORDS.items()],
        description="They can do what any of their roles can.",
    )


class LostPhoneForm(FlaskForm):
    """Why the second step of a colleague is reset."""

    reason = StringField(
        "Why, and how do you know that it is them?",
        [InputRequired(NO_REASON), NoLonger(LONGEST_REASON)],
        description="For example: phone lost; we spoke in person. Another administrator reads this.",
        render_kw={"autocomplete": "off", "maxlength": LONGEST_REASON},
    )


class TakesOverForm(FlaskForm):
    """Who takes over the work of a colleague."""

    to = SelectField("Who takes over their work?", validate_choice=False)

    def offer(self, people: Sequence[tuple[Person, str]]) -> None:
        """People by name, with what they cannot take."""
        named = told_apart(each for each, _ in people)
        names = [SelectChoice(each.id, named[each.id] + (f" ({lacks})" if lacks else "")) for each, lacks in people]
        self.to.choices = [SelectChoice("", "Choose somebody"), *names]
