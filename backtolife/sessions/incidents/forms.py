"""The form of the record of a call for help."""

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from backtolife.people.typed_fields import NoLonger, WholeNumber
from backtolife.sessions.incidents.services import LONGEST
from backtolife.sessions.records.models import IncidentOutcome


class IncidentForm(FlaskForm):
    """What happened, what was done and how it ended, with the version that the writer started from."""

    OUTCOMES = (
        (IncidentOutcome.SETTLED, "They felt well again and went on"),
        (IncidentOutcome.RESTED, "They rested for the rest of the session"),
        (IncidentOutcome.LEFT, "They left the session"),
        (IncidentOutcome.CALL_BACK, "Someone will call them later"),
        (IncidentOutcome.URGENT, "Same-day help: 111, their GP or a clinic"),
        (IncidentOutcome.EMERGENCY, "Emergency: 999 or A&E"),
    )

    happened = TextAreaField(
        "What happened?",
        [InputRequired("Say what happened"), NoLonger(LONGEST)],
        description="What you saw and what they told you, with times.",
        render_kw={"rows": 5},
    )
    done = TextAreaField(
        "What was done?",
        [InputRequired("Say what was done"), NoLonger(LONGEST)],
        description="Who spoke with them, who was called, what comes next.",
        render_kw={"rows": 4},
    )
    outcome = RadioField(
        "How did it end?",
        [InputRequired("Choose how it ended")],
        choices=[SelectChoice(value.value, words) for value, words in OUTCOMES],
    )
    seen = WholeNumber("Version", [InputRequired("Open the page again, then write"), NumberRange(0, 100_000)])
