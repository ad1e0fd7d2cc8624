"""What a plan may be. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from backtolife.errors import Invalid

LONGEST, LONGEST_DETAIL = 300, 100
SURE_ENOUGH = 7
"""Who is less sure than this is asked for a smaller step."""


class Went(StrEnum):
    """How a plan went."""

    DONE = "done"
    PARTLY = "partly"
    NOT = "not"


WENT = {Went.DONE: "Done", Went.PARTLY: "Partly", Went.NOT: "Not this time"}
"""In words."""


@dataclass(frozen=True)
class Wording:
    """A plan as somebody says it. `sure` is from 0 to 10."""

    what: str
    how_much: str = ""
    when: str = ""
    sure: int | None = None

    @property
    def said(self) -> str:
        """The plan in one line, without the number."""
        return ", ".join(filter(None, (self.what, self.how_much, self.when)))


def kept(plan: Wording) -> Wording:
    """The plan as it is kept. Raises Invalid for no words, too many, or a number that cannot be."""
    what, how_much, when = (" ".join(each.split()) for each in (plan.what, plan.how_much, plan.when))
    if not what:
        raise Invalid("Write what they plan to do", "what")
    for field, words, most in (
        ("what", what, LONGEST),
        ("how_much", how_much, LONGEST_DETAIL),
        ("when", when, LONGEST_DETAIL),
    ):
        if len(words) > most:
            raise Invalid(f"Use at most {most} characters", field)
    if plan.sure is not None and not 0 <= plan.sure <= 10:
        raise Invalid("Write a number from 0 to 10", "sure")
    return Wording(what, how_much, when, plan.sure)
