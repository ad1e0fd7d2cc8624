"""The forms for videos: uploading one, and notes beside one."""

from __future__ import annotations

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from backtolife.content.services import LONGEST_TITLE
from backtolife.content.watching.notes import LONGEST_NOTE
from backtolife.people.typed_fields import NoLonger


class FileUnlessArrived(FileRequired):
    def __call__(self, form: UploadForm, field: FileField) -> None:
        if not form.arrived.data:
            super().__call__(form, field)


class UploadForm(FlaskForm):
    """A member of staff gives a session its video."""

    session = SelectField("Which session is it for?", coerce=int, choices=[])
    title = StringField(
        "Title",
        [
            InputRequired("Give the video a title"),
            NoLonger(LONGEST_TITLE),
        ],
        description="Patients see this above the video",
    )
    arrived = HiddenField()
    """The id of a file that came piece by piece before the form; empty where the file comes with it."""
    video = FileField(
        "Video",
        [FileUnlessArrived("Choose a video from your computer")],
        description="An MP4, MOV or WebM file of at most 2 GB and 2 hours",
        render_kw={"accept": "video/mp4,video/quicktime,video/webm,.mp4,.m4v,.mov,.webm"},
    )
    captions = FileField(
        "Captions, if you have them",
        [Optional()],
        description="A WebVTT file (.vtt). Some people can only use a video that has captions",
        render_kw={"accept": ".vtt,text/vtt"},
    )


class NoteForm(FlaskForm):
    """What a patient writes beside a video, and who may read it."""

    seen = StringField("Version", [Optional(), NoLonger(40)])
    """When the note that this page shows was saved; empty for none."""
    words = TextAreaField(
        "Your notes",
        [
            Optional(),
            Length(max=LONGEST_NOTE, message=f"Please use at most {LONGEST_NOTE} characters for your notes."),
        ],
    )
    with_team = RadioField(
        "Who can read this?",
        choices=[
            SelectChoice("no", "Just me"),
            SelectChoice("yes", "Me and my team"),
            SelectChoice("group", "My team, and my group with no name"),
        ],
        default="no",
    )


class AgainForm(FlaskForm):
    """One button."""
