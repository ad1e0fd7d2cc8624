"""What is asked to change a group's dates."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from backtolife.people.typed_fields import Clock, Day, WholeNumber
from backtolife.programme.changes.models import ChangeKind

SHORT = {"width": "10"}
KINDS = (
    (ChangeKind.MOVED, "Move this session only"),
    (ChangeKind.MOVED_ALL, "Move this session and all that follow, by as many days"),
    (
        ChangeKind.PUT_OFF,
        "Do not meet on this date: it and all that follow move to the next date, and a date is added at the end",
    ),
    (ChangeKind.BREAK, "Add a break before it: this session and all that follow are some weeks later"),
    (
        ChangeKind.LEFT_OUT,
        "Leave this session out: the group has one session less, and people watch its video by themselves",
    ),
)
BACK = (ChangeKind.BROUGHT_BACK, "Let this session take place after all, on the date it has")
DATED = (ChangeKind.MOVED, ChangeKind.MOVED_ALL)


class ChangeForm(FlaskForm):
    """Somebody changes one session's date, or this and what follows."""

    kind = RadioField(
        "What should happen?",
        [InputRequired("Choose what should happen")],
        choices=[SelectChoice(*each) for each in KINDS],
    )
    day = Day("New date", [Optional()], description="Only to move.", render_kw={"type": "date", **SHORT})
    at = Clock("New time", [Optional()], description="Only to move.", render_kw={"type": "time", **SHORT})
    weeks = WholeNumber(
        "How many weeks?",
        [Optional()],
        description="Only for a break.",
        render_kw={"inputmode": "numeric", "width": "3"},
    )
    version = HiddenField()
