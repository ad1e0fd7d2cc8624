"""A column of a file, with what its codebook says of it."""

from dataclasses import dataclass
from typing import Literal

Holds = Literal["text", "whole", "number", "time", "flag"]
TEXT, WHOLE, NUMBER, TIME, FLAG = "text", "whole number", "number", "time in UTC", "yes or no"
TICKED, NOT_TICKED = "1 ticked, 0 not ticked; empty where the list was not sent", "Not ticked"
HOLDS: dict[str, Holds] = {TEXT: "text", WHOLE: "whole", NUMBER: "number", TIME: "time", FLAG: "flag"}


@dataclass(frozen=True)
class Column:
    """`meaning` is for a person, `allowed` lists values with their labels, `item` is the question it comes from.

    `labels` gives the same labels to programs; `lowest` and `highest` bound a number. `milestone` is empty for what
    belongs to the person and not to one of their forms.
    """

    name: str
    meaning: str
    kind: str
    allowed: str = ""
    instrument: str = ""
    instrument_version: str = ""
    wording: str = ""
    item: str = ""
    milestone: str = ""
    labels: tuple[tuple[int | str, str], ...] = ()
    lowest: int | None = None
    highest: int | None = None

    @property
    def holds(self) -> Holds:
        """What a program finds in it. A kind that says more than its type, such as `TICKED`, is a whole number."""
        return HOLDS.get(self.kind, "whole")


def column_name(*parts: str) -> str:
    """A name that every program takes: small letters, digits and underscores."""
    return "_".join("".join(sign if sign.isalnum() else "_" for sign in part.lower()) for part in parts)
