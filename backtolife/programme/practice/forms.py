"""The form of the practice diary."""

from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp

from backtolife.people.typed_fields import Day, NoLonger, WholeNumber
from backtolife.programme.practice.models import PracticeEntry
from backtolife.programme.practice.rules import (
    FELT,
    LONGEST_NOTE,
    LONGEST_WHAT,
    MINUTES,
    MOST_MINUTES,
    OTHER,
    Felt,
    Written,
)
from backtolife.programme.practice.week import OwnWeek
from backtolife.text.said import told

KEY = r"^[0-9a-f]{32}$"


class EntryForm(FlaskForm):
    """A patient writes down what they did."""

    key = HiddenField("Key", [Optional(), Regexp(KEY)])
    edit = WholeNumber("Version", [Optional(), NumberRange(0, 100_000)])
    item = RadioField(
        _("What did you do?"), validators=[InputRequired(_("Choose what you did"))], validate_choice=False
    )
    what = StringField(
        _("If it was something else, what was it?"),
        [Optional(), NoLonger(LONGEST_WHAT)],
        description=_("Such as: a walk, the stairs, a swim"),
        render_kw={"maxlength": LONGEST_WHAT},
    )
    day = Day(_("Which day?"), [InputRequired(_("Choose the day"))], render_kw={"type": "date", "width": "10"})
    minutes = WholeNumber(
        _("About how many minutes?"),
        [Optional(), NumberRange(0, MOST_MINUTES, MINUTES)],
        description=_("You can leave this empty."),
        render_kw={"width": "3", "inputmode": "numeric"},
    )
    felt = RadioField(
        _("How did it feel?"),
        choices=[SelectChoice(value, _(label)) for value, label in FELT.items()],
        validators=[Optional()],
    )
    note = TextAreaField(
        _("Anything to add?"),
        [Optional(), NoLonger(LONGEST_NOTE)],
        description=_("You can leave this empty."),
        render_kw={"rows": 2, "maxlength": LONGEST_NOTE},
    )

    @property
    def written(self) -> Written:
        """What was written, once it is found valid."""
        assert self.day.data is not None  # noqa: S101 - the field is required
        return Written(
            day=self.day.data,
            item=self.item.data or OTHER,
            what=self.what.data or "",
            minutes=self.minutes.data,
            felt=Felt(self.felt.data) if self.felt.data else None,
            note=self.note.data or "",
        )


def form_for(week: OwnWeek, *, today: date | None = None, entry: PracticeEntry | None = None) -> EntryForm:
    """The form with what this week holds; of an `entry` with what stands in it, also where its week is over."""
    form = EntryForm(obj=entry)
    choices = week.items
    if entry is not None and entry.item not in dict(choices):
        choices = [(entry.item, entry.what), *choices]
    form.item.choices = [SelectChoice(key, told(words)) for key, words in choices]
    if entry is not None and entry.item != OTHER and not form.is_submitted():
        form.what.data = ""
    if form.day.data is None and not form.is_submitted():
        form.day.data = today
    return form
