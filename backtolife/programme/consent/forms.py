"""The forms of consent: a patient answers, staff write an answer down, new words are published."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from backtolife.people.forms import VISIBLE
from backtolife.people.typed_fields import NoLonger
from backtolife.programme.consent.answering import Standing
from backtolife.programme.consent.rules import LONGEST_BODY, LONGEST_TITLE, ConsentKind
from backtolife.programme.consent.wording import ASKS, NAMES, NO, YES
from backtolife.text.catalogues.worded import worded

SAID = "said_"
"""Before the id of a text in the names of a patient's fields; before the kind where nothing was published."""
CHOOSE = worded("Choose yes or no")
YES_OR_NO = ("yes", "no")
LONGEST_NUMBER = 9


def field_name(standing: Standing) -> str:
    """The name of the field with which somebody answers to what is in force."""
    return SAID + (standing.asked.newest.id if standing.asked is not None else standing.kind.value)


def answers_form(standings: Sequence[Standing], **given: Any) -> FlaskForm:
    """One question for each of these, named by the version that is shown."""
    fields = {
        field_name(each): RadioField(
            _(ASKS[each.kind]),
            [InputRequired(CHOOSE)],
            choices=[SelectChoice("yes", _(YES[each.kind])), SelectChoice("no", _(NO[each.kind]))],
        )
        for each in standings
    }
    made: type[FlaskForm] = type("AnswersForm", (FlaskForm,), fields)
    return made(**given)


class WrittenForm(FlaskForm):
    """Staff write down what somebody said."""

    about = RadioField(
        "What did you talk about?",
        [InputRequired("Choose what you talked about")],
        choices=[SelectChoice(kind.value, NAMES[kind]) for kind in ConsentKind],
    )
    said = RadioField(
        "What did they say?",
        [InputRequired("Choose what they said")],
        description="Read them the words first. They can change their mind at any time.",
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
    )
    seen = HiddenField()
    """The ids of the versions that the page showed."""


class PublishForm(FlaskForm):
    """New words, and whether they ask everybody again."""

    title = StringField("Title", [InputRequired("Enter a title"), VISIBLE, NoLonger(LONGEST_TITLE)])
    body = TextAreaField(
        "The words",
        [
            InputRequired("Enter the words that people agree to"),
            NoLonger(LONGEST_BODY),
        ],
        description="Short words. A line that begins with ## is a heading, one that begins with - a point.",
        render_kw={"rows": 18},
    )
    again: RadioField | None = RadioField(
        "Do people who said yes before have to read this again?",
        [InputRequired("Choose whether people are asked again")],
        description="Ask again when it means something new for them. Mending a word needs no new yes.",
        choices=[
            SelectChoice("yes", "Yes, ask everybody again"),
            SelectChoice("no", "No, what they said before counts"),
        ],
    )
    seen = HiddenField(default="0")
    """The newest version that the page showed."""

    @property
    def seen_version(self) -> int:
        typed = self.seen.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < LONGEST_NUMBER else 0
