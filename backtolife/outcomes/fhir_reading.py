"""Reading a FHIR R4 Questionnaire: its questions in order, each with its answers, in nothing but plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from backtolife.outcomes.place import Place

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
LEAST, MOST = "http://hl7.org/fhir/StructureDefinition/minValue", "http://hl7.org/fhir/StructureDefinition/maxValue"
FORMULA = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
CONTROL = "http://hl7.org/fhir/StructureDefinition/questionnaire-itemControl"
OURS = "urn:backtolife:instrument"
MARKUP = re.compile(r"<\s*[a-zA-Z!/?]|&#|&lt;|javascript:", re.IGNORECASE)
TURNS_TEXT = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
LONGEST_TEXT, DEEPEST = 2000, 8
ASKS = ("boolean", "choice", "open-choice", "integer", "decimal", "string", "text")


@dataclass(frozen=True, slots=True)
class Offered:
    """One answer of a choice: its words, its ordinalValue where it has one, and its code."""

    label: str
    ordinal: int | None
    code: str


@dataclass(frozen=True, slots=True)
class Found:
    """One question of the file. `low` and `high` are the words at the ends of a scale."""

    place: Place
    link_id: str
    codes: frozenset[str]
    text: str
    type: str
    options: tuple[Offered, ...]
    minimum: int | None
    maximum: int | None
    low: str = ""
    high: str = ""


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What a file says about itself and what it asks."""

    url: str
    version: str
    title: str
    copyright: str
    instrument: str
    """The id of our instrument, where the file names it; else empty."""
    intro: str
    questions: tuple[Found, ...]
    formulas: tuple[str, ...] = field(default=())


def read_questionnaire(whole: Place) -> Questionnaire:
    """The questionnaire in a FHIR R4 file. Raises Invalid, naming the spot, for what is missing or not plain text."""
    whole.at("resourceType").one_of("Questionnaire")
    items = list(leaves(whole, 0))
    title = whole.maybe("title") or whole.at("name")
    formulas = [formula for place in [whole, *items] for formula in formulas_of(place)]
    asked = [place for place in items if kind_of(place) in ASKS and not formulas_of(place)]
    return Questionnaire(
        url=plain(whole.at("url")),
        version=plain(whole.at("version")),
        title=plain(title),
        copyright=plain(whole.at("copyright")),
        instrument=next((str(each.get("value", "")) for each in listed(whole, "identifier") if is_ours(each)), ""),
        intro=" ".join(plain(place.at("text")) for place in items if kind_of(place) == "display" and top(place)),
        questions=tuple(read_question(place) for place in asked),
        formulas=tuple(formulas),
    )


def is_ours(identifier: dict[str, Any]) -> bool:
    return identifier.get("system") == OURS


def top(place: Place) -> bool:
    return place.path.count("item[") == 1


def leaves(place: Place, depth: int) -> Iterator[Place]:
    """Every item that is no group, in order. The words at the ends of a scale belong to their question."""
    if depth > DEEPEST:
        raise place.refuse(f"must not hold items more than {DEEPEST} deep")
    for item in place.list_at("item"):
        if kind_of(item) == "group":
            yield from leaves(item, depth + 1)
        elif not control_of(item):
            yield item


def kind_of(place: Place) -> str:
    return place.at("type").one_of("group", "display", "reference", "quantity", "date", "dateTime", "time", *ASKS)


def read_question(place: Place) -> Found:
    low, high = ends_of(place)
    return Found(
        place=place,
        link_id=plain(place.at("linkId")),
        codes=frozenset(str(code.get("code", "")) for code in listed(place, "code")),
        text=plain(place.at("text")),
        type=kind_of(place),
        options=tuple(read_option(option) for option in place.list_at("answerOption")),
        minimum=limit(place, LEAST),
        maximum=limit(place, MOST),
        low=low,
        high=high,
    )


def read_option(place: Place) -> Offered:
    """An answer as a coding with its ordinalValue, or as a whole number that is its own."""
    number = place.maybe("valueInteger")
    if number is not None:
        return Offered(str(number.whole()), ordinal(place) if ordinal(place) is not None else number.whole(), "")
    words = place.maybe("valueString")
    if words is not None:
        return Offered(plain(words), ordinal(place), plain(words))
    coding = place.at("valueCoding")
    code, inner = coding.maybe("code"), ordinal(coding)
    outer = ordinal(place) if inner is None else inner
    return Offered(plain(coding.at("display")), outer, "" if code is None else plain(code))


def ordinal(place: Place) -> int | None:
    for extension in listed(place, "extension"):
        if extension.get("url") == ORDINAL:
            return whole(place, extension.get("valueDecimal"), "ordinalValue")
    return None


def limit(place: Place, url: str) -> int | None:
    for extension in listed(place, "extension"):
        if extension.get("url") == url:
            return whole(place, extension.get("valueInteger", extension.get("valueDecimal")), "lowest or highest value")
    return None


def whole(place: Place, value: object, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise place.refuse(f"needs a whole number as its {what}")
    return int(value)


def ends_of(place: Place) -> tuple[str, str]:
    """The words at the lower and the upper end of a scale, from its display items."""
    words = {control_of(item): plain(item.at("text")) for item in place.list_at("item") if control_of(item)}
    return words.get("lower", ""), words.get("upper", "")


def control_of(place: Place) -> str:
    for extension in listed(place, "extension"):
        if extension.get("url") == CONTROL:
            for coding in (extension.get("valueCodeableConcept") or {}).get("coding") or []:
                if coding.get("code") in ("lower", "upper"):
                    return str(coding["code"])
    return ""


def formulas_of(place: Place) -> list[str]:
    found = [each.get("valueExpression") or {} for each in listed(place, "extension") if each.get("url") == FORMULA]
    return [str(each.get("expression", "")) for each in found]


def listed(place: Place, name: str) -> list[dict[str, Any]]:
    """The objects of an optional list. Raises Invalid when it holds something else."""
    return [dict(each.object()) for each in place.list_at(name)]


def plain(place: Place) -> str:
    """Text with something in it and no markup, script or control sign. Raises Invalid otherwise."""
    words = place.text().strip()
    if MARKUP.search(words):
        raise place.refuse("holds markup or a script; only plain text can be shown")
    if any((ord(sign) < 32 and sign not in "\n\t") or sign in TURNS_TEXT for sign in words):
        raise place.refuse("holds signs that cannot be shown")
    if len(words) > LONGEST_TEXT:
        raise place.refuse(f"is longer than {LONGEST_TEXT} letters")
    return " ".join(words.split())
