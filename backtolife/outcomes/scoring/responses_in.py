"""Taking in the answers to one form, and refusing what the instrument does not allow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.instrument import Instrument, Item

Answer = int | float | str | None


class InvalidAnswer(Invalid):
    """An answer the instrument does not allow. `code` is one word for a program, such as `out_of_range`."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(message, field)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers in the order of the items; None is unanswered.

    `flags` holds what was said beside them: none_apply_confirmed, or that an item does not apply.
    """

    values: Sequence[Answer]
    submitted: bool
    ticked: bool
    flags: frozenset[str]

    @property
    def unanswered(self) -> int:
        """How many items have no answer."""
        return self.values.count(None)


def read_answers(instrument: Instrument, responses: Mapping[str, Any]) -> Answers:
    """The answers in `responses`, checked.

    Answers come as `items` (a list in order), `answers` (item id to answer, absent means unanswered) or, for an
    instrument of one item, `value`. Beside them may stand `submitted` (default true), on a tick-list `mode` ("tick"
    or "yes_no") and `none_apply_confirmed`, and the instrument's own does-not-apply flags. Raises InvalidAnswer.
    """
    if not instrument.items:
        raise InvalidAnswer(
            "not_answerable", f"{instrument.name} cannot be answered here yet: it needs {_needs(instrument)}."
        )
    values = _values(instrument, responses)
    for item, value in zip(instrument.items, values, strict=True):
        if value is not None and not (type(value) is int and value in item.points):
            check_value(item, value)
    if len(responses) == 1:
        return Answers(values, True, instrument.tick_list, frozenset())
    return _beside(instrument, responses, values)


def check_value(item: Item, value: object) -> Answer:
    """The answer itself when `item` allows it. Raises InvalidAnswer with code wrong_type or out_of_range."""
    if value is None:
        return None
    if item.kind == "choice":
        if not isinstance(value, str):
            raise InvalidAnswer("wrong_type", f"Question {item.id} needs one of: {', '.join(item.choices)}.", item.id)
        if value not in item.choices:
            raise InvalidAnswer("out_of_range", f"Question {item.id} allows only: {', '.join(item.choices)}.", item.id)
        return value
    if type(value) is int or (item.kind == "number" and isinstance(value, float) and math.isfinite(value)):
        number: int | float = value
        low, high = item.minimum, item.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            raise InvalidAnswer("out_of_range", f"Question {item.id} {_allowed(item)}, not {number}.", item.id)
        return number
    raise InvalidAnswer("wrong_type", f"Question {item.id} {_allowed(item)}, and nothing else.", item.id)


def _allowed(item: Item) -> str:
    what = "a whole number" if item.kind == "whole" else "a number"
    if item.maximum is None:
        return f"needs {what} of {item.minimum} or more"
    return f"needs {what} from {item.minimum} to {item.maximum}"


def _values(instrument: Instrument, responses: Mapping[str, Any]) -> Sequence[Answer]:
    given = [name for name in ("items", "answers", "value") if name in responses]
    if len(given) != 1:
        raise InvalidAnswer("no_answers", "Give the answers once: as “items”, “answers” or “value”.")
    found = responses[given[0]]
    if given[0] == "value":
        found = [found]
    elif given[0] == "answers":
        found = _in_order(instrument, found)
    if not isinstance(found, list | tuple):
        raise InvalidAnswer("wrong_type", "“items” must be a list with one answer for each question.")
    if len(found) != len(instrument.items):
        wanted = len(instrument.items)
        raise InvalidAnswer("wrong_count", f"{instrument.name} has {wanted} questions, but {len(found)} answers came.")
    return found


def _in_order(instrument: Instrument, answers: object) -> list[Answer]:
    if not isinstance(answers, Mapping):
        raise InvalidAnswer("wrong_type", "“answers” must give an answer for each question's id.")
    for name in answers:
        if name not in instrument.positions:
            raise InvalidAnswer("unknown_item", f"{instrument.name} has no question “{name}”.", str(name))
    return [answers.get(item.id) for item in instrument.items]


def _beside(instrument: Instrument, responses: Mapping[str, Any], values: Sequence[Answer]) -> Answers:
    tick_list = instrument.tick_list
    waivers = {scale.missing.flag: scale.missing.items for scale in instrument.scales if scale.missing.flag}
    allowed = {"items", "answers", "value", "submitted", *waivers}
    if tick_list:
        allowed |= {"mode", "none_apply_confirmed"}
    for name in responses:
        if name not in allowed:
            raise InvalidAnswer("unknown_key", f"{instrument.name} does not use “{name}”.", name)
    flags = frozenset(name for name in (*waivers, "none_apply_confirmed") if _flag(responses, name, False))
    mode = responses.get("mode", "tick")
    if mode not in ("tick", "yes_no"):
        raise InvalidAnswer("out_of_range", "“mode” must be “tick” or “yes_no”.", "mode")
    if "none_apply_confirmed" in flags and any(values):
        raise InvalidAnswer(
            "contradiction", "“None of these” was chosen together with some of them. Choose one or the other."
        )
    for name, items in waivers.items():
        if name in flags and any(values[index] is not None for index in items):
            raise InvalidAnswer(
                "contradiction", f"An answer was given although “{name}” says the question does not apply."
            )
    return Answers(values, _flag(responses, "submitted", True), tick_list and mode == "tick", flags)


def _flag(responses: Mapping[str, Any], name: str, default: bool) -> bool:
    value = responses.get(name, default)
    if not isinstance(value, bool):
        raise InvalidAnswer("wrong_type", f"“{name}” must be true or false.", name)
    return value


def _needs(instrument: Instrument) -> str:
    return instrument.needs or "its official form"
