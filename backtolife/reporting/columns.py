"""A column of a file, with what its codebook says of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """`meaning` is for a person, `allowed` lists values with their labels, `item` is the question it comes from."""

    name: str
    meaning: str
    kind: str
    allowed: str = ""
    instrument: str = ""
    instrument_version: str = ""
    wording: str = ""
    item: str = ""


def column_name(*parts: str) -> str:
    """A name that every program takes: small letters, digits and underscores."""
    return "_".join("".join(sign if sign.isalnum() else "_" for sign in part.lower()) for part in parts)
