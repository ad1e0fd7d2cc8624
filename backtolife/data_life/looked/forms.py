"""The forms of the pages on which a clinical lead reads who looked at whom."""

from flask_wtf import FlaskForm
from wtforms import PasswordField


class FileForm(FlaskForm):
    """Taking what the page shows as a file."""

    password = PasswordField("Your password", render_kw={"autocomplete": "current-password"})
