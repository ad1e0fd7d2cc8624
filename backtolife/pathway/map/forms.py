"""The forms of the map: what somebody looks for, and what an entry says."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from backtolife.pathway.map.rules import EMPTY, LENGTHS, LONGEST_WAIT, NEEDS, Says
from backtolife.people.forms import VISIBLE
from backtolife.people.typed_fields import NoLonger, WholeNumber
from backtolife.text.languages import name_of

WEEKS = f"Enter 0 to {LONGEST_WAIT} weeks, or leave it empty"


class LookForm(FlaskForm):
    """It changes nothing, and is sent as a form all the same: what somebody looks for stands in no address."""

    need = SelectField(_("What do you need help with?"), [Optional()], choices=[], validate_choice=False)
    place = StringField(_("Where?"), [NoLonger(60)], description=_("A town or part of one. Leave it empty for all."))


def words_field(label: str, name: str, description: str = "") -> StringField:
    return StringField(label, [InputRequired(EMPTY[name]), VISIBLE, NoLonger(LENGTHS[name])], description=description)


class EntryForm(FlaskForm):
    """What an entry of the map says."""

    what = words_field("What is offered", "what", "In plain words, such as: exercise class for backs.")
    needs = SelectMultipleField(
        "What does it help with?",
        [InputRequired("Choose what it helps with")],
        choices=[SelectChoice(key, words) for key, words in NEEDS.items()],
    )
    place = words_field("Where", "place", "People look for it by these words. “Online” is found from everywhere.")
    by_whom = words_field("Who runs it", "by_whom", "The service or club, and who leads it.")
    for_whom = TextAreaField(
        "Who it is for",
        [InputRequired(EMPTY["for_whom"]), VISIBLE, NoLonger(LENGTHS["for_whom"])],
        render_kw={"rows": 3},
    )
    languages = StringField(
        "Languages",
        [InputRequired("Enter a language, such as English")],
        description="With commas between them, such as: English, Polish.",
        default="English",
    )
    wait_weeks = WholeNumber(
        "About how many weeks people wait",
        [Optional(), NumberRange(0, LONGEST_WAIT, WEEKS)],
        description="0 where they can come at once. Empty where you do not know.",
        render_kw={"inputmode": "numeric", "width": "3"},
    )
    contact = words_field("How to get in touch", "contact", "A telephone number, an address, or who refers.")
    shown = BooleanField("Show it on the public page", default=True)
    seen = HiddenField()

    @property
    def says(self) -> Says:
        """What was typed."""
        return Says(
            what=self.what.data or "",
            needs=tuple(self.needs.data or ()),
            place=self.place.data or "",
            by_whom=self.by_whom.data or "",
            for_whom=self.for_whom.data or "",
            languages=tuple((self.languages.data or "").split(",")),
            wait_weeks=self.wait_weeks.data,
            contact=self.contact.data or "",
        )


def filled(said: Says, *, shown: bool, seen: int) -> EntryForm:
    """The form with what an entry says."""
    names = ", ".join(name_of(tag) for tag in said.languages)
    held = {name: getattr(said, name) for name in (*EMPTY, "wait_weeks")}
    return EntryForm(formdata=None, needs=list(said.needs), languages=names, shown=shown, seen=str(seen), **held)
