"""The fields in which an instrument's official words are typed, what is still empty, and the FHIR form they make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.instrument import Instrument, Item
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.fhir.mapping import SCALE_FROM
from backtolife.outcomes.fhir.writing import Resource, label, template
from backtolife.outcomes.forms.import_preview import ADDRESS, Head

HEAD = ("title", "version", "url", "copyright")
LICENCE = ("licence_holder", "licence_reference", "licence_expires_on")
AROUND = ("intro", "lead_in")
FALLING = "falling"
"""The first answer on paper counts most, as the order of a question."""
Words = Mapping[str, str]


@dataclass(frozen=True)
class Asked:
    """One question on the page: where its words go, and its answers in the order of the paper."""

    number: int
    topic: str
    answers: tuple[str, ...]
    """The number or code that each answer is kept as. Empty where no words are needed."""
    ends: bool
    """Whether only the two ends of a long scale have words."""
    middle_free: bool
    """Whether the answers between the two ends may be bare numbers."""
    turnable: bool

    @property
    def text(self) -> str:
        return f"q-{self.number}"

    @property
    def order(self) -> str:
        return f"order-{self.number}"

    def answer(self, place: int) -> str:
        return f"a-{self.number}-{place}"


def questions(instrument: Instrument) -> list[Asked]:
    """Every question of the instrument, numbered from 1. Raises Invalid where its items are not in this product."""
    made = template(instrument)["item"]
    return [asked(n, item, node) for n, (item, node) in enumerate(zip(instrument.items, made, strict=True), start=1)]


def asked(number: int, item: Item, node: Resource) -> Asked:
    codes = tuple(option["valueCoding"]["code"] for option in node.get("answerOption", ()))
    whole = item.kind == "whole"
    ends = node["type"] == "integer"
    free = whole and len(codes) >= SCALE_FROM
    return Asked(number, item.topic, codes, ends, free, turnable=whole and len(codes) > 1)


def same_answers(asked_for: list[Asked]) -> tuple[str, ...]:
    """The answers that all questions share, so that they are typed once; empty where they differ, or there is one."""
    kinds = {each.answers for each in asked_for}
    return kinds.pop() if len(kinds) == 1 and len(asked_for) > 1 else ()


def field_names(instrument: Instrument) -> list[str]:
    """Every field of the instrument's page, in its order."""
    found = questions(instrument)
    names = [*HEAD, *LICENCE, *AROUND, *(f"all-{n}" for n, _ in enumerate(same_answers(found)))]
    for each in found:
        names += [each.text, *(each.answer(n) for n, _ in enumerate(each.answers))]
        names += [f"low-{each.number}", f"high-{each.number}"] if each.ends else []
        names += [each.order] if each.turnable else []
    return names


def typed(instrument: Instrument, sent: Words) -> dict[str, str]:
    """What was typed into the page's fields, on one line each; an empty field and an unknown one are left out."""
    found = {name: " ".join(sent.get(name, "").split()) for name in field_names(instrument)}
    return {name: words for name, words in found.items() if words}


def labels(each: Asked, words: Words) -> list[str]:
    """The words of a question's answers in the order of the paper: its own, else those that all share."""
    own = [words.get(each.answer(n), "") or words.get(f"all-{n}", "") for n, _ in enumerate(each.answers)]
    if each.middle_free and not any(own[1:-1]):
        own[1:-1] = in_order(each, words)[1:-1]
    return own


def in_order(each: Asked, words: Words) -> list[str]:
    """What each answer counts as, in the order of the paper."""
    return list(reversed(each.answers)) if words.get(each.order) == FALLING else list(each.answers)


def empty_ones(instrument: Instrument, words: Words) -> dict[str, str]:
    """What has to be typed before anybody can be asked: the field's name and what to do, in the page's order."""
    wanted = {
        "title": "Type the name of the questionnaire",
        "version": "Type the version of these words, such as 1.0",
        "url": "Type where the words come from",
        "copyright": "Type the copyright line that the owner asks for",
    }
    for each in questions(instrument):
        wanted[each.text] = f"Question {each.number}: type its words"
        for place, (code, said) in enumerate(zip(in_order(each, words), labels(each, words), strict=True)):
            if not said:
                wanted[each.answer(place)] = f"Question {each.number}: type the answer that counts as {code}"
        ends = (f"low-{each.number}", f"high-{each.number}")
        if each.ends and any(words.get(name) for name in ends):
            wanted |= dict.fromkeys(ends, f"Question {each.number}: type the words at both ends, or at none")
    return {name: said for name, said in wanted.items() if not words.get(name)}


def resource(instrument: Instrument, words: Words) -> JsonNode:
    """The FHIR Questionnaire that these words make: our empty form with each text filled in."""
    made = template(instrument)
    made |= {name: words.get(name, "") for name in HEAD}
    if not ADDRESS.fullmatch(made["url"]):
        made["url"] = ""  # `head` brings it to the check that says what an address is
    items = [filled(node, each, words) for node, each in zip(made["item"], questions(instrument), strict=True)]
    items = [{"linkId": "questions", "type": "group", "text": words.get("lead_in", ""), "item": items}]
    if intro := words.get("intro"):
        items = [{"linkId": "intro", "type": "display", "text": intro}, *items]
    del made["description"]
    return JsonNode("The page", "", made | {"item": items})


def head(words: Words) -> Head:
    """What the page says of the form itself."""
    return Head(*(words.get(name, "") for name in ("url", "version", "copyright")))


def filled(node: Resource, each: Asked, words: Words) -> Resource:
    made: dict[str, Any] = node | {"text": words.get(each.text, "")}
    if each.answers:
        options = node["answerOption"]
        if words.get(each.order) == FALLING:
            options = list(reversed(options))
        made["answerOption"] = [
            {"valueCoding": option["valueCoding"] | {"display": said}}
            for option, said in zip(options, labels(each, words), strict=True)
        ]
    if each.ends:
        ends = (("lower", words.get(f"low-{each.number}", "")), ("upper", words.get(f"high-{each.number}", "")))
        made["item"] = [label(f"{node['linkId']}-{end}", end, said) for end, said in ends if said]
    return made


def expires(words: Words) -> date | None:
    """The last day of the licence. Raises Invalid for a day that does not exist."""
    last = words.get("licence_expires_on", "")
    try:
        return date.fromisoformat(last) if last else None
    except ValueError:
        raise Invalid("Enter the last day of the licence as a date.", "licence_expires_on") from None


def in_page_words(message: str) -> str:
    """What a check of a FHIR file says, with the number of the question in place of its spot in the file."""
    spot = re.match(r"The page: item\[\d+\]\.item\[(\d+)\][^:]*: (.*)", message, re.DOTALL)
    if spot:
        return f"Question {int(spot[1]) + 1}: {spot[2]}"
    return message.removeprefix("The page: ")
