"""What the pages of the course take."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from backtolife.people.forms import VISIBLE
from backtolife.people.typed_fields import NoLonger
from backtolife.programme.course.withdrawing import LONGEST_REASON


class SignForm(FlaskForm):
    """Somebody of staff signs that they have done it all. The day is the clock's."""

    digest = HiddenField()
    name = StringField(
        "Your full name",
        [InputRequired("Type your full name"), VISIBLE, NoLonger(120)],
        description="The same as in your account. The day is added by itself.",
        render_kw={"autocomplete": "name"},
    )


class WithdrawForm(FlaskForm):
    """A lead takes somebody's signature back."""

    reason = StringField(
        "Why?",
        [InputRequired("Say why. The person reads it"), NoLonger(LONGEST_REASON)],
        description="The person reads this on their page of the course.",
    )
    again = RadioField(
        "What should they do again?",
        [InputRequired("Choose what they should do again")],
        choices=[
            SelectChoice("sign", "Sign"),
            SelectChoice("all", "Read and watch everything, then sign"),
        ],
        description="Their rehearsals stay as they are.",
    )
