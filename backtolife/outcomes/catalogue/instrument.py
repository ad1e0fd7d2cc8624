"""What a questionnaire is, as data: its items, its rules for scoring, and what may be said about a change in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["whole", "number", "choice"]
Method = Literal["sum", "mean", "percent_of_maximum", "ratio", "either", "table_of_sum", "table_of_answers", "weights"]
Policy = Literal["required", "prorate", "reduce", "tick", "not_applicable"]
Readiness = Literal["shipped", "needs_form", "needs_table", "recorded"]
Certainty = Literal["V", "K", "U", "convention"]


@dataclass(frozen=True, slots=True)
class Item:
    """One question of an instrument, without its wording.

    `points` maps each allowed answer of a whole-number item to what it counts for, after reversing and option scores.
    A "number" item takes any number from `minimum` (up to `maximum` if there is one) and counts as it is.
    """

    id: str
    topic: str
    kind: Kind
    minimum: int | None
    maximum: int | None
    choices: tuple[str, ...]
    points: Mapping[Any, int]
    loinc: str | None


@dataclass(frozen=True, slots=True)
class Band:
    """A named stretch of a score, both ends included; looked up after rounding half up to a whole number."""

    id: str
    label: str
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Missing:
    """What to do about unanswered items.

    required: any gap means no score. prorate and reduce: up to `allowed` gaps. tick: on a submitted tick-list a blank
    is 0, if something was ticked or "none of these" confirmed. not_applicable: `items` may be blank when `flag` is set.
    """

    policy: Policy
    allowed: int = 0
    flag: str | None = None
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """How one figure is computed. Items are positions in the instrument (0 is the first).

    `over` is the denominator of a ratio; `of` names the two scales that "either" joins (a + (1 - a) * b, in per cent);
    `only_if` is (item position, answer): any other answer means the figure does not apply. The last three methods look
    up the sum, the row of answers, or what each answer weighs, in a table that comes with the official form.
    """

    id: str
    label: str
    method: Method
    items: tuple[int, ...]
    over: tuple[int, ...]
    of: tuple[str, ...]
    multiply: int
    places: int
    lowest: int
    highest: int
    missing: Missing
    only_if: tuple[int, str] | None
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison with a scale's value, or (scale None) with any single answer."""

    scale: str | None
    relation: Literal["at_least", "at_most", "below"]
    limit: float


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A named yes or no about a score: true when any of the tests holds."""

    id: str
    any_of: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class ClassRule:
    """A class such as "high risk": all tests hold."""

    id: str
    all_of: tuple[Comparison, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """Classes in order of precedence. With gaps a class is given only if every completion of them gives that class."""

    id: str
    rules: tuple[ClassRule, ...]


@dataclass(frozen=True, slots=True)
class Alert:
    """An item whose answer a clinician must see: the lowest answer for each level, and a total that makes it urgent."""

    id: str
    item: int
    same_day_from: int
    urgent_from: int
    urgent_with_total: int | None


@dataclass(frozen=True, slots=True)
class ChangeLimit:
    """A published size of change: `value` in `unit`, where it comes from, and how sure that is. None: words only."""

    value: float | None
    unit: Literal["points", "percent"]
    note: str | None
    source: str | None
    certainty: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How answers of many people to one choice item are counted: groups of choices, and the n below which to hide."""

    item: int
    groups: Mapping[str, tuple[str, ...]]
    suppress_below: int


@dataclass(frozen=True, slots=True)
class Licence:
    """Whether the official wording may be shipped, on what terms, and whom to ask."""

    ship: bool
    status: str | None
    permission_from: str | None
    conditions: str | None
    source: str | None
    certainty: str | None


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of one questionnaire. It never changes: a change is a new version with a new hash.

    `readiness` says whether the scoring is whole here ("shipped"), waits for the official form's option scores
    ("needs_form") or a published table ("needs_table"), or there is nothing to score ("recorded").
    `wording` is "in_house" where this product has its own plain words, or "import": not to be sent until imported.
    `primary` names the scale that is the score; None where there are several and no total.
    `turned_on_form` is how many items the official form counts the other way round, where only the form says which.
    """

    id: str
    version: str
    hash: str
    name: str
    domain: str
    measures: str
    recall: str | None
    higher_is_better: bool | None
    readiness: Readiness
    needs: str | None
    wording: Literal["in_house", "import"]
    item_count: int
    turned_on_form: int
    items: tuple[Item, ...]
    positions: Mapping[str, int]
    primary: str | None
    scales: tuple[Scale, ...]
    cutoffs: tuple[Cutoff, ...]
    groupings: tuple[Grouping, ...]
    alerts: tuple[Alert, ...]
    tally: Tally | None
    minimal_change: tuple[ChangeLimit, ...]
    reliable_change: tuple[ChangeLimit, ...]
    notes: tuple[str, ...]
    codes: Mapping[str, Any]
    licence: Licence
    citation: str

    @property
    def tick_list(self) -> bool:
        """Whether a blank counts as 0 once the form is submitted."""
        return any(scale.missing.policy == "tick" for scale in self.scales)

    def scale(self, name: str) -> Scale:
        """The scale called `name`; KeyError when there is none, which the loader has ruled out for its own names."""
        for scale in self.scales:
            if scale.id == name:
                return scale
        raise KeyError(name)
