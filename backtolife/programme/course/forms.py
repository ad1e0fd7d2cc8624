"""What the pages of the course take."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired

from backtolife.people.forms import VISIBLE
from backtolife.people.typed_fields import NoLonger


class SignForm(FlaskForm):
    """Somebody of staff signs that they have done it all. The day is the clock's."""

    digest = HiddenField()
    name = StringField(
        "Your full name",
        [InputRequired("Type your full name"), VISIBLE, NoLonger(120)],
        description="The same as in your account. The day is added by itself.",
        render_kw={"autocomplete": "name"},
    )
