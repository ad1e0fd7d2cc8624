"""The form for what came of a call."""

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from backtolife.reminders.messages.acting import LONGEST
from backtolife.reminders.messages.listing import CHANNELS, SHOWN
from backtolife.reminders.messages.models import CallOutcome

OUTCOMES = {
    CallOutcome.SPOKE: "I spoke to them",
    CallOutcome.LEFT_WORD: "I left word",
    CallOutcome.NO_ANSWER: "Nobody answered",
}


class CallForm(FlaskForm):
    outcome = RadioField(
        "What came of the call?",
        [InputRequired("Say what came of the call")],
        choices=[SelectChoice(key.value, words) for key, words in OUTCOMES.items()],
    )
    words = TextAreaField(
        "Anything to add",
        [Length(max=LONGEST, message=f"Use at most {LONGEST} characters")],
        description="For example who took the message. No health details.",
        render_kw={"rows": 2},
    )


class SeekForm(FlaskForm):
    """Which messages to show. It changes nothing; the page itself adds the token."""

    show = SelectField("Show", choices=[SelectChoice(key, words) for key, words in SHOWN.items()])
    by = SelectField(
        "Sent by", choices=[SelectChoice("", "Any way"), *(SelectChoice(key, words) for key, words in CHANNELS.items())]
    )
    q = StringField("Name, e-mail address or number", [Length(max=100)], render_kw={"spellcheck": False})
