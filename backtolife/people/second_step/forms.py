"""The forms of the second step."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from backtolife.people.forms import code_field
from backtolife.people.typed_fields import NoLonger

RECOVERY = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": False}


class AppCodeForm(FlaskForm):
    """What the app shows at this moment."""

    app_code = code_field("Your authenticator app shows it. It changes every 30 seconds.")


class RecoveryForm(FlaskForm):
    """One of the codes that were written down."""

    recovery = StringField(
        "Recovery code",
        [InputRequired("Enter a recovery code"), Length(max=60, message="That is too long for a recovery code")],
        description="For example: abcde-fghjk. Each one works once.",
        render_kw=RECOVERY,
    )


class ProveForm(FlaskForm):
    """Before anything of it is changed."""

    password = PasswordField(
        "Your password", [InputRequired("Enter your password")], render_kw={"autocomplete": "current-password"}
    )


class PasskeyForm(FlaskForm):
    """What a new passkey is called, and what the device made: the page's script fills it in."""

    name = StringField(
        "Name of this device",
        [InputRequired("Enter a name for this passkey"), NoLonger(40)],
        description="So that you know it again. For example: work laptop.",
        render_kw={"autocomplete": "off", "maxlength": 40},
    )
    passkey_answer = HiddenField()
