"""The forms with which a clinical lead or administrator loads official wording and chooses what is asked."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectField, SelectMultipleField, StringField
from wtforms.validators import Length, Optional

from backtolife.outcomes.importing import Terms


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
    not_scored = StringField(
        "Questions that no score takes, if there are any",
        [Length(max=400, message="Use at most 400 letters")],
        description="Their linkIds, with commas between them",
    )
    licence_holder = StringField(
        "Who holds the licence",
        [Length(max=200, message="Use at most 200 letters")],
        description="Leave the licence empty only where the list says that none is needed",
    )
    licence_reference = StringField("Licence number or letter", [Length(max=200, message="Use at most 200 letters")])
    licence_expires_on = DateField("Last day of the licence", [Optional()], render_kw={"type": "date"})

    def terms(self) -> Terms:
        """The licence as it was written down."""
        return Terms(self.licence_holder.data or "", self.licence_reference.data or "", self.licence_expires_on.data)

    def table_data(self, most: int) -> bytes | None:
        """At most `most` bytes of the table's file; None where none was chosen."""
        return self.table.data.read(most) if self.table.data else None

    def left_out(self) -> list[str]:
        """The linkIds of questions that no score takes."""
        return [each.strip() for each in (self.not_scored.data or "").split(",") if each.strip()]


class BatteryForm(FlaskForm):
    """What one milestone asks, in the order of the list."""

    instruments = SelectMultipleField("What is asked", choices=[], validate_choice=False)
