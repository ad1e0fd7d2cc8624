"""The form of a service's own page."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from backtolife.errors import Invalid
from backtolife.people.forms import VISIBLE, as_kept, checked_by, phone_field
from backtolife.people.typed_fields import NoLonger, WholeNumber
from backtolife.programme.own_service.rules import LEAST_YEARS, MOST_YEARS, colour_kept
from backtolife.programme.own_service.services import NEEDED, WORDS, About
from backtolife.programme.own_service.zone_change import FOLLOW, STAY
from backtolife.text.countries import countries

YEARS = f"Records are kept for {LEAST_YEARS} to {MOST_YEARS} years"


class AboutForm(FlaskForm):
    """What a service says of itself."""

    name = StringField(
        WORDS["name"],
        [InputRequired(NEEDED["name"]), VISIBLE, NoLonger(60)],
        description="As people read it in letters.",
    )
    short_name = StringField(
        WORDS["short_name"],
        [InputRequired(NEEDED["short_name"]), VISIBLE, NoLonger(18)],
        description="At the top of each page, in text messages and subjects. It must not name a condition.",
    )
    phone = phone_field(
        WORDS["phone"],
        required="Enter the number on which people reach you",
        description="It stands in every letter, and wherever somebody should call.",
        own=False,
    )
    zone = StringField(
        WORDS["zone"], [InputRequired("Enter a time zone"), NoLonger(64)], description="Such as Europe/London."
    )
    country = SelectField(
        WORDS["country"], choices=[], description="Its bank holidays count for deadlines and for dates of groups."
    )
    colour = StringField(
        WORDS["colour"],
        [Optional(), NoLonger(7), checked_by(colour_kept)],
        filters=[as_kept(colour_kept)],
        description="As # and six signs, such as #0e5f5b. Empty: our green.",
        render_kw={"width": "10", "spellcheck": False},
    )
    keep_years = WholeNumber(
        WORDS["keep_years"],
        [InputRequired(YEARS), NumberRange(LEAST_YEARS, MOST_YEARS, YEARS)],
        description="From the end of their group on. Patients read it on the page about privacy.",
        render_kw={"inputmode": "numeric", "width": "3"},
    )
    course_first = BooleanField(
        "Whoever leads or spots must have signed the facilitator course first",
        description="Not ticked: where facilitators are chosen, we say who has not, and no more.",
    )
    seen = HiddenField()
    groups = RadioField(
        "Groups that meet already",
        [Optional()],
        choices=[
            SelectChoice(STAY, "Nothing moves: they go on by the clock they have"),
            SelectChoice(FOLLOW, "They meet at the same hour by the new clock, and everybody is told"),
        ],
    )

    def offer(self) -> "AboutForm":
        """The countries to choose from."""
        own = SelectChoice("", "The country of the time zone")
        self.country.choices = [own, *(SelectChoice(code, name) for code, name in countries().items())]
        return self

    def about(self, was: About, open_to: frozenset[str]) -> About:
        """What was typed; of what is not open to whoever typed it, what stands. Raises Invalid."""
        typed = {name: self[name].data if name in open_to else getattr(was, name) for name in WORDS}
        if typed["keep_years"] is None:
            raise Invalid(YEARS, "keep_years")
        return About(**typed)
