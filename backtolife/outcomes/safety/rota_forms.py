"""The forms of the rota page."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired

from backtolife.people.typed_fields import Day, Moment, NoLonger

MOMENT = {"type": "datetime-local"}
SHORT = {"width": "10"}


class ShiftForm(FlaskForm):
    """Somebody covers from one moment to another."""

    person = SelectField("Who", choices=[])
    starts_at = Moment("From", [InputRequired("Enter the date and time")], render_kw=MOMENT)
    ends_at = Moment("To", [InputRequired("Enter the date and time")], render_kw=MOMENT)
    backup = BooleanField("As the backup")


class LeaveForm(FlaskForm):
    """Somebody is away, both days included."""

    person = SelectField("Who", choices=[], id="leave-person")
    first_day = Day("First day", [InputRequired("Enter the first day")], render_kw={"type": "date", **SHORT})
    last_day = Day("Last day", [InputRequired("Enter the last day")], render_kw={"type": "date", **SHORT})


class HolidayForm(FlaskForm):
    """A day on which nobody works."""

    day = Day("Day", [InputRequired("Enter the day")], render_kw={"type": "date", **SHORT})
    name = StringField("Name", [InputRequired("Give the day a name"), NoLonger(60)])
