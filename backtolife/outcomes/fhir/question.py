"""One question of a FHIR file, with everything that is said about how it is asked."""

from __future__ import annotations

from dataclasses import dataclass

from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.fhir.answer_options import Offered, ValueSets, options_of
from backtolife.outcomes.fhir.faults import Faults
from backtolife.outcomes.fhir.left_out import formulas_of, oddities
from backtolife.outcomes.fhir.plain_text import (
    HIDDEN,
    LEAST,
    MOST,
    control_of,
    extensions,
    flag,
    limit,
    plain,
    plain_at,
)

CHOICES = {"choice": "choice", "coding": "choice", "open-choice": "open-choice"}
WRITTEN = ("string", "text")
ASKS = ("boolean", "choice", "open-choice", "integer", "decimal", *WRITTEN)


@dataclass(frozen=True, slots=True)
class Found:
    """One question of the file. `low` and `high` are the words at the ends of a scale.

    `lead_in` stands before it (the words of its group), `hint` below it. `silent` says that nobody is asked it, because
    it is computed, read-only or hidden; `conditional` and `repeats` that it is asked only after some answers, or takes
    several. `oddities` are things said about it that are known to nobody here.
    """

    node: JsonNode
    link_id: str
    codes: frozenset[str]
    text: str
    type: str
    options: tuple[Offered, ...]
    minimum: int | None
    maximum: int | None
    low: str = ""
    high: str = ""
    lead_in: str = ""
    hint: str = ""
    longest: int | None = None
    silent: str = ""
    conditional: bool = False
    repeats: bool = False
    oddities: tuple[str, ...] = ()

    @property
    def named(self) -> str:
        """The question as a person knows it again."""
        return f"“{self.text or self.link_id}” ({self.link_id})"

    @property
    def askable(self) -> bool:
        """Whether a page here could ask it."""
        return not self.silent and self.type in ASKS


def read_question(node: JsonNode, kind: str, lead_in: str, sets: ValueSets, faults: Faults) -> Found:
    """The question here; each thing that cannot be read is noted in `faults` and left empty."""
    words = faults.read(lambda: plain(node.at("text")), "")
    mark = faults.read(lambda: plain_at(node, "prefix"), "")
    low, high, hint = faults.read(lambda: displays(node), ("", "", ""))
    longest = faults.read(lambda: node.maybe("maxLength"), None)
    return Found(
        node=node,
        link_id=faults.read(lambda: plain(node.at("linkId")), ""),
        codes=faults.read(lambda: codes_of(node), frozenset()),
        text=f"{mark} {words}".strip(),
        type=CHOICES.get(kind, kind),
        options=faults.read(lambda: options_of(node, sets), ()),
        minimum=faults.read(lambda: limit(node, LEAST), None),
        maximum=faults.read(lambda: limit(node, MOST), None),
        low=low,
        high=high,
        lead_in=lead_in,
        hint=hint,
        longest=faults.read(longest.whole, None) if longest is not None else None,
        silent=faults.read(lambda: silence(node), ""),
        conditional=node.maybe("enableWhen") is not None or has(node, "enableWhenExpression"),
        repeats=faults.read(lambda: flag(node, "repeats"), False),
        oddities=tuple(oddities(node)),
    )


def codes_of(node: JsonNode) -> frozenset[str]:
    return frozenset(str(each.object().get("code", "")) for each in node.list_at("code"))


def has(node: JsonNode, name: str) -> bool:
    return any(str(each.get("url", "")).endswith(name) for each in extensions(node))


def silence(node: JsonNode) -> str:
    """Why nobody is asked this: "computed", "read-only" or "hidden"; empty where somebody is."""
    if any(each.get("url") == HIDDEN and each.get("valueBoolean") is True for each in extensions(node)):
        return "hidden"
    if formulas_of(node):
        return "computed"
    return "read-only" if flag(node, "readOnly") else ""


def displays(node: JsonNode) -> tuple[str, str, str]:
    """The words at the lower and the upper end of a scale, and all others below the question as its help."""
    ends, rest = {"lower": "", "upper": ""}, []
    for item in node.list_at("item"):
        if item.object().get("type") == "display":
            words, end = plain(item.at("text")), control_of(item)
            if end in ends:
                ends[end] = words
            else:
                rest.append(words)
    return ends["lower"], ends["upper"], " ".join(rest)
