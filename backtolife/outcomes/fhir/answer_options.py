"""The answers that a FHIR question offers: R4 answerOption, STU3 option, R5 coding, or a ValueSet inside the file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.fhir.plain_text import ORDINAL, PREFIX, WEIGHT, extensions, plain, whole

MOST_ANSWERS = 200
"""Of one question: nobody chooses from a longer list in a questionnaire."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One answer of a choice: its words, its ordinalValue where it has one, and its code.

    `printed` is the number that stands before it on paper, where that is no more than its ordinalValue.
    """

    label: str
    ordinal: int | None
    code: str
    system: str = ""
    printed: str = ""


class ValueSets:
    """The ValueSets that come with a file: contained in the questionnaire, or standing beside it in a bundle.

    Each is read once, however many questions take their answers from it.
    """

    def __init__(self, whole_file: JsonNode, beside: list[JsonNode]) -> None:
        self._nodes: dict[str, JsonNode] = {}
        self._read: dict[str, tuple[Offered, ...]] = {}
        for node in (*whole_file.list_at("contained"), *beside):
            if node.object().get("resourceType") == "ValueSet":
                names = (f"#{node.object().get('id')}", node.object().get("url"))
                self._nodes.update({str(name): node for name in names if name})

    def answers(self, named: JsonNode) -> tuple[Offered, ...]:
        """The answers of the ValueSet that is named here. Raises Invalid for one that is not in the file."""
        known = [name for name in (named.text(), named.text().partition("|")[0]) if name in self._nodes]
        if not known:
            raise named.refuse(
                f"takes its answers from {named.text()}, which is not in this file. Put the ValueSet under “contained”"
            )
        if known[0] not in self._read:
            self._read[known[0]] = concepts(self._nodes[known[0]])
        return self._read[known[0]]


def options_of(node: JsonNode, sets: ValueSets) -> tuple[Offered, ...]:
    """What a question offers, in the file's order; nothing for a question that is no choice."""
    given = node.list_at("answerOption") or node.list_at("option")
    if given:
        return tuple(read_option(option) for option in few_enough(given, node))
    named = named_set(node)
    return () if named is None else sets.answers(named)


def few_enough(given: list[JsonNode], node: JsonNode) -> list[JsonNode]:
    if len(given) > MOST_ANSWERS:
        raise node.refuse(f"must not offer more than {MOST_ANSWERS} answers")
    return given


def named_set(node: JsonNode) -> JsonNode | None:
    """Where a question names a ValueSet: answerValueSet in R4 and R5, options.reference in STU3."""
    older = node.maybe("options")
    return node.maybe("answerValueSet") or (older.at("reference") if older is not None else None)


def concepts(found: JsonNode) -> tuple[Offered, ...]:
    """The answers that a ValueSet lists. Raises Invalid for one that lists none, or leaves some out by a rule."""
    expansion, compose = found.maybe("expansion"), found.maybe("compose")
    if expansion is not None and expansion.list_at("contains"):
        return tuple(read_coding(each, each) for each in few_enough(expansion.list_at("contains"), found))
    answers: list[Offered] = []
    for part in compose.list_at("include") if compose is not None else []:
        if not part.list_at("concept"):
            raise part.refuse("must list its answers as concepts")
        system = str(part.object().get("system", ""))
        answers += [read_coding(each, each, system) for each in few_enough(part.list_at("concept"), found)]
    if not answers or (compose is not None and compose.maybe("exclude") is not None):
        raise found.refuse("must list its answers, each by its words, and leave none out")
    return tuple(answers)


def read_option(node: JsonNode) -> Offered:
    """An answer as a coding with its ordinalValue, or as a whole number that is its own."""
    number = node.maybe("valueInteger")
    if number is not None:
        own = ordinal(node)
        return Offered(str(number.whole()), number.whole() if own is None else own, "")
    words = node.maybe("valueString")
    if words is not None:
        return dressed(Offered(plain(words), ordinal(node), plain(words)), prefix(node))
    if node.maybe("valueCoding") is None:
        raise node.refuse("must be words, a whole number or a coding")
    return read_coding(node.at("valueCoding"), node)


def read_coding(coding: JsonNode, outer: JsonNode, system: str = "") -> Offered:
    code = coding.maybe("code")
    inner, around = ordinal(coding), ordinal(outer)
    if inner is not None and around is not None and inner != around:
        raise outer.refuse(f"has two ordinalValues, {inner} and {around}")
    found = around if inner is None else inner
    own = str(coding.object().get("system", "") or system)
    answer = Offered(plain(coding.at("display")), found, "" if code is None else plain(code), own)
    return dressed(answer, prefix(coding) or prefix(outer))


def dressed(answer: Offered, mark: str) -> Offered:
    """The answer with what is printed before it, unless that is only the number it counts as."""
    if mark and mark.strip("().: ") == str(answer.ordinal):
        return replace(answer, printed=mark)
    return replace(answer, label=f"{mark} {answer.label}") if mark else answer


def prefix(node: JsonNode) -> str:
    for extension in extensions(node):
        if extension.get("url") == PREFIX:
            return plain(JsonNode(node.file, f"{node.path}.extension", extension.get("valueString")))
    return ""


def ordinal(node: JsonNode) -> int | None:
    """What an answer counts as: ordinalValue, or itemWeight as FHIR has it now. Raises Invalid where they differ."""
    found: set[int] = set()
    for extension in extensions(node):
        if extension.get("url") in (ORDINAL, WEIGHT):
            value: Any = extension.get("valueDecimal", extension.get("valueInteger"))
            found.add(whole(node, value, "ordinalValue"))
    if len(found) > 1:
        raise node.refuse("has two ordinalValues that differ")
    return next(iter(found), None)
