"""A guide's Markdown as parts to fold open: headings, paragraphs, lists, tables, and words in bold. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

HEADING = "## "
BULLET = re.compile(r"^- ")
NUMBER = re.compile(r"^\d+\. ")
RULE = re.compile(r"^\|[\s|:-]+\|$")
BOLD = re.compile(r"\*\*(.+?)\*\*")


class Kind(StrEnum):
    """What a block is."""

    WORDS = "words"
    BULLETS = "bullets"
    STEPS = "steps"
    TABLE = "table"


@dataclass(frozen=True)
class Run:
    """Words that are all bold or all plain."""

    words: str
    bold: bool


Line = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """A paragraph (one row of one line), a list (a row of one line each) or a table (its head is the first row)."""

    kind: Kind
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True)
class GuidePart:
    """What stands under one heading."""

    heading: str
    blocks: tuple[Block, ...]


def parts_of(body: str) -> list[GuidePart]:
    """The guide's parts in order; what stands before the first heading is left out."""
    parts: list[GuidePart] = []
    for block in re.split(r"\n{2,}", body.strip()):
        if block.startswith(HEADING):
            parts.append(GuidePart(block.removeprefix(HEADING).strip(), ()))
        elif parts and block.strip():
            last = parts.pop()
            parts.append(GuidePart(last.heading, (*last.blocks, block_of(block.splitlines()))))
    return parts


def block_of(lines: list[str]) -> Block:
    if lines[0].startswith("|"):
        cells = [line.strip().strip("|").split("|") for line in lines if not RULE.match(line.strip())]
        return Block(Kind.TABLE, tuple(tuple(runs(cell.strip()) for cell in row) for row in cells))
    for kind, sign in ((Kind.BULLETS, BULLET), (Kind.STEPS, NUMBER)):
        if sign.match(lines[0]):
            return Block(kind, tuple((runs(sign.sub("", line)),) for line in lines))
    return Block(Kind.WORDS, ((runs(" ".join(lines)),),))


def runs(line: str) -> Line:
    pieces = BOLD.split(line)
    return tuple(Run(words, bold=place % 2 == 1) for place, words in enumerate(pieces) if words)
