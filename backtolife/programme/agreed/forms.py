"""The form of a plan until the next session."""

from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from backtolife.people.typed_fields import NoLonger, WholeNumber
from backtolife.programme.agreed.rules import LONGEST, LONGEST_DETAIL, SURE_ENOUGH, WENT


class PlanForm(FlaskForm):
    """Staff write down what somebody means to do until the next session."""

    what = TextAreaField(
        "What do they plan to do?",
        [InputRequired("Write what they plan to do"), NoLonger(LONGEST)],
        description="One or two small things, in their own words. They see it on their home page.",
        render_kw={"rows": 2},
    )
    how_much = StringField(
        "How much or how often?", [Optional(), NoLonger(LONGEST_DETAIL)], description="Such as: 10 minutes, 3 times"
    )
    when = StringField("When?", [Optional(), NoLonger(LONGEST_DETAIL)], description="Such as: after breakfast")
    sure = WholeNumber(
        "How sure are they, from 0 to 10?",
        [Optional(), NumberRange(0, 10, "Write a number from 0 to 10")],
        description=f"Under {SURE_ENOUGH}? Make the step smaller.",
        render_kw={"width": "2", "inputmode": "numeric"},
    )
    seen = WholeNumber("Version", [InputRequired("Open the page again, then write"), NumberRange(0, 100_000)])

    def named(self, place: str) -> "PlanForm":
        """The same form with ids of its own, for a page that has one for each person."""
        for each in (self.what, self.how_much, self.when, self.sure):
            each.id = f"{each.name}-{place}"
            each.label.field_id = each.id
        return self


class WentForm(FlaskForm):
    """Staff write down how a plan went."""

    went = RadioField(
        "How did it go?",
        choices=[SelectChoice(value, label) for value, label in WENT.items()],
        validators=[InputRequired("Choose how it went")],
    )

    def named(self, place: str) -> "WentForm":
        self.went.id = f"went-{place}"
        return self
