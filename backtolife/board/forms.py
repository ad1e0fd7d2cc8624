"""The forms of the board."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from backtolife.board.services import LONGEST
from backtolife.database.session import new_id
from backtolife.people.typed_fields import NoLonger


class PostForm(FlaskForm):
    """One message to the group."""

    key = HiddenField(default=new_id)
    text = TextAreaField(
        "Write to your group",
        [InputRequired("Write something first"), NoLonger(LONGEST)],
        description="Everyone in your group and your team can read it, with your name.",
    )


class ReasonForm(FlaskForm):
    """Why a message is hidden or reported; a report may come without."""

    reason = StringField("Why?", [Optional(), NoLonger(300)])
