"""The forms for cohorts."""

from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from backtolife.people.forms import VISIBLE
from backtolife.people.typed_fields import Clock, Day, NoLonger, WholeNumber
from backtolife.programme.cohorts.calendar import DAYS

DAY_CHOICES = [SelectChoice(*each) for each in enumerate(DAYS)]
SHORT = {"width": "10"}
LISTED = "Somebody you have just invited is listed once they have chosen a password."


class CohortForm(FlaskForm):
    """A service lead makes a group."""

    name = StringField(
        "Name of the group",
        [InputRequired("Give the group a name"), VISIBLE, NoLonger(60)],
        description="For example: Tuesday morning",
    )
    programme = SelectField(
        "Which version of the programme?", choices=[], default="", description="The group stays with it to its end."
    )
    schedule = SelectField("How often does it meet?", choices=[])
    first_day = Day(
        "First session", [InputRequired("Choose the date of session 1")], render_kw={"type": "date", **SHORT}
    )
    weekdays = SelectMultipleField(
        "On which days?", coerce=int, choices=[SelectChoice(*each) for each in enumerate(DAYS)]
    )
    wall_time = Clock(
        "At what time?",
        [InputRequired("Choose the time")],
        description="The time on the clock in the time zone below. It stays the same when the clocks change.",
        render_kw={"type": "time", **SHORT},
    )
    zone = StringField("Time zone", [InputRequired("Enter a time zone"), NoLonger(64)])
    capacity = WholeNumber(
        "How many places?",
        [InputRequired("Enter how many places there are"), NumberRange(1, 14, "A group has 1 to 14 places")],
        render_kw={"inputmode": "numeric", "width": "3"},
    )
    lead = SelectField("Lead", [InputRequired("Choose who leads")], choices=[], description=LISTED)
    spotter = SelectField("Spotter", choices=[])
