"""The forms of the page on which somebody is erased."""

from wtforms import StringField

from backtolife.data_life.erasing.services import LONGEST_REASON
from backtolife.data_life.password import PasswordForm


class ReasonForm(PasswordForm):
    """Why, and the password once more."""

    reason = StringField(
        "Why?",
        description="Who asks for it, and how you know that it is them. No health details",
        render_kw={"maxlength": LONGEST_REASON, "autocomplete": "off"},
    )
