"""The form with which messages are sought."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from backtolife.people.typed_fields import NoLonger
from backtolife.reminders.messages.listing import CHANNELS, SHOWN, SORTS


class SeekForm(FlaskForm):
    """Which messages to show. It changes nothing; the page itself adds the token."""

    show = SelectField("Show", choices=[SelectChoice(key, words) for key, words in SHOWN.items()])
    by = SelectField(
        "Sent by", choices=[SelectChoice("", "Any way"), *(SelectChoice(key, words) for key, words in CHANNELS.items())]
    )
    q = StringField("Name, e-mail address or number", [NoLonger(100)], render_kw={"spellcheck": False})
    sort = SelectField("Order", choices=[SelectChoice(key, words) for key, words in SORTS.items()])
