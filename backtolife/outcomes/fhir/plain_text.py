"""Plain text and known extensions in a FHIR file: what may be shown to a patient, and under which address it stands."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from backtolife.outcomes.catalogue.json_node import JsonNode

CORE, SDC = "http://hl7.org/fhir/StructureDefinition/", "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
ORDINAL, WEIGHT = f"{CORE}ordinalValue", f"{CORE}itemWeight"
LEAST, MOST = f"{CORE}minValue", f"{CORE}maxValue"
FORMULA, CONTROL = f"{SDC}sdc-questionnaire-calculatedExpression", f"{CORE}questionnaire-itemControl"
HIDDEN, PREFIX = f"{CORE}questionnaire-hidden", f"{CORE}questionnaire-optionPrefix"
LONGEST_TEXT = 2000
TAG = r"</?[a-z][a-z0-9]*(\s[^<>]*)?/?>"
ELEMENT = r"<\s*(?:/\s*)?(script|img|svg|iframe)\b"
MARKUP = re.compile(rf"{TAG}|<!--|<\?xml|<[a-z]+\s+[a-z-]+\s*=|{ELEMENT}|javascript:", re.I)
"""A whole tag, or the start of one that does something. A sign between words, as in “Pain < usual”, is text."""
ENTITY = re.compile(r"&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.I)
TURNS_TEXT = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"


def plain(node: JsonNode) -> str:
    """Text with something in it and no markup, script or control sign. Raises Invalid otherwise.

    An entity is read as the sign it stands for: files made from web pages write “&amp;” for “&”.
    """
    words = ENTITY.sub(lambda found: html.unescape(found.group()), node.text()).strip()
    if len(words) > LONGEST_TEXT:
        raise node.refuse(f"is longer than {LONGEST_TEXT} characters")
    if MARKUP.search(words):
        raise node.refuse("holds markup or a script; only plain text can be shown")
    if any((ord(sign) < 32 and sign not in "\r\n\t") or sign in TURNS_TEXT for sign in words):
        raise node.refuse("holds characters that cannot be shown")
    if any(0xD800 <= ord(sign) <= 0xDFFF for sign in words):
        raise node.refuse("holds a broken character that cannot be shown")
    return " ".join(words.split())


def plain_at(node: JsonNode, name: str) -> str:
    """The text of an optional field; empty where it is absent or empty."""
    found = node.maybe(name)
    return plain(found) if found is not None and str(found.value).strip() else ""


def listed(node: JsonNode, name: str) -> list[Mapping[str, Any]]:
    """The objects of an optional list. Raises Invalid when it holds something else."""
    return [each.object() for each in node.list_at(name)]


def extensions(node: JsonNode) -> list[Mapping[str, Any]]:
    return listed(node, "extension")


def flag(node: JsonNode, name: str) -> bool:
    found = node.maybe(name)
    return found is not None and found.flag()


def control_of(node: JsonNode) -> str:
    """The code of its itemControl, such as "lower", "upper" or "help"; empty for none."""
    for extension in extensions(node):
        concept = extension.get("valueCodeableConcept")
        if extension.get("url") == CONTROL and isinstance(concept, dict):
            for coding in concept.get("coding") or []:
                if isinstance(coding, dict) and coding.get("code"):
                    return str(coding["code"])
    return ""


def whole(node: JsonNode, value: object, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise node.refuse(f"needs a whole number as its {what}")
    return int(value)


def limit(node: JsonNode, url: str) -> int | None:
    for extension in extensions(node):
        if extension.get("url") == url:
            return whole(node, extension.get("valueInteger", extension.get("valueDecimal")), "lowest or highest value")
    return None
