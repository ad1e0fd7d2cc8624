"""The two forms of the page, each with a password field of its own."""

from wtforms import PasswordField

from backtolife.data_life.password import PasswordForm


class AskForm(PasswordForm):
    """Ask that some be erased."""


class ConfirmForm(PasswordForm):
    """Confirm it, as the second person."""

    password = PasswordField("Your password", id="confirm-password", render_kw={"autocomplete": "current-password"})
