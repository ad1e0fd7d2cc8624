"""The password once more, before what names people leaves."""

from flask_wtf import FlaskForm
from wtforms import PasswordField

from backtolife.errors import Invalid
from backtolife.people.signing_in import password_request


class PasswordForm(FlaskForm):
    """Taking a file that names people."""

    password = PasswordField("Your password", render_kw={"autocomplete": "current-password"})


def confirmed(form: PasswordForm) -> None:
    """Look at the password that was given, or at whether one was a short time ago. Raises Invalid, TooOften or Busy."""
    if form.password.data:
        password_request.confirm(form.password.data)
    if not password_request.is_fresh():
        raise Invalid("Enter your password", "password")
