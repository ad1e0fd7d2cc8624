"""The forms of a place: its offer, the answer, its end."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import AnyOf, InputRequired, Optional

from backtolife.people.typed_fields import Day, NoLonger
from backtolife.programme.patients.newcomer_forms import NewcomerForm
from backtolife.programme.places.mistakes import Correction
from backtolife.programme.places.rules import ANSWERS, DECIDED, LONGEST_WORDS, REASONS, DecidedBy, Leaving, Reason, Said

AT_MOST = NoLonger(LONGEST_WORDS)

OFFER, SAID_YES = "offer", "said_yes"
CORRECTIONS: dict[Correction, str] = {
    Correction.NOT_ANSWERED: "They have not answered yet: the offer waits for them",
    Correction.YES: "They said yes: they have the place",
    Correction.NO: "They said no: the place is free",
}
SAID_LATER = {"yes": True, "no": False, "not_asked": None}


class AddForm(NewcomerForm):
    """A patient is offered a place in a group, or has said yes to staff already."""

    how = RadioField(
        "Have they said yes?",
        [Optional()],
        choices=[
            SelectChoice(OFFER, "Not yet: offer them the place, and they answer on their page"),
            SelectChoice(SAID_YES, "Yes, to one of us: give them the place now"),
        ],
        default=OFFER,
    )
    answer_by = Day(
        "Last day to answer the offer",
        [Optional()],
        description=(
            "We remind them once, half way. It ends when their first session begins at the latest. "
            "After that you see here who to call."
        ),
        render_kw={"type": "date", "width": "10"},
    )


class AnswerForm(FlaskForm):
    """A patient answers an offer by one of three buttons."""

    said = StringField(validators=[AnyOf([Said.YES, Said.NO, Said.NOT_NOW])])
    dates = StringField()
    """Which dates the page shows."""


class TelephoneForm(FlaskForm):
    """What somebody said to staff about their offer."""

    said = RadioField(
        "What did they say?",
        [InputRequired("Choose what they said")],
        choices=[SelectChoice(key.value, words) for key, words in ANSWERS.items()],
    )


class CorrectForm(FlaskForm):
    """What is true in place of an answer that was written down by mistake."""

    to = RadioField("What is true?", [InputRequired("Choose what is true")])

    def offer(self, corrections: Iterable[Correction]) -> None:
        self.to.choices = [SelectChoice(each.value, CORRECTIONS[each]) for each in corrections]


class MoveForm(FlaskForm):
    """To which group somebody moves, and why."""

    # A group that has filled up meanwhile is refused by its name and not as a choice that is not there.
    cohort = SelectField("To which group?", [InputRequired("Choose a group")], choices=[], validate_choice=False)
    words = TextAreaField("Why, in a few words, if you like", [AT_MOST], render_kw={"rows": 2})


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
        choices=[
            SelectChoice("yes", "Yes, they agreed"),
            SelectChoice("no", "No"),
            SelectChoice("not_asked", "We did not ask: what they said before counts"),
        ],
    )

    @property
    def leaving(self) -> Leaving:
        return Leaving(
            decided_by=DecidedBy(self.decided_by.data),
            reason=Reason(self.reason.data),
            words=self.words.data or "",
            agreed_later=SAID_LATER[self.later.data],
        )


class ReasonForm(FlaskForm):
    """Why somebody left, as it is put right later."""

    decided_by, reason, words = LeaveForm.decided_by, LeaveForm.reason, LeaveForm.words

    @property
    def leaving(self) -> Leaving:
        return Leaving(DecidedBy(self.decided_by.data), Reason(self.reason.data), self.words.data or "")


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
