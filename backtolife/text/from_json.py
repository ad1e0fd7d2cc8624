"""Data from outside read into typed models. What does not fit is refused in our words, which name the field."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import Strict, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from backtolife.errors import Invalid

T = TypeVar("T")
Whole = Annotated[int, Strict()]
Number = Annotated[float, Strict()]
Flag = Annotated[bool, Strict()]
"""A number in quotes is none, and neither is true."""
RULES = {
    "missing": "is missing",
    "unexpected_keyword_argument": "is not known here",
    "extra_forbidden": "is not known here",
    "string_type": "must be text",
    "string_too_short": "must have at least {min_length} characters",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "is not written as it should be",
    "int_type": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a number",
    "bool_type": "must be true or false",
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "too_short": "must be a list of at least {min_length}",
    "too_long": "must be a list of at most {max_length}",
    "dict_type": "must have named fields",
    "dataclass_type": "must have named fields",
    "literal_error": "must be one of: {expected}",
    "enum": "must be one of: {expected}",
    "json_invalid": "is not JSON",
}
OTHERWISE = "cannot be used as it is"
_adapters: dict[type[Any], TypeAdapter[Any]] = {}
QUOTED = re.compile(r"'([^']*)'")


def read(kind: type[T], given: object, *, instead: str = "") -> T:
    """`given`, parsed JSON, as a `kind` whose numbers and flags are `Whole`, `Number` and `Flag`.

    Raises Invalid: with `instead` where one sentence serves people better, else naming the first field and its rule.
    """
    try:
        return adapter(kind).validate_python(given)
    except ValidationError as error:
        raise refusal(error, instead) from None


def read_json(kind: type[T], text: str | bytes, *, instead: str = "") -> T:
    """The same for JSON as it came, whatever types its fields have. No JSON and JSON without end are refused alike."""
    try:
        return adapter(kind).validate_json(text, strict=True)
    except ValidationError as error:
        raise refusal(error, instead) from None


def adapter(kind: type[T]) -> TypeAdapter[T]:
    """Building one takes longer than reading with it, so each is built once."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def refusal(error: ValidationError, instead: str) -> Invalid:
    first = error.errors(include_url=False, include_input=False)[0]
    if instead:
        return Invalid(instead)
    field = path_of(first)
    return Invalid(f"{field or 'What was sent'} {rule_of(first)}.", field or None)


def path_of(error: ErrorDetails) -> str:
    """Where it is, as somebody would write it: `answers[2].key`."""
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"])
    return path.removeprefix(".")


def rule_of(error: ErrorDetails) -> str:
    """What was expected there, in words that end a sentence."""
    context: Mapping[str, Any] = error.get("ctx", {})
    told = {name: f"{value:g}" if isinstance(value, float) else value for name, value in context.items()}
    told["expected"] = ", ".join(QUOTED.findall(str(context.get("expected", ""))))
    return RULES.get(error["type"], OTHERWISE).format(**told)
