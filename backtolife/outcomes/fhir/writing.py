"""Writing a FHIR R4 Questionnaire: an empty one to fill in with the official words, or the words a service asks."""

from __future__ import annotations

from typing import Any

from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.instrument import Instrument, Item
from backtolife.outcomes.catalogue.wording import Form, Question
from backtolife.outcomes.fhir.plain_text import CONTROL, LEAST, MOST, ORDINAL
from backtolife.outcomes.fhir.reading import OURS

Resource = dict[str, Any]


def template(instrument: Instrument) -> Resource:
    """An empty form: one item for each question, its answers numbered, every text to be written in.

    Raises Invalid for an instrument whose items are not in this product.
    """
    if not instrument.items:
        raise Invalid(f"{instrument.name} has no template: its list of items is not in this product.")
    return head(instrument, url="", version="", title="", rights="") | {
        "description": advice(instrument),
        "item": [blank(item, instrument.tick_list) for item in instrument.items],
    }


def advice(instrument: Instrument) -> str:
    """What to do with the empty form, for the person who fills it in."""
    words = "Fill in url, version, title, copyright and every empty text."
    if instrument.readiness in ("needs_form", "needs_table"):
        words += " Give each answer the ordinalValue of the number that the official form counts it as."
        words += f" To be scored this needs {instrument.needs}."
    return f"{words} See {instrument.citation}"


def head(instrument: Instrument, *, url: str, version: str, title: str, rights: str) -> Resource:
    return {
        "resourceType": "Questionnaire",
        "url": url,
        "version": version,
        "identifier": [{"system": OURS, "value": instrument.id}],
        "title": title,
        "status": "active",
        "subjectType": ["Patient"],
        "copyright": rights,
    }


def blank(item: Item, tick_list: bool) -> Resource:
    base: Resource = {"linkId": item.id, "text": ""}
    if item.loinc:
        base["code"] = [{"system": "http://loinc.org", "code": item.loinc}]
    if item.kind == "choice":
        return base | {"type": "choice", "answerOption": [coded(None, "", code) for code in item.choices]}
    if tick_list:
        return base | {"type": "boolean"}
    if item.kind == "number" or len(item.points) > 20:
        return base | {"type": "integer", "extension": limits(item.minimum, item.maximum)}
    return base | {"type": "choice", "answerOption": [coded(value, "", str(value)) for value in item.points]}


def coded(ordinal: int | None, label: str, code: str) -> Resource:
    coding: Resource = {"code": code, "display": label}
    if ordinal is not None:
        coding["extension"] = [{"url": ORDINAL, "valueDecimal": ordinal}]
    return {"valueCoding": coding}


def limits(low: int | None, high: int | None) -> list[Resource]:
    ends = ((LEAST, low), (MOST, high))
    return [{"url": url, "valueInteger": value} for url, value in ends if value is not None]


def written(form: Form, instrument: Instrument, *, url: str, rights: str) -> Resource:
    """The words of a form as they are asked, with `url|version` and who holds the rights in them."""
    intro = [{"linkId": "intro", "type": "display", "text": form.intro}] if form.intro else []
    return head(instrument, url=url, version=form.version, title=form.name, rights=rights) | {
        "item": [*intro, *(asked(question, form) for question in form.questions)]
    }


def asked(question: Question, form: Form) -> Resource:
    text = f"{form.lead_in} {question.text}" if form.lead_in else question.text
    base: Resource = {"linkId": question.id, "text": text}
    if question.kind == "tick":
        return base | {"type": "boolean"}
    if question.kind == "text":
        return base | {"type": "text", "maxLength": question.longest}
    if question.kind == "choice":
        return base | {
            "type": "choice",
            "answerOption": [
                coded(each.value if isinstance(each.value, int) else None, each.label, str(each.value))
                for each in question.options
            ],
        }
    ends = [("lower", question.lowest_label), ("upper", question.highest_label)]
    labels = [label(f"{question.id}-{end}", end, words) for end, words in ends if words]
    return base | {
        "type": "integer",
        "extension": limits(question.minimum, question.maximum),
        **({"item": labels} if labels else {}),
    }


def label(link_id: str, end: str, words: str) -> Resource:
    concept = {"coding": [{"system": "http://hl7.org/fhir/questionnaire-item-control", "code": end}]}
    return {
        "linkId": link_id,
        "type": "display",
        "text": words,
        "extension": [{"url": CONTROL, "valueCodeableConcept": concept}],
    }
