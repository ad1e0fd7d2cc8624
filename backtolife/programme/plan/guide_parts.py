"""A guide's Markdown as parts to fold open: headings, paragraphs, lists, tables, and words in bold. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

HEADING = "h2"


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


LISTS = {"bullet_list": Kind.BULLETS, "ordered_list": Kind.STEPS}


@dataclass(frozen=True)
class GuidePart:
    """What stands under one heading."""

    heading: str
    blocks: tuple[Block, ...]


@lru_cache(32)
def parts_of(body: str, *, whole: bool = False) -> tuple[GuidePart, ...]:
    """The guide's parts in order. What stands before the first heading is left out, or a part too (`whole`)."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - few pages show a guide
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415

    parts: list[GuidePart] = [GuidePart("", ())] if whole else []
    for node in SyntaxTreeNode(MarkdownIt("commonmark").enable("table").parse(body)).children:
        if (node.type, node.tag) == ("heading", HEADING):
            parts.append(GuidePart("".join(run.words for run in line_of(node)), ()))
        elif parts and (block := block_of(node)):
            parts[-1] = replace(parts[-1], blocks=(*parts[-1].blocks, block))
    return tuple(parts)


def below_title(body: str) -> str:
    """The Markdown without the title that it begins with: a page shows its own."""
    first, _, rest = body.partition("\n")
    return (rest if first.startswith("# ") else body).strip()


def block_of(node: "SyntaxTreeNode") -> Block | None:
    """The block that stands at `node`; None for one without words, such as a rule."""
    if node.type == "table":
        rows = [row for section in node.children for row in section.children]
        return Block(Kind.TABLE, tuple(tuple(line_of(cell) for cell in row.children) for row in rows))
    if node.type in LISTS:
        return Block(LISTS[node.type], tuple((line_of(item),) for item in node.children))
    line = line_of(node)
    return Block(Kind.WORDS, ((line,),)) if line else None


def line_of(node: "SyntaxTreeNode") -> Line:
    """The words below `node` in runs as long as they can be."""
    grouped = groupby(pieces(node, bold=False), key=lambda run: run.bold)
    return tuple(Run("".join(run.words for run in runs), bold=bold) for bold, runs in grouped)


def pieces(node: "SyntaxTreeNode", *, bold: bool) -> Iterator[Run]:
    """Every word below `node`; lines and paragraphs inside it follow one another after a space."""
    if node.type in ("softbreak", "hardbreak"):
        yield Run(" ", bold=bold)
    elif not node.children and node.type != "root" and node.content:
        yield Run(node.content, bold=bold)
    for number, child in enumerate(node.children):
        if number and child.block:
            yield Run(" ", bold=bold)
        yield from pieces(child, bold=bold or child.type == "strong")
