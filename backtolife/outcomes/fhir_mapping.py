"""From the questions of a FHIR file to the items of an instrument: one each, in order, with the same answers."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backtolife.errors import Invalid
from backtolife.outcomes.fhir_reading import Found, Offered, Questionnaire
from backtolife.outcomes.instrument import Instrument, Item
from backtolife.outcomes.place import Place
from backtolife.outcomes.wording import Form, read_form

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
) -> Mapped:
    """The wording as our own forms have it, with the `tables` it is scored by where it needs any.

    `not_scored` names the linkIds of questions that no score takes. Raises Invalid for the wrong number of questions,
    answers out of the instrument's range or counted another way, or items unknown here.
    """
    if not instrument.items:
        raise Invalid(f"{instrument.name} cannot be loaded yet: its list of items is not in this product.")
    scored = [
        each for each in found.questions if each.link_id not in not_scored and each.type not in ("string", "text")
    ]
    ids = items_for(scored, instrument)
    tick_list = instrument.tick_list and all(each.type == "boolean" or len(each.options) == 2 for each in scored)
    questions = []
    for each in found.questions:
        item = ids.get(each.link_id)
        questions.append(extra(each) if item is None else question(each, item, tick_list))
    check_turned(questions, instrument)
    if len({each["id"] for each in questions}) != len(questions):
        raise Invalid("Two questions of this file have the same linkId.")
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
        "questions": questions,
    }
    if tick_list:
        whole["none_label"] = NONE_OF_THESE
    if tables:
        whole["tables"] = tables
    return read_mapped(json.dumps(whole, ensure_ascii=False, sort_keys=True), instrument)


def read_mapped(text: str, instrument: Instrument) -> Mapped:
    """The form in a stored text. Raises Invalid when it no longer fits the instrument."""
    return Mapped(read_form(Place("the file", "", json.loads(text)), instrument), text)


def items_for(scored: Sequence[Found], instrument: Instrument) -> dict[str, Item]:
    """Which item each linkId is: by our own ids, by LOINC code or by order. Raises Invalid for a wrong count."""
    wanted = len(instrument.items)
    if len(scored) != wanted:
        raise Invalid(
            f"{instrument.name} has {wanted} questions with a score, and this file has {len(scored)}. "
            "If one of them is not scored, name its linkId as not scored."
        )
    if len({each.link_id for each in scored}) != wanted:
        raise Invalid("Two questions of this file have the same linkId.")
    by_id = [each.link_id.removeprefix("/") for each in scored]
    if sorted(by_id) == sorted(instrument.positions):
        order = by_id
    else:
        loinc = {item.loinc: item.id for item in instrument.items if item.loinc}
        order = [
            next((loinc[code] for code in (each.link_id.removeprefix("/"), *sorted(each.codes)) if code in loinc), "")
            for each in scored
        ]
        if not any(order) or len(loinc) < wanted:
            order = [item.id for item in instrument.items]
    if order != [item.id for item in instrument.items]:
        raise Invalid(f"The questions must stand in the order of {instrument.name}, each once.")
    return {each.link_id: item for each, item in zip(scored, instrument.items, strict=True)}


def question(each: Found, item: Item, tick_list: bool) -> dict[str, Any]:
    base: dict[str, Any] = {"id": item.id, "text": each.text}
    if tick_list:
        return base | {"kind": "tick", "options": [{"value": max(item.points), "label": "Yes"}]}
    if each.type in ("integer", "decimal"):
        return base | number(each, item)
    if each.type == "boolean":
        if set(item.points) != {0, 1}:
            raise each.place.refuse(f"asks yes or no, but its answers run {reach(item)}")
        return base | {"kind": "choice", "options": [{"value": 1, "label": "Yes"}, {"value": 0, "label": "No"}]}
    options = choices(each, item)
    if is_scale(options):
        ends = [option["label"].strip(" 0123456789=:-–.") or option["label"] for option in (options[0], options[-1])]
        scale = {"min": min(item.points), "max": max(item.points), "lowest_label": ends[0], "highest_label": ends[1]}
        return base | {"kind": "scale"} | scale
    return base | {"kind": "choice", "options": options}


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
        raise each.place.refuse(f"must run {reach(item)}, not from {each.minimum} to {each.maximum}")
    if each.low and each.high:
        ends = {"lowest_label": each.low, "highest_label": each.high}
        return {"kind": "scale", "min": each.minimum, "max": each.maximum} | ends
    return {"kind": "number", "min": each.minimum, "max": each.maximum}


def choices(each: Found, item: Item) -> list[dict[str, Any]]:
    """The answers with the value that is stored: the ordinalValue, or the place in order where it is the score."""
    if item.kind == "choice":
        if {option.code for option in each.options} != set(item.choices):
            raise each.place.at("answerOption").refuse(f"must have the codes {', '.join(item.choices)}")
        return [{"value": option.code, "label": option.label} for option in each.options]
    ordinals = [needed(option, each) for option in each.options]
    if sorted(ordinals) == sorted(item.points):
        values = ordinals
    elif ordinals == list(item.points.values()):
        values = list(item.points)
    else:
        raise each.place.refuse(f"has the ordinalValues {listing(ordinals)}, but its answers must run {reach(item)}")
    return [{"value": value, "label": option.label} for value, option in zip(values, each.options, strict=True)]


def needed(option: Offered, each: Found) -> int:
    if option.ordinal is None:
        raise each.place.at("answerOption").refuse(f"needs an ordinalValue for “{option.label}”")
    return option.ordinal


def listing(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers) or "none"


def reach(item: Item) -> str:
    return f"from {item.minimum} to {item.maximum}" if item.kind != "choice" else ", ".join(item.choices)


def extra(each: Found) -> dict[str, Any]:
    """A question that no score takes: free text, or a choice kept by its place."""
    base: dict[str, Any] = {"id": f"extra-{each.link_id.strip('/')}"[:40], "text": each.text, "item": False}
    if each.type in ("string", "text"):
        return base | {"kind": "text", "longest": FREE_TEXT}
    if not each.options:
        raise each.place.refuse("is not scored, so it must be free text or a choice")
    options = [{"value": place, "label": option.label} for place, option in enumerate(each.options)]
    return base | {"kind": "choice", "options": options}
