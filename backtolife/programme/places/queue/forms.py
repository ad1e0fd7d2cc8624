"""The forms of the waiting list."""

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from backtolife.people.typed_fields import Day
from backtolife.programme.patients.newcomer_forms import NewcomerForm
from backtolife.programme.places.forms import AT_MOST
from backtolife.programme.places.queue.stopping import STOPPED
from backtolife.programme.places.rules import TIMES, WAYS, Way, Wishes

DATE = {"type": "date", "width": "10"}


class WishesForm(FlaskForm):
    """What suits somebody who waits."""

    times = SelectMultipleField(
        "When can they come?",
        [Optional()],
        choices=[SelectChoice(key, words) for key, words in TIMES.items()],
        description="Tick none if any time suits them",
    )
    way = RadioField(
        "How would they like to meet?",
        [InputRequired("Say how they would like to meet")],
        choices=[SelectChoice(key.value, words) for key, words in WAYS.items()],
        default=Way.EITHER.value,
    )
    earliest = Day("Not before", [Optional()], description="Leave it empty if they can start at once", render_kw=DATE)
    words = TextAreaField("Anything else that matters", [AT_MOST], render_kw={"rows": 2})

    @property
    def wishes(self) -> Wishes:
        return Wishes(tuple(self.times.data or ()), Way(self.way.data), self.earliest.data, self.words.data or "")


class WaitForm(NewcomerForm, WishesForm):
    """Somebody is put on the waiting list, with what suits them."""


class BackForm(FlaskForm):
    """Somebody is put back on the list: a press that needs no words."""


class OfferForm(FlaskForm):
    """A free place is offered to somebody who waits."""

    # A group that has filled up meanwhile is refused by its name and not as a choice that is not there.
    cohort = SelectField("Group", [InputRequired("Choose a group")], choices=[], validate_choice=False)
    answer_by = Day(
        "Last day to answer the offer",
        [Optional()],
        description="Leave it empty for a week, or less where the group meets sooner",
        render_kw=DATE,
    )
    jump = StringField(
        "If somebody who fits the group has waited longer: why does this person go first?",
        [AT_MOST],
    )


class StopForm(FlaskForm):
    """Somebody waits no more."""

    because = SelectField(
        "Why?",
        [InputRequired("Choose why they wait no more")],
        choices=[SelectChoice("", "Choose a reason"), *(SelectChoice(key, words) for key, words in STOPPED.items())],
    )
