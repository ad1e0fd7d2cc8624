"""What comes with an event, held to its payload's type. What does not fit is refused in words that name it. Pure."""

from functools import cache
from typing import Literal, NotRequired, TypedDict

from pydantic import ValidationError

from backtolife.errors import Invalid
from backtolife.text.from_json import adapter

LONGEST_NAME = 40


class Limits(TypedDict):
    """What fits one field, as JSON Schema says it."""

    type: Literal["string", "integer", "array"]
    enum: NotRequired[list[str]]
    maxLength: NotRequired[int]
    minimum: NotRequired[int]
    maximum: NotRequired[int]
    items: NotRequired["Limits"]
    minItems: NotRequired[int]
    maxItems: NotRequired[int]


def read(kind: type, given: object) -> object:
    """`given` as a `kind`, with nothing missing and nothing added; None is no fields. Raises Invalid, naming the field.

    The first field that is not known is told at once: pydantic would first list every one of thousands.
    """
    given = {} if given is None else given
    if not isinstance(given, dict):
        raise Invalid("An event carries named fields.")
    known = limits_of(kind)
    for key in given:
        if key not in known:
            raise Invalid(f"This event has no field called {str(key)[:LONGEST_NAME]}.")
    try:
        return adapter(kind).validate_python(given, strict=True)
    except ValidationError as error:
        raise refusal(known, error) from None


def refusal(known: dict[str, Limits], error: ValidationError) -> Invalid:
    """Why a payload was not taken: what is missing comes before what does not fit."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    first = min(found, key=lambda each: each["type"] != "missing")
    name = str(first["loc"][0])
    if first["type"] == "missing":
        return Invalid(f"{name} is missing.", name)
    limits = known[name]["items"] if len(first["loc"]) > 1 else known[name]
    return Invalid(f"{name} must be {in_words(limits)}.", name)


@cache
def limits_of(kind: type) -> dict[str, Limits]:
    """What fits each field of a payload's type, in the order that they are written in."""
    limits: dict[str, Limits] = adapter(kind).json_schema().get("properties", {})
    return limits


def in_words(limits: Limits) -> str:
    """What fits, to end a sentence that begins with the field's name."""
    if "enum" in limits:
        return f"one of: {', '.join(limits['enum'])}"
    match limits["type"]:
        case "integer":
            return f"a whole number from {limits['minimum']} to {limits['maximum']}"
        case "array":
            return f"a list of {limits['minItems']} to {limits['maxItems']}"
        case "string":
            return f"text of at most {limits['maxLength']} characters"
