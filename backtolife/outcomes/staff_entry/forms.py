"""The forms with which staff say how answers reached us, and why a form is opened again."""

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from backtolife.outcomes.answering.reopening import LONGEST_REASON
from backtolife.outcomes.models import Mode
from backtolife.outcomes.staff_entry.services import LONGEST_PROXY
from backtolife.people.typed_fields import Moment, NoLonger

MODES = [SelectChoice(Mode.PAPER.value, "On paper"), SelectChoice(Mode.TELEPHONE.value, "By telephone")]


class EntryForm(FlaskForm):
    """How and when the patient answered."""

    mode = RadioField(
        "How did they answer?", [InputRequired("Say how they answered")], choices=MODES, default=Mode.PAPER.value
    )
    given_at = Moment(
        "When did they answer?", [InputRequired("Enter the date and time")], render_kw={"type": "datetime-local"}
    )
    proxy = StringField(
        "If somebody answered for them, who?",
        [NoLonger(LONGEST_PROXY)],
        description="Such as daughter or carer. Leave it empty when they answered themselves",
    )


class AgainForm(FlaskForm):
    """Why a patient may answer again."""

    reason = StringField(
        "Why is it opened again?",
        [InputRequired("Write why"), NoLonger(LONGEST_REASON)],
    )
