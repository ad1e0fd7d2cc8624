"""The form with which a patient, or staff for them, says how they want to be reached."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from backtolife.mail.channels import Channel
from backtolife.people.contact.choosing import Contact
from backtolife.people.contact.language_choices import language_choices
from backtolife.people.contact.telling import clock
from backtolife.people.models import Person

WAYS = {
    Channel.EMAIL: _("By e-mail"),
    Channel.SMS: _("By text message"),
    Channel.TELEPHONE: _("Only by telephone: a person rings"),
}
TO_PATIENT = {
    "channel": _("How should we reach you?"),
    "others_read": _("Other people may read my messages"),
    "hint": _("Can somebody else see your e-mails or texts? Then we look at each message before it goes to you."),
    "message_language": _("Which language should we write in?"),
    "needs_language": _("Which language do you speak best?"),
    "speaking": _("We see it when we ring you, and someone who interprets for you speaks it too"),
}
TO_STAFF = {
    "channel": "How should we reach them?",
    "others_read": "Other people may read their messages",
    "hint": "Can somebody else see them? Then nothing goes out until one of you has looked, on the page “Messages”.",
    "message_language": "Which language should we write to them in?",
    "needs_language": "Which language do they speak best?",
    "speaking": "Whoever rings them sees it, and someone who interprets for them speaks it too",
}


class ContactForm(FlaskForm):
    """Texts are offered only where this site sends them."""

    channel = RadioField("", [InputRequired(_("Choose one"))], choices=[])
    others_read = BooleanField("")
    text_from = SelectField(
        _("Send texts from"), coerce=int, choices=[SelectChoice(hour, clock(hour)) for hour in range(24)]
    )
    text_until = SelectField(
        _("Send texts until"), coerce=int, choices=[SelectChoice(hour, clock(hour)) for hour in range(1, 25)]
    )

    message_language = SelectField(
        "",
        [Optional()],
        choices=[],
        description=_("If we have no message in this language yet, it comes in English"),
    )
    needs_language = SelectField("", [Optional()], choices=[])

    def prepare(self, person: Person, *, texts: bool, words: dict[str, str]) -> None:
        """Say it to a patient or to staff, and offer what there is. Comes before it is checked."""
        for field in (self.message_language, self.needs_language):
            field.label.text = words[field.name]
            field.choices = language_choices(getattr(person, field.name))
        self.channel.label.text, self.others_read.label.text = words["channel"], words["others_read"]
        self.others_read.description, self.needs_language.description = words["hint"], words["speaking"]
        self.channel.choices = [
            SelectChoice(way.value, said) for way, said in WAYS.items() if texts or way is not Channel.SMS
        ]
        if not texts:
            del self.text_from, self.text_until

    def contact(self, before: Contact) -> Contact:
        """What was chosen; hours and languages that were not asked stay as they were."""
        hours = (self.text_from.data, self.text_until.data) if self.text_from else (before.text_from, before.text_until)
        asked = ((self.message_language, before.written), (self.needs_language, before.spoken))
        languages = (field.data if field.raw_data else kept for field, kept in asked)
        return Contact(Channel(self.channel.data), self.others_read.data, *hours, *languages)
