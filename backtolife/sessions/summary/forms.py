"""The forms of the page after a session: notes, and attendance put right."""

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from backtolife.people.typed_fields import NoLonger, WholeNumber
from backtolife.sessions.records.corrections import MOST_MINUTES
from backtolife.sessions.records.notes import LONGEST


class NoteForm(FlaskForm):
    """The session's notes, with the version that the writer started from."""

    text = TextAreaField(
        "Session notes",
        [InputRequired("Write something before you save"), NoLonger(LONGEST)],
        description="One text for your team. Patients never see it. Every version is kept.",
        render_kw={"rows": 8},
    )
    seen = WholeNumber("Version", [InputRequired("Open the page again, then write"), NumberRange(0, 100_000)])


class CorrectionForm(FlaskForm):
    """Who was there for how long, and why it needs saying."""

    person = SelectField("Who", [InputRequired("Choose who")])
    minutes = WholeNumber(
        "Minutes they were there",
        [InputRequired("Enter the minutes"), NumberRange(0, MOST_MINUTES, f"Enter 0 to {MOST_MINUTES} minutes")],
        description="0 means they did not come.",
        render_kw={"inputmode": "numeric"},
    )
    reason = StringField(
        "Why",
        [InputRequired("Say why you are correcting this"), NoLonger(300)],
        description="For example: joined by phone.",
    )

    def offer(self, people: list[tuple[str, str]]) -> "CorrectionForm":
        """Let one of these be chosen: person id and name."""
        self.person.choices = [SelectChoice("", "Choose someone"), *(SelectChoice(*each) for each in people)]
        return self
