"""The forms of notes and calls."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from backtolife.people.typed_fields import NoLonger
from backtolife.programme.patients import notes
from backtolife.programme.patients.calling import calls
from backtolife.programme.patients.calling.calls import OUTCOMES


class NoteForm(FlaskForm):
    """A note about a patient."""

    text = TextAreaField(
        "Note",
        [
            InputRequired("Write the note"),
            Length(max=notes.LONGEST, message=f"Please keep this under {notes.LONGEST} characters."),
        ],
        description="Colleagues who look after them read it, and they may ask to read it themselves.",
        render_kw={"rows": 4},
    )
    seen = HiddenField(default="0")

    @property
    def version(self) -> int:
        """The version that the page showed; 0 for one that cannot be read."""
        typed = self.seen.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


class CallForm(FlaskForm):
    """What came of a call, with or without messages that were to be told in it."""

    outcome = RadioField(
        "What came of the call?",
        [InputRequired("Choose what came of the call")],
        choices=[SelectChoice(key.value, words) for key, words in OUTCOMES.items()],
    )
    words = TextAreaField(
        "In a few words, if you like",
        [Optional(), NoLonger(calls.LONGEST)],
        description="For example who took the message. What is about their health belongs in a note.",
        render_kw={"rows": 2},
    )
    told = SelectMultipleField(
        "What do they know now?",
        choices=[],
        validate_choice=False,
        description="Tick what you told them, or left word of. What you do not tick is still to be told.",
    )
    """Which messages; asked only where there is something to tell."""
    seen = HiddenField()
    """Which call with them was the newest when the page was shown."""
