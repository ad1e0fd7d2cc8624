"""Counting the answers of many people to one question, such as the Friends and Family Test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.rounding import half_up
from backtolife.outcomes.scoring.responses_in import InvalidAnswer


def tally(instrument: Instrument, counts: Mapping[str, Any]) -> dict[str, int | float | bool | None]:
    """How many answered (`n`) and the per cent in each group, to one decimal, of all answers.

    "Don't know" stays in the denominator; people who did not answer are not in `counts`. With n from 1 up to the
    instrument's limit the percentages are None and `suppressed` is true. Raises InvalidAnswer.
    """
    rule = instrument.tally
    if rule is None:
        raise InvalidAnswer("unknown_key", f"{instrument.name} is not counted over people.", "counts")
    if not isinstance(counts, Mapping):
        raise InvalidAnswer("wrong_type", "“counts” must give a count for each answer.", "counts")
    for name, count in counts.items():
        if name not in instrument.items[rule.item].choices:
            raise InvalidAnswer("unknown_item", f"{instrument.name} has no answer “{name}”.", name)
        if type(count) is not int:
            raise InvalidAnswer("wrong_type", f"The count for “{name}” must be a whole number.", name)
        if count < 0:
            raise InvalidAnswer("out_of_range", f"The count for “{name}” must be 0 or more.", name)
    n = sum(counts.values())
    hidden = 0 < n < rule.suppress_below
    found: dict[str, int | float | bool | None] = {"n": n, "suppressed": hidden}
    for group, choices in rule.groups.items():
        part = sum(counts.get(choice, 0) for choice in choices)
        found[f"pct_{group}"] = None if hidden or n == 0 else half_up(100 * part, n, 1)
    return found
