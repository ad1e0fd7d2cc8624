"""Somebody who is interpreted for speaks a language of which we know."""

from collections.abc import Collection

from backtolife.errors import Invalid
from backtolife.text.languages import is_other

INTERPRETER = "interpreter"
WHICH = "Choose the language for the interpreter."


def check_interpreting(kinds: Collection[str] | None, spoken: str, *, field: str) -> None:
    """Raises Invalid, naming `field`, for the need of an interpreter without a language other than English.

    Asked wherever either of the two is told, so that an interpreter can always be booked.
    """
    if INTERPRETER in (kinds or ()) and not is_other(spoken):
        raise Invalid(WHICH, field)
