"""What a FHIR file says that this product cannot do: refused where it changes an answer or a score, else noted."""

from __future__ import annotations

from collections.abc import Iterator

from backtolife.errors import Invalid
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.fhir.faults import Faults
from backtolife.outcomes.fhir.plain_text import (
    CONTROL,
    FORMULA,
    HIDDEN,
    LEAST,
    MOST,
    ORDINAL,
    PREFIX,
    WEIGHT,
    extensions,
    plain_at,
)

ITEM = {
    *("id", "linkId", "definition", "code", "prefix", "text", "type", "enableWhen", "enableBehavior", "required"),
    *("repeats", "readOnly", "maxLength", "answerValueSet", "answerOption", "item", "extension", "option", "options"),
    *("answerConstraint", "disabledDisplay", "modifierExtension"),
}
TAKEN = {CONTROL, FORMULA, HIDDEN, LEAST, MOST, ORDINAL, PREFIX, WEIGHT}
LOOKS = (
    "minOccurs",
    "maxOccurs",
    "observationLinkPeriod",
    "choiceOrientation",
    "displayCategory",
    "observation-extract",
)
"""Extensions that say only how a form builder draws or files a question."""
HEAD = {
    *("resourceType", "id", "meta", "url", "version", "name", "title", "status", "subjectType", "copyright", "item"),
    *(
        "identifier",
        "code",
        "contained",
        "text",
        "language",
        "experimental",
        "date",
        "publisher",
        "contact",
        "extension",
    ),
    *("modifierExtension", "implicitRules", "jurisdiction", "useContext", "derivedFrom"),
}
SHOWN = ("description", "purpose")


def refuse_modifiers(whole: JsonNode) -> None:
    """Raises Invalid for all that changes what the form means in a way nobody here knows, and for a retired form."""
    faults = Faults()
    rules = whole.maybe("implicitRules")
    if rules is not None:
        faults.add(whole.refuse(f"follows rules of its own (implicitRules {rules.value}), which are not known here"))
    if whole.object().get("status") in ("retired", "entered-in-error"):
        faults.add(whole.at("status").refuse("says that this form is retired. Load the version that replaced it"))
    for node in modified(whole, 0):
        names = ", ".join(str(each.object().get("url", "")) for each in node.list_at("modifierExtension"))
        about = node.object().get("text") or node.object().get("linkId") or "the form"
        faults.add(
            node.refuse(f"“{about}” has a modifierExtension ({names}) that changes its meaning in a way not known here")
        )
    faults.settle()


def modified(node: JsonNode, depth: int) -> Iterator[JsonNode]:
    """Every object below that has a modifierExtension."""
    if depth > 40:
        return
    if isinstance(node.value, dict):
        if node.value.get("modifierExtension"):
            yield node
        for name in node.value:
            if (inner := node.maybe(name)) is not None and isinstance(inner.value, dict | list):
                yield from modified(inner, depth + 1)
    elif isinstance(node.value, list):
        for each in node.each():
            yield from modified(each, depth + 1)


def formulas_of(node: JsonNode) -> list[str]:
    """The formulas by which the file computes a figure here."""
    found = [each.get("valueExpression") for each in extensions(node) if each.get("url") == FORMULA]
    return [str(each.get("expression", "")) for each in found if isinstance(each, dict)]


def oddities(node: JsonNode) -> Iterator[str]:
    """The names of fields and extensions of an item that are neither taken over nor a matter of looks."""
    for name in node.object():
        if name not in ITEM:
            yield name
    for each in node.object().get("extension") or []:
        url = str(each.get("url", "")) if isinstance(each, dict) else ""
        short = url.rsplit("/", 1)[-1]
        if url not in TAKEN and not short.endswith(LOOKS) and "enableWhenExpression" not in url:
            yield short or "an extension without a name"


def note_head(whole: JsonNode) -> list[str]:
    """What the file says about itself that patients do not see, and fields that nobody here knows."""
    notes = []
    for name in SHOWN:
        if words := in_short(whole, name):
            notes.append(f"The file’s {name} is not shown to patients: “{words}”")
    if whole.object().get("status") == "draft":
        notes.append("The file calls itself a draft.")
    others = sorted(set(whole.object()) - HEAD - set(SHOWN))
    if others:
        notes.append(f"Not taken over from the file’s head: {', '.join(others)}.")
    return notes


def in_short(node: JsonNode, name: str) -> str:
    try:
        words = plain_at(node, name)
    except Invalid:
        return "(it holds markup)"
    return words if len(words) <= 300 else f"{words[:300]} …"
