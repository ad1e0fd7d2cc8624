"""The forms of the rota page."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, DateTimeLocalField, SelectField, StringField
from wtforms.validators import InputRequired, Length

MOMENT = {"type": "datetime-local"}
SHORT = {"width": "10"}


class ShiftForm(FlaskForm):
    """Somebody covers from one moment to another."""

    person = SelectField("Who", choices=[])
    starts_at = DateTimeLocalField("From", [InputRequired("Give the date and time")], render_kw=MOMENT)
    ends_at = DateTimeLocalField("To", [InputRequired("Give the date and time")], render_kw=MOMENT)
    backup = BooleanField("As the backup")


class LeaveForm(FlaskForm):
    """Somebody is away, both days included."""

    person = SelectField("Who", choices=[], id="leave-person")
    first_day = DateField("First day", [InputRequired("Give the first day")], render_kw={"type": "date", **SHORT})
    last_day = DateField("Last day", [InputRequired("Give the last day")], render_kw={"type": "date", **SHORT})


class HolidayForm(FlaskForm):
    """A day on which nobody works."""

    day = DateField("Day", [InputRequired("Give the day")], render_kw={"type": "date", **SHORT})
    name = StringField("Name", [InputRequired("Give the day a name"), Length(max=60, message="Use at most 60 letters")])
