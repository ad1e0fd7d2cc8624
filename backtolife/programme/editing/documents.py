"""Each file of a programme as something that can be changed: YAML as what it says, Markdown as head and words."""

import re
from typing import Any, NamedTuple

import yaml

from backtolife.programme.editing.saying import place_on, said, saying

MARKED = re.compile(r"\A(---\r?\n)(.*?\r?\n)(---\r?\n)(.*)\Z", re.DOTALL)
"""A Markdown file: two marks with its head between them, and the words."""
HEAD, WORDS = "head", "words"


class Halves(NamedTuple):
    """A Markdown file in the pieces of which it is put together again."""

    opening: str
    head: str
    closing: str
    above: str
    words: str
    below: str


def halves(text: str) -> Halves:
    """The file in pieces. What a draft holds was read before: it has a head."""
    found = MARKED.match(text)
    opening, head, closing, rest = found.groups() if found else ("", "", "", text)
    words = rest.strip()
    at = rest.index(words)
    return Halves(opening, head, closing, rest[:at], words, rest[at + len(words) :])


def document_of(file: str, text: str) -> Any:
    """What a file says."""
    if not file.endswith(".md"):
        return said(text)
    pieces = halves(text)
    return {HEAD: said(pieces.head), WORDS: pieces.words.replace("\r\n", "\n")}


def written(file: str, text: str, document: Any) -> str:
    """The file so that it says `document`; what does not change stays byte for byte. Raises Invalid."""
    if not file.endswith(".md"):
        return saying(text, document)
    pieces = halves(text)
    words = document[WORDS]
    if words == pieces.words.replace("\r\n", "\n"):
        words = pieces.words
    elif "\r\n" in text:
        words = words.replace("\n", "\r\n")
    return "".join(pieces._replace(head=saying(pieces.head, document[HEAD]), words=words))


def place_in(file: str, text: str, line: int) -> tuple[str | int, ...]:
    """The way to what stands on a line of a file."""
    if not file.endswith(".md"):
        return place_on(text, line)
    head = halves(text).head
    return (HEAD, *place_on(head, line - 1)) if line - 1 <= head.count("\n") else (WORDS,)


def titled(text: str) -> str:
    """The title in a Markdown file's head; empty where it has none, as a file that nothing reads."""
    try:
        head = said(halves(text).head or "none")
    except yaml.YAMLError:
        return ""
    return str(head.get("title", "")) if isinstance(head, dict) else ""
