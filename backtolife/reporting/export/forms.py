"""The form with which a service lead takes data away."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, StringField

from backtolife.reporting.export.export import LONGEST_REASON


class ExportForm(FlaskForm):
    """Why the data is needed. It goes on record with the name and the time."""

    reason = StringField(
        "What do you need the data for?",
        description="For example: quarterly report to the board. This is kept with your name.",
        render_kw={"maxlength": LONGEST_REASON, "autocomplete": "off"},
    )
    password = PasswordField(
        "Your password",
        description="Asked once more, because these are people's answers. We then do not ask again for 10 minutes.",
        render_kw={"autocomplete": "current-password"},
    )
    excel = BooleanField("I open CSV files in Excel, by a double click")
