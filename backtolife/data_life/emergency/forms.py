"""The forms of opening a record in an emergency, and of saying whether it was right."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from backtolife.data_life.emergency.opening import LONGEST_REASON, NO_REASON, SHORTEST_REASON
from backtolife.data_life.emergency.reviewing import LONGEST_WORDS, NO_WORDS
from backtolife.data_life.password import PasswordForm
from backtolife.people.typed_fields import Day, NoLonger


class OpenForm(PasswordForm):
    """Whose record, and why."""

    full_name = StringField(
        "Their whole name, as it is recorded",
        [InputRequired("Enter their name"), NoLonger(120)],
        render_kw={"autocomplete": "off", "maxlength": 120},
    )
    born = Day(
        "Their date of birth",
        [Optional()],
        description="Or their phone number, below",
        render_kw={"type": "date", "width": "10"},
    )
    phone = StringField("Their phone number", [Optional(), NoLonger(40)], render_kw={"autocomplete": "off"})
    reason = StringField(
        "What is the emergency?",
        [InputRequired(NO_REASON), Length(min=SHORTEST_REASON, max=LONGEST_REASON, message=NO_REASON)],
        description="A clinical lead reads this at once",
        render_kw={"autocomplete": "off", "maxlength": LONGEST_REASON},
    )
    sure = BooleanField("Somebody may come to harm if I wait", [InputRequired("Tick this, or ask a colleague")])


class ReviewForm(FlaskForm):
    """Was it right?"""

    right = RadioField(
        "Was it right to open it?",
        [InputRequired("Choose one")],
        choices=[SelectChoice("yes", "Yes, it was right"), SelectChoice("no", "No, it was not")],
    )
    words = TextAreaField(
        "Why?",
        [InputRequired(NO_WORDS), Length(max=LONGEST_WORDS, message=NO_WORDS)],
        render_kw={"rows": 3, "maxlength": LONGEST_WORDS},
    )
