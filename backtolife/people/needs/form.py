"""The form that asks what somebody needs: the same for the person and for staff, who hear it on the telephone."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from backtolife.people.contact.language_choices import language_choices
from backtolife.people.models import Person
from backtolife.people.needs.kinds import LONGEST_WORDS, NEEDS, Needs
from backtolife.people.typed_fields import NoLonger
from backtolife.text.languages import tag_of


class NeedsForm(FlaskForm):
    """What somebody needs to take part. Nothing ticked means that they need nothing."""

    kinds = SelectMultipleField(
        _("What helps you take part?"),
        choices=[SelectChoice(each.key, _(each.asked)) for each in NEEDS.values()],
        description=_("Tick all that fit. Tick none if you need nothing."),
    )
    language = SelectField(
        _("Which language do you speak best?"),
        [Optional()],
        choices=[],
        description=_("Someone who interprets for you speaks it too"),
    )
    words = TextAreaField(
        _("Anything else we should know?"),
        [Optional(), NoLonger(LONGEST_WORDS)],
        description=_("Such as: I use a wheelchair"),
        render_kw={"rows": 2},
    )

    @property
    def needs(self) -> Needs:
        return Needs(tuple(self.kinds.data or ()), self.language.data or "", self.words.data or "")


def filled(person: Person) -> NeedsForm:
    """The form with what the person told us."""
    language = tag_of(person.needs_language)
    return asked(
        NeedsForm(formdata=None, kinds=person.needs or [], language=language, words=person.needs_words), person
    )


def asked(form: NeedsForm, person: Person) -> NeedsForm:
    """The form with the languages to choose from. Comes before it is checked."""
    form.language.choices = language_choices(person.needs_language)
    return form


def for_staff(form: NeedsForm) -> NeedsForm:
    """The same, asked about somebody else."""
    form.kinds.label.text = "What helps them take part?"
    form.kinds.description = "Tick all that fit. Tick none if they need nothing."
    form.language.label.text = "Which language do they speak best?"
    form.language.description = "Someone who interprets for them speaks it too"
    form.words.label.text = "Anything else the team should know?"
    form.words.description = "Such as: uses a wheelchair"
    return form
