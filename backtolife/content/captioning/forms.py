"""The form in which captions and parts are written; a browser with scripts shows the captions as a list instead."""

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Optional

from backtolife.people.typed_fields import NoLonger

LONGEST_WORDS = 600_000
LONGEST_PARTS = 10_000
LONGEST_NUMBER = 9


class CaptionsForm(FlaskForm):
    """The words of a video with their times, and its parts."""

    seen = HiddenField(default="0")
    """The version that the page showed."""
    words = TextAreaField(
        "Captions",
        [Optional(), NoLonger(LONGEST_WORDS)],
        description="Each one: its times, its words below, then an empty line. Like 00:00:01.000 --> 00:00:04.000",
        render_kw={"rows": 24, "spellcheck": "true"},
    )
    parts = TextAreaField(
        "Parts of the video",
        [Optional(), NoLonger(LONGEST_PARTS)],
        description="One a line: when it begins, and its name, like 2:30 Why rest does not help. Begin at 0:00",
        render_kw={"rows": 6},
    )
    file = FileField(
        "Captions from a file",
        [Optional()],
        description="A WebVTT or SubRip file (.vtt or .srt). It takes the place of the captions above",
        render_kw={"accept": ".vtt,.srt,text/vtt,application/x-subrip"},
    )

    @property
    def seen_number(self) -> int:
        typed = self.seen.data or ""
        return int(typed) if typed.isdecimal() and len(typed) < LONGEST_NUMBER else -1


class VersionForm(FlaskForm):
    """One button beside a version."""
