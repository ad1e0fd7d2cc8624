"""The form of the record of a call for help."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from backtolife.sessions.incidents import LONGEST
from backtolife.sessions.record_models import Outcome


class IncidentForm(FlaskForm):
    """What happened, what was done and how it ended, with the version that the writer started from."""

    OUTCOMES = (
        (Outcome.SETTLED, "They felt well again and went on"),
        (Outcome.RESTED, "They rested for the rest of the session"),
        (Outcome.LEFT, "They left the session"),
        (Outcome.CALL_BACK, "Someone calls them later"),
        (Outcome.URGENT, "Same-day help: 111, their GP or a clinic"),
        (Outcome.EMERGENCY, "Emergency: 999 or A&E"),
    )

    happened = TextAreaField(
        "What happened?",
        [InputRequired("Say what happened"), Length(max=LONGEST)],
        description="What you saw and what they told you, with times.",
        render_kw={"rows": 5},
    )
    done = TextAreaField(
        "What was done?",
        [InputRequired("Say what was done"), Length(max=LONGEST)],
        description="Who spoke with them, who was rung, what comes next.",
        render_kw={"rows": 4},
    )
    outcome = RadioField(
        "How did it end?",
        [InputRequired("Choose how it ended")],
        choices=[SelectChoice(value.value, words) for value, words in OUTCOMES],
    )
    seen = IntegerField("Version", [InputRequired("Open the page again, then write"), NumberRange(0, 100_000)])
