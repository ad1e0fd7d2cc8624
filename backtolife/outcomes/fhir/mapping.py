"""From the questions of a FHIR file to the items of an instrument: one each, in order, with the same answers."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.instrument import Instrument, Item
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.catalogue.wording import Form, read_form
from backtolife.outcomes.fhir.answer_options import Offered
from backtolife.outcomes.fhir.faults import Faults
from backtolife.outcomes.fhir.matching import ASKED, LEFT_OUT, Match, check_matches, check_says_so, matched
from backtolife.outcomes.fhir.question import ASKS, Found
from backtolife.outcomes.fhir.reading import Questionnaire

SCALE_FROM, FREE_TEXT = 5, 2000
NONE_OF_THESE = "None of these"


@dataclass(frozen=True, slots=True)
class Mapped:
    """The form a file makes, with its JSON text, which is kept and hashed."""

    form: Form
    text: str


def as_form(
    found: Questionnaire,
    instrument: Instrument,
    *,
    not_scored: Collection[str] = (),
    tables: Mapping[str, Mapping[str, str]] | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Mapped:
    """The wording as our own forms have it, in the file's order, with the `tables` it is scored by where it needs any.

    `not_scored` names the linkIds of questions that no score takes, `chosen` what any linkId is (`Match.part`). Raises
    Invalid, saying everything at once, for what the file has wrong, the wrong number of questions, answers out of the
    instrument's range or counted another way, or items unknown here.
    """
    if not instrument.items:
        raise Invalid(f"{instrument.name} cannot be loaded yet: its list of items is not in this product.")
    faults = Faults()
    for fault in found.faults:
        faults.add(fault)
    check_says_so(found, instrument, faults)
    matches = matched(found, instrument, chosen or {}, not_scored)
    ids = check_matches(matches, instrument, faults)
    for each in matches:
        check_asked(each, ids.get(each.found.link_id), faults)
    scored = [each.found for each in matches if each.found.link_id in ids]
    tick_list = instrument.tick_list and all(each.type == "boolean" or len(each.options) == 2 for each in scored)
    questions = asked_questions(matches, ids, tick_list, faults)
    faults.read(lambda: check_turned(questions, instrument), None)
    if len({each["id"] for each in questions}) != len(questions):
        faults.add(Invalid("Two questions of this file have the same linkId."))
    faults.settle()
    stem = shared_lead_in(questions, tick_list)
    return read_mapped(
        json.dumps(
            head_of(found, instrument, tick_list)
            | {"questions": questions}
            | ({"lead_in": stem} if stem else {})
            | ({"tables": tables} if tables else {}),
            ensure_ascii=False,
            sort_keys=True,
        ),
        instrument,
    )


def head_of(found: Questionnaire, instrument: Instrument, tick_list: bool) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "id": f"{instrument.id}-imported",
        "version": found.version,
        "instrument": instrument.id,
        "instrument_version": instrument.version,
        "name": f"{found.title}, version {found.version}",
        "topic": found.title,
        "in_house": False,
        "layout": "tick_list" if tick_list else "one_by_one",
        "intro": found.intro or found.title,
    }
    return whole | {"none_label": NONE_OF_THESE} if tick_list else whole


def asked_questions(
    matches: Sequence[Match], ids: Mapping[str, Item], tick_list: bool, faults: Faults
) -> list[dict[str, Any]]:
    """The questions that are asked, each with the words that stand before and below it."""
    questions = []
    for match in matches:
        each, item = match.found, ids.get(match.found.link_id)
        if match.part == LEFT_OUT or (item is None and match.part != ASKED):
            continue
        made = faults.read(partial(drawn, each, item, tick_list), dict[str, Any]())
        if made:
            dressing = {"lead_in": each.lead_in, "hint": " ".join(filter(None, (each.hint, *unused_ends(each, made))))}
            questions.append(made | {name: words for name, words in dressing.items() if words})
    return questions


def unused_ends(each: Found, made: Mapping[str, Any]) -> list[str]:
    """Words at the ends of a scale that its own labels do not say."""
    said = {made.get("lowest_label"), made.get("highest_label")}
    return [words for words in (each.low, each.high) if words and words not in said]


def drawn(each: Found, item: Item | None, tick_list: bool) -> dict[str, Any]:
    return extra(each) if item is None else question(each, item, tick_list)


def shared_lead_in(questions: list[dict[str, Any]], tick_list: bool) -> str:
    """Words that stand before every question, taken out of each; on a tick-list all others are joined to the text."""
    stems = {str(each.get("lead_in", "")) for each in questions}
    stem = stems.pop() if len(stems) == 1 else ""
    for each in questions if stem else ():
        del each["lead_in"]
    for each in questions if tick_list else ():
        each["text"] = " ".join(filter(None, (each.pop("lead_in", ""), each["text"], each.pop("hint", ""))))
    return stem


def check_asked(match: Match, item: Item | None, faults: Faults) -> None:
    """Note what would change a score, or what no page here can ask."""
    each = match.found
    if item is not None and each.conditional:
        faults.add(each.node.refuse(f"{each.named} is scored, but asked only after some answers (enableWhen)"))
    if item is not None and each.repeats:
        faults.add(each.node.refuse(f"{each.named} is scored, but takes several answers (repeats)"))
    if item is not None and each.silent:
        faults.add(each.node.refuse(f"{each.named} is scored, but nobody is asked it: it is {each.silent}"))
    if (item is not None or match.part == ASKED) and each.type not in ASKS:
        faults.add(each.node.refuse(f"{each.named} wants a {each.type}, which cannot be asked here. Leave it out"))


def read_mapped(text: str, instrument: Instrument) -> Mapped:
    """The form in a stored text. Raises Invalid when it no longer fits the instrument."""
    return Mapped(read_form(JsonNode("the file", "", json.loads(text)), instrument), text)


def question(each: Found, item: Item, tick_list: bool) -> dict[str, Any]:
    base: dict[str, Any] = {"id": item.id, "text": each.text}
    if tick_list:
        check_ticked(each, item)
        return base | {"kind": "tick", "options": [{"value": max(item.points), "label": "Yes"}]}
    if each.type in ("integer", "decimal"):
        return base | number(each, item)
    if each.type == "boolean":
        if set(item.points) != {0, 1}:
            raise each.node.refuse(f"asks yes or no, but its answers run {reach(item)}")
        return base | {"kind": "choice", "options": [{"value": 1, "label": "Yes"}, {"value": 0, "label": "No"}]}
    options = choices(each, item)
    if is_scale(options):
        ends = [end_label(options[0]["label"], each.low), end_label(options[-1]["label"], each.high)]
        scale = {"min": min(item.points), "max": max(item.points), "lowest_label": ends[0], "highest_label": ends[1]}
        return base | {"kind": "scale"} | scale
    return base | {"kind": "choice", "options": options}


def end_label(label: str, beside: str) -> str:
    """The words at an end of a scale: those of its answer, else those that stand beside it, else its number."""
    return label.strip(" 0123456789=:-–.") or beside or label


def is_scale(options: Sequence[dict[str, Any]]) -> bool:
    """Whether the answers are bare numbers that rise from end to end; turned round, their words would be lost."""
    values = [option["value"] for option in options]
    if len(options) < SCALE_FROM or not all(isinstance(value, int) for value in values):
        return False
    return values == sorted(values) and all(option["label"].strip().isdigit() for option in options[1:-1])


def check_turned(questions: Sequence[Mapping[str, Any]], instrument: Instrument) -> None:
    """Refuse a form that counts fewer or more questions the other way round than the official one does."""
    turned = 0
    for each in questions:
        values = [option["value"] for option in each.get("options", ())]
        turned += each.get("item", True) and len(values) > 1 and values == sorted(values, reverse=True)
    if instrument.turned_on_form and turned != instrument.turned_on_form:
        raise Invalid(
            f"{instrument.name} counts {instrument.turned_on_form} of its questions the other way round, and this file "
            f"{turned}. Give those answers ordinalValues that fall as the form's printed numbers rise."
        )


def number(each: Found, item: Item) -> dict[str, Any]:
    if (each.minimum, each.maximum) != (item.minimum, item.maximum):
        raise each.node.refuse(f"must run {reach(item)}, not from {each.minimum} to {each.maximum}")
    if each.low and each.high:
        ends = {"lowest_label": each.low, "highest_label": each.high}
        return {"kind": "scale", "min": each.minimum, "max": each.maximum} | ends
    return {"kind": "number", "min": each.minimum, "max": each.maximum}


def choices(each: Found, item: Item) -> list[dict[str, Any]]:
    """The answers with the value that is stored: the ordinalValue, or the place in order where it is the score."""
    if item.kind == "choice":
        if {option.code for option in each.options} != set(item.choices):
            raise each.node.at("answerOption").refuse(f"must have the codes {', '.join(item.choices)}")
        return [{"value": option.code, "label": option.label} for option in each.options]
    ordinals = [needed(option, each) for option in each.options]
    if sorted(ordinals) == sorted(item.points):
        values = ordinals
    elif ordinals == list(item.points.values()):
        values = list(item.points)
    else:
        raise each.node.refuse(f"has the ordinalValues {listing(ordinals)}, but its answers must run {reach(item)}")
    return [{"value": value, "label": option.label} for value, option in zip(values, each.options, strict=True)]


def needed(option: Offered, each: Found) -> int:
    if option.ordinal is None:
        raise each.node.at("answerOption").refuse(f"needs an ordinalValue for “{option.label}”")
    return option.ordinal


def listing(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers) or "none"


def reach(item: Item) -> str:
    return f"from {item.minimum} to {item.maximum}" if item.kind != "choice" else ", ".join(item.choices)


def check_ticked(each: Found, item: Item) -> None:
    """Of two answers one must count as nothing and one as the tick does. Raises Invalid otherwise."""
    counts = [option.ordinal for option in each.options if option.ordinal is not None]
    if counts and sorted(counts) != sorted((0, max(item.points))):
        raise each.node.refuse(f"has the ordinalValues {listing(counts)}, but its answers must run {reach(item)}")


def extra(each: Found) -> dict[str, Any]:
    """A question that no score takes: free text, a choice kept by its place, or a number within its limits."""
    base: dict[str, Any] = {"id": extra_id(each.link_id), "text": each.text, "item": False}
    if each.type == "boolean":
        return base | {"kind": "choice", "options": [{"value": 1, "label": "Yes"}, {"value": 0, "label": "No"}]}
    if each.options:
        options = [{"value": node, "label": option.label} for node, option in enumerate(each.options)]
        return base | {"kind": "choice", "options": options}
    if each.type in ("integer", "decimal") and each.minimum is not None and each.maximum is not None:
        return base | {"kind": "number", "min": each.minimum, "max": each.maximum}
    if each.type in ("choice", "open-choice"):
        raise each.node.refuse(f"{each.named} offers no answers to choose from")
    return base | {"kind": "text", "longest": min(each.longest or FREE_TEXT, FREE_TEXT)}


def extra_id(link_id: str) -> str:
    """An id that no other question of the file has, however long its linkId is."""
    found = f"extra-{link_id.strip('/')}"
    return found if len(found) <= 40 else f"{found[:31]}-{sha256(found.encode()).hexdigest()[:8]}"
