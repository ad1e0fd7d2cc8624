"""A script in pieces, as far as its strings and the calls around them go."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

COMMENT = r"/\*.*?\*/|//[^\n]*"
QUOTED = r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
PLACE = re.compile(r"\$\{(?:[^{}`]|`[^`]*`|\{[^{}]*\})*\}")
TEMPLATE = rf"`(?:\\.|{PLACE.pattern}|[^`\\])*`"
BODY = r"/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*"
PATTERN = rf"(?<=[(,=:\[!&|?{{}};\n] ){BODY}|(?<=[(!\[]){BODY}"
PIECE = re.compile(
    f"(?P<comment>{COMMENT})|(?P<string>{QUOTED})|(?P<template>{TEMPLATE})|(?P<pattern>{PATTERN})"
    r"|(?P<name>[\w$]+)|(?P<sign>[^\s\w])",
    re.DOTALL,
)


@dataclass(frozen=True)
class Piece:
    """A name, a sign, or a string with or without places for values."""

    kind: str
    text: str

    @property
    def said(self) -> str:
        """What stands between its quotes."""
        return self.text[1:-1].replace("\\n", "\n")


def pieces(source: str) -> Iterator[Piece]:
    """All of it but comments and patterns; what stands in the places of a template after it, as code of its own."""
    for found in PIECE.finditer(source):
        kind, text = str(found.lastgroup), found.group()
        if kind == "template":
            yield Piece(kind, PLACE.sub("${}", text))
            for place in PLACE.findall(text):
                yield from (Piece("sign", "{"), *pieces(place[2:-1]), Piece("sign", "}"))
        elif kind not in ("comment", "pattern"):
            yield Piece(kind, text)
