"""Whether a value out of the database or off the wire is what a TypedDict says."""

from collections.abc import Iterator
from types import UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict


def misfits(value: Any, kind: Any, where: str = "it") -> list[str]:
    """Where `value` is not of `kind`, in words; nothing where it is."""
    return list(found(value, kind, where))


def found(value: Any, kind: Any, where: str) -> Iterator[str]:
    origin, parts = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        yield from in_dictionary(value, kind, where)
    elif origin is NotRequired:
        yield from found(value, parts[0], where)
    elif origin in (Union, UnionType):
        tried = [misfits(value, each, where) for each in parts]
        yield from () if [] in tried else min(tried, key=len)
    elif origin is Literal:
        if value not in parts:
            yield f"{where} is {value!r}, not one of {parts}"
    elif origin is dict and isinstance(value, dict):
        for key, each in value.items():
            yield from found(key, parts[0], f"a key of {where}")
            yield from found(each, parts[1], f"{where}[{key}]")
    elif origin is list and isinstance(value, list):
        for each in value:
            yield from found(each, parts[0], f"one of {where}")
    elif kind is not object and type(value) is not (origin or kind):
        yield f"{where} is {value!r}, not {kind}"


def in_dictionary(value: Any, kind: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where} is {value!r}, not {kind.__name__}"
        return
    hints = get_type_hints(kind, include_extras=True)
    yield from (f"{where} has no {key}" for key in sorted(kind.__required_keys__ - value.keys()))
    yield from (f"{where} has {key}, which {kind.__name__} does not know" for key in sorted(value.keys() - hints))
    for key in value.keys() & hints.keys():
        yield from found(value[key], hints[key], f"{where}.{key}")
