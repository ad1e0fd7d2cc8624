"""One field of the page on which words are typed, as the NHS.UK macros take it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backtolife.outcomes.typed.fields import FALLING, Asked


@dataclass(frozen=True)
class Boxes:
    """The fields with their words, what is wrong with some, and what somebody else saved in others meanwhile."""

    words: Mapping[str, str]
    errors: Mapping[str, str]
    theirs: Mapping[str, str]

    def wrong(self, name: str) -> str:
        """What stands above the field; empty where nothing is wrong."""
        if name in self.theirs:
            other = self.theirs[name]
            what = f"Somebody else saved this here: “{other}”." if other else "Somebody else emptied this field."
            return f"{what} Save again to keep yours."
        return self.errors.get(name, "")

    def params(self, name: str, label: str, hint: str = "", **more: Any) -> dict[str, Any]:
        """The parameters of an NHS.UK input, textarea or select."""
        wrong = self.wrong(name)
        return {
            "id": name,
            "name": name,
            "label": {"text": label},
            "value": self.words.get(name, ""),
            "hint": {"text": hint} if hint else None,
            "errorMessage": {"text": wrong} if wrong else None,
            "autocomplete": "off",
            **more,
        }

    def own_answers(self, asked: Asked) -> bool:
        """Whether a question has answers of its own, or something is wrong with them."""
        names = [asked.order, *(asked.answer(place) for place, _ in enumerate(asked.answers))]
        return any(self.words.get(name) or self.wrong(name) for name in names)

    def order(self, asked: Asked) -> dict[str, Any]:
        """How a question's answers count, as a select."""
        low, high = asked.answers[0], asked.answers[-1]
        ways = (("", f"From {low} to {high}: the last answer counts most"), (FALLING, "The first answer counts most"))
        now = self.words.get(asked.order, "")
        items = [{"value": value, "text": text, "selected": value == now} for value, text in ways]
        return self.params(asked.order, f"Question {asked.number}, how its answers count", items=items)
