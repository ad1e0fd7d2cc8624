"""The forms of the end of a place."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from backtolife.programme.places.rules import DECIDED, LONGEST_WORDS, REASONS, DecidedBy, Leaving, Reason

AT_MOST = Length(max=LONGEST_WORDS, message=f"Use at most {LONGEST_WORDS} characters")


class LeaveForm(FlaskForm):
    """Why somebody leaves, and whether they may be asked later how they are."""

    decided_by = RadioField(
        "Who decided?",
        [InputRequired("Say who decided")],
        choices=[SelectChoice(key.value, words) for key, words in DECIDED.items()],
    )
    reason = SelectField(
        "What was the main reason?",
        [InputRequired("Choose a reason")],
        choices=[
            SelectChoice("", "Choose a reason"),
            *(SelectChoice(key.value, words) for key, words in REASONS.items()),
        ],
    )
    words = TextAreaField("In a few words, if you like", [AT_MOST], render_kw={"rows": 3})
    later = RadioField(
        "May we still send them the questions some months after the end?",
        [InputRequired("Say what they answered")],
        description="Ask them. Without a yes they hear nothing more from us.",
        choices=[SelectChoice("yes", "Yes, they agreed"), SelectChoice("no", "No, or not asked")],
    )

    @property
    def leaving(self) -> Leaving:
        return Leaving(
            decided_by=DecidedBy(self.decided_by.data),
            reason=Reason(self.reason.data),
            words=self.words.data or "",
            agreed_later=self.later.data == "yes",
        )


class DiedForm(FlaskForm):
    """Who told us that somebody has died."""

    words = TextAreaField(
        "Who told you, and when?",
        [InputRequired("Write who told you, and when"), AT_MOST],
        description="Such as: his daughter, by telephone, this morning",
        render_kw={"rows": 2},
    )
    sure = BooleanField("I am sure that this is the right person", [InputRequired("Tick the box if you are sure")])


class PressForm(FlaskForm):
    """A press that needs no words."""
