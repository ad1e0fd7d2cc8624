"""The forms with which a clinical lead or administrator loads official wording and chooses what is asked."""

import zlib
from base64 import b64decode, b64encode
from datetime import date

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Optional

from backtolife.errors import Invalid
from backtolife.outcomes.forms.import_preview import Head
from backtolife.outcomes.forms.importing import Terms
from backtolife.people.typed_fields import Day, NoLonger

LARGEST_HELD = 400_000
"""How much of a page a file may take, in characters: a questionnaire packs to a tenth of its size."""


class ImportForm(FlaskForm):
    """One FHIR R4 Questionnaire, and the licence it is asked under."""

    instrument = SelectField("Which questionnaire is it?", choices=[])
    file = FileField(
        "The form",
        [FileRequired("Choose the file")],
        description="A FHIR R4 Questionnaire in JSON, or our empty form with the official words filled in",
        render_kw={"accept": ".json,application/json,application/fhir+json"},
    )
    table = FileField(
        "Its table, where it needs one",
        [Optional()],
        description="The empty table from the list, with its values filled in, as a CSV file",
        render_kw={"accept": ".csv,text/csv"},
    )
    licence_holder = StringField(
        "Who holds the licence",
        [NoLonger(200)],
        description="Leave the licence empty only where the list says that none is needed",
    )
    licence_reference = StringField("Licence number or letter", [NoLonger(200)])
    licence_expires_on = Day("Last day of the licence", [Optional()], render_kw={"type": "date"})

    def terms(self) -> Terms:
        """The licence as it was written down."""
        return Terms(self.licence_holder.data or "", self.licence_reference.data or "", self.licence_expires_on.data)

    def table_data(self, most: int) -> bytes | None:
        """At most `most` bytes of the table's file; None where none was chosen."""
        return self.table.data.read(most) if self.table.data else None


class ConfirmForm(FlaskForm):
    """A form that was read and waits to be confirmed: the file goes with the page, so that nothing is kept before."""

    instrument = HiddenField()
    held_file = HiddenField()
    held_table = HiddenField()
    licence_holder = HiddenField()
    licence_reference = HiddenField()
    licence_expires_on = HiddenField()
    url = StringField(
        "The form’s address",
        description="A web address that names this form and no other, such as https://example.org/form",
        render_kw={"inputmode": "url", "spellcheck": "false", "autocomplete": "off"},
    )
    version = StringField("Its version", description="Such as 1.0", render_kw={"autocomplete": "off"})
    copyright = StringField("Copyright", description="What the owner asks to be shown, such as © the owner’s name")

    def terms(self) -> Terms:
        """The licence as it was written on the page before."""
        last = self.licence_expires_on.data
        try:
            expires = date.fromisoformat(last) if last else None
        except ValueError:
            expires = None
        return Terms(self.licence_holder.data or "", self.licence_reference.data or "", expires)

    def head(self) -> Head:
        return Head(*(str(field.data or "").strip() for field in (self.url, self.version, self.copyright)))


def held(data: bytes) -> str:
    """A file as the text of a hidden field. Raises Invalid where it would not fit into a page."""
    text = b64encode(zlib.compress(data)).decode()
    if len(text) > LARGEST_HELD:
        raise Invalid("This file is too large for a questionnaire. Choose the Questionnaire file alone.", "file")
    return text


def let_go(text: str, most: int) -> bytes:
    """The file in a hidden field. Raises Invalid for one that is none, or unpacks to more than `most` bytes."""
    try:
        unpacking = zlib.decompressobj()
        data = unpacking.decompress(b64decode(text, validate=True), most)
    except (ValueError, zlib.error):
        raise Invalid("The file did not come with the page. Choose it again.", "file") from None
    if not unpacking.eof:
        raise Invalid("This file is too large for a questionnaire. Choose the Questionnaire file alone.", "file")
    return data


class BatteryForm(FlaskForm):
    """What one milestone asks, in the order of the list."""

    instruments = SelectMultipleField("What is asked", choices=[], validate_choice=False)
