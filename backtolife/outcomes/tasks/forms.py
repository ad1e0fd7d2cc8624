"""The form with which staff write down what they did about a safety task."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from backtolife.outcomes.models import SafetyTask
from backtolife.outcomes.safety.after_closing import LONGEST_REASON
from backtolife.outcomes.safety.tasks import LONGEST_NOTE, Notes

LONGEST_NUMBER = 9
GP_CHOICES = [SelectChoice("yes", "Yes"), SelectChoice("no", "No"), SelectChoice("", "Not decided yet")]


def note_field(label: str, description: str) -> TextAreaField:
    return TextAreaField(
        label,
        [Length(max=LONGEST_NOTE, message=f"Please keep this under {LONGEST_NOTE} characters.")],
        description=description,
        render_kw={"rows": "3"},
    )


def times_seen(typed: str | None) -> int | None:
    """How often the task had been opened again when its page was shown; None where the page did not say."""
    words = typed or ""
    return int(words) if words.isascii() and words.isdigit() and len(words) < LONGEST_NUMBER else None


class NotesForm(FlaskForm):
    """Contact, assessment, plan, and whether the GP knows."""

    contact = note_field("Contact", "When and how you reached them, or how you tried")
    assessment = note_field("Assessment", "What you asked and what you found")
    plan = note_field("Plan", "What was agreed, and who does what next")
    gp_informed = RadioField("Has their GP been told?", choices=GP_CHOICES, default="", validate_choice=False)

    seen = HiddenField()

    def notes(self) -> Notes:
        """What was written, for the service."""
        gp_informed = {"yes": True, "no": False}.get(self.gp_informed.data or "")
        return Notes(self.contact.data or "", self.assessment.data or "", self.plan.data or "", gp_informed)

    def as_one(self) -> str:
        """What was written, as one text."""
        parts = [(each.label.text, each.data or "") for each in (self.contact, self.assessment, self.plan)]
        return "\n\n".join(f"{label}: {words.strip()}" for label, words in parts if words.strip())


class AddedForm(FlaskForm):
    """A note that is added to a closed task."""

    text = TextAreaField(
        "Add a note", description="What was written at closing stays as it is", render_kw={"rows": "3"}
    )


class OpenAgainForm(FlaskForm):
    """Why a closed task is opened again."""

    reason = TextAreaField(
        "Why is it opened again?",
        description="You have the task then, with a new time by which it should be done",
        render_kw={"rows": "2", "maxlength": LONGEST_REASON},
    )
    seen = HiddenField()


def filled(task: SafetyTask) -> NotesForm:
    """The form with what was written before."""
    gp = {True: "yes", False: "no", None: ""}[task.gp_informed]
    return NotesForm(
        formdata=None,
        contact=task.contact,
        assessment=task.assessment,
        plan=task.plan,
        gp_informed=gp,
        seen=str(task.opened_again),
    )
