"""The forms for cohorts."""

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Email, InputRequired, Length, NumberRange, Optional

from backtolife.people.forms import PHONE, PHONE_RULE
from backtolife.programme.calendar import DAYS

DAY_CHOICES = [SelectChoice(*each) for each in enumerate(DAYS)]
SHORT = {"width": "10"}


class CohortForm(FlaskForm):
    """A service lead makes a group."""

    name = StringField(
        "Name of the group",
        [InputRequired("Give the group a name"), Length(max=60)],
        description="For example: Tuesday morning",
    )
    schedule = SelectField("How often does it meet?", choices=[])
    first_day = DateField(
        "First session", [InputRequired("Choose the date of session 1")], render_kw={"type": "date", **SHORT}
    )
    weekdays = SelectMultipleField(
        "On which days?", coerce=int, choices=[SelectChoice(*each) for each in enumerate(DAYS)]
    )
    wall_time = TimeField(
        "At what time?",
        [InputRequired("Choose the time")],
        description="The time on the clock in the time zone below. It stays the same when the clocks change.",
        render_kw={"type": "time", **SHORT},
    )
    zone = StringField("Time zone", [InputRequired("Enter a time zone"), Length(max=64)])
    capacity = IntegerField(
        "How many places?",
        [InputRequired("Enter how many places there are"), NumberRange(1, 14, "A group has 1 to 14 places")],
        render_kw={"inputmode": "numeric", "width": "3"},
    )
    lead = SelectField("Lead", choices=[])
    spotter = SelectField("Spotter", choices=[])


class EnrolForm(FlaskForm):
    """A patient is added to a group."""

    full_name = StringField("Full name", [InputRequired("Enter their full name"), Length(max=120)])
    shown_name = StringField("First name that the group sees", [InputRequired("Enter a first name"), Length(max=40)])
    email = StringField(
        "E-mail address",
        [InputRequired("Enter their e-mail address"), Email("Enter an e-mail address like name@example.com")],
        render_kw={"type": "email", "spellcheck": False},
    )
    phone = StringField("Phone number", [Optional(), PHONE_RULE], render_kw=PHONE)
