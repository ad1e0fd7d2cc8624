"""The form of the planner: what if."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms.validators import InputRequired, NumberRange

from backtolife.pathway.planning.own_figures import OwnFigures
from backtolife.pathway.planning.rules import (
    MOST_ARRIVALS,
    MOST_GIVES_UP,
    MOST_GROUPS,
    MOST_PLACES,
    MOST_WAITING,
    Assumed,
)
from backtolife.people.typed_fields import WholeNumber
from backtolife.reporting.face_to_face.forms import PlainNumber

WHOLE = {"inputmode": "numeric", "autocomplete": "off", "width": "5"}
READS = {"csrf": False}
"""Of a form that changes nothing."""
PART = {"inputmode": "decimal", "autocomplete": "off", "width": "5"}


def between(low: int, high: int) -> list[Any]:
    words = f"Enter {low} to {high}"
    return [InputRequired(words), NumberRange(low, high, words)]


class PlanForm(FlaskForm):
    """It changes nothing, so that its numbers stand in the address: a plan can be sent to a colleague."""

    groups = PlainNumber(
        "Groups that begin in a month",
        between(0, MOST_GROUPS),
        description="0.5 is one group every two months.",
        render_kw=PART,
    )
    places = WholeNumber("Places in each group", between(1, MOST_PLACES), render_kw=WHOLE)
    waiting = WholeNumber("People on the list today", between(0, MOST_WAITING), render_kw=WHOLE)
    arrivals = PlainNumber("People who join the list in a month", between(0, MOST_ARRIVALS), render_kw=PART)
    says_yes = WholeNumber("Of 100 people offered a place, how many say yes", between(0, 100), render_kw=WHOLE)
    drops_out = WholeNumber("Of 100 people who said yes, how many do not complete", between(0, 100), render_kw=WHOLE)
    gives_up = WholeNumber(
        "Of 100 people on the list, how many leave it in a month without a place",
        between(0, MOST_GIVES_UP),
        render_kw=WHOLE,
    )

    @property
    def assumed(self) -> Assumed:
        """What was typed, once it is checked."""
        return Assumed(
            waiting=self.waiting.data,
            arrivals=self.arrivals.data,
            gives_up=self.gives_up.data / 100,
            says_yes=self.says_yes.data / 100,
            drops_out=self.drops_out.data / 100,
            groups=self.groups.data,
            places=self.places.data,
        )


def begun_with(own: OwnFigures) -> PlanForm:
    """The form as the service's own figures fill it. What is not known is empty, and has to be typed."""
    return PlanForm(formdata=None, meta=READS, data={name: getattr(own, name) for name in FIELDS})


def typed(args: Mapping[str, str]) -> PlanForm | None:
    """The form as somebody sent it; None where they have only opened the page."""
    return PlanForm(formdata=args, meta=READS) if any(name in args for name in FIELDS) else None


FIELDS = ("groups", "places", "waiting", "arrivals", "says_yes", "drops_out", "gives_up")
