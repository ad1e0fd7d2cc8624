"""The forms of goals."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from backtolife.people.typed_fields import Day, NoLonger, WholeNumber
from backtolife.programme.goals.rules import LONGEST
from backtolife.text.said import translated

DATE = {"type": "date", "width": "10"}
TOO_LONG = NoLonger(LONGEST)


class GoalForm(FlaskForm):
    """Staff write down what somebody wants to do more of."""

    words = TextAreaField(
        "What do they want to do more of?",
        [InputRequired("Write what they want to do more of"), TOO_LONG],
        description="In their own words. They see it on their home page and can change it.",
        render_kw={"rows": 2},
    )
    look_back_on = Day(
        "When do they want to look back on it?",
        [Optional()],
        description="You can leave this empty.",
        render_kw=DATE,
    )

    def named(self, place: str) -> "GoalForm":
        """The same form with ids of its own, for a page that has one for each person."""
        for each in (self.words, self.look_back_on):
            each.id = f"{each.name}-{place}"
        return self


class WordsForm(FlaskForm):
    """Better words for a goal, with the version that the writer started from."""

    words = TextAreaField(_("In your own words"), [InputRequired(_("Write what you want to do more of")), TOO_LONG])
    seen = WholeNumber("Version", [InputRequired(_("Open the page again, then write")), NumberRange(1, 100_000)])

    def named(self, goal_id: str, label: str) -> "WordsForm":
        self.words.id, self.words.label.text = f"words-{goal_id}", translated(label)
        self.words.label.field_id = self.words.id
        self.words.render_kw = {"rows": 2}
        return self
