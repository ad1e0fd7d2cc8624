"""The form with which staff pick an exercise for somebody."""

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from backtolife.people.typed_fields import NoLonger, WholeNumber
from backtolife.programme.plan.template import Programme
from backtolife.programme.prescribed.rules import LONGEST, WAYS


class PickForm(FlaskForm):
    """Which exercise, in which way, and how much."""

    exercise = SelectField("Which exercise?", validate_choice=False)
    way = RadioField(
        "How do they do it?",
        choices=[SelectChoice(value, label) for value, label in WAYS.items()],
        validators=[InputRequired("Choose sitting, standing or lying")],
    )
    amount = StringField(
        "How much, and how often?",
        [InputRequired("Write how much they do"), NoLonger(LONGEST)],
        description="In words that they read at home. Such as: 5 times, in the morning and in the evening",
    )
    seen = WholeNumber("Version", [Optional(), NumberRange(0, 100_000)])

    def of(self, programme: Programme) -> "PickForm":
        """The form with the exercises of this programme to choose from."""
        moves = sorted(programme.exercises.values(), key=lambda each: each.name)
        self.exercise.choices = [SelectChoice("", "Choose one"), *(SelectChoice(each.id, each.name) for each in moves)]
        return self

    def named(self, exercise_id: str) -> "PickForm":
        """The same form with ids of its own, for a page that has one for each exercise."""
        for each in (self.way, self.amount):
            each.id = f"{each.name}-{exercise_id}"
            each.label.field_id = each.id
        return self
