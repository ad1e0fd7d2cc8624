"""The form with which staff write down what they did about a safety task."""

from flask_wtf import FlaskForm
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from backtolife.outcomes.safety.tasks import LONGEST_NOTE, Notes

GP_CHOICES = [SelectChoice("yes", "Yes"), SelectChoice("no", "No"), SelectChoice("", "Not decided yet")]


def note_field(label: str, description: str) -> TextAreaField:
    return TextAreaField(
        label,
        [Length(max=LONGEST_NOTE, message=f"Please keep this under {LONGEST_NOTE} characters.")],
        description=description,
        render_kw={"rows": "3"},
    )


class NotesForm(FlaskForm):
    """Contact, assessment, plan, and whether the GP knows."""

    contact = note_field("Contact", "When and how you reached them, or how you tried")
    assessment = note_field("Assessment", "What you asked and what you found")
    plan = note_field("Plan", "What was agreed, and who does what next")
    gp_informed = RadioField("Has their GP been told?", choices=GP_CHOICES, default="", validate_choice=False)

    def notes(self) -> Notes:
        """What was written, for the service."""
        gp_informed = {"yes": True, "no": False}.get(self.gp_informed.data or "")
        return Notes(self.contact.data or "", self.assessment.data or "", self.plan.data or "", gp_informed)


def filled(contact: str, assessment: str, plan: str, gp_informed: bool | None) -> NotesForm:
    """The form with what was written before."""
    gp = {True: "yes", False: "no", None: ""}[gp_informed]
    return NotesForm(formdata=None, contact=contact, assessment=assessment, plan=plan, gp_informed=gp)
