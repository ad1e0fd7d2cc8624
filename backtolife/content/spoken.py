"""The words of a captions file to read instead of listening; and a transcript as parts for a page."""

import re
from dataclasses import dataclass

TIMES = re.compile(r"^\s*(?:\d+:)?\d\d:\d\d\.\d{3} --> ")
TAGS = re.compile(r"<[^>]*>")
HEADING = re.compile(r"^## (?:(\d+:\d\d) )?(.*)$")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "), ("&amp;", "&"))


@dataclass(frozen=True)
class Part:
    """One part of a transcript: when it begins (such as 2:30, may be empty), its heading, its words."""

    time: str
    heading: str
    words: tuple[str, ...]


def words_of(vtt: str) -> str:
    """What is said in a captions file, as one text without times, speakers' tags and notes."""
    spoken = []
    for block in re.split(r"\n\s*\n", vtt):
        lines = block.splitlines()
        at = next((number for number, line in enumerate(lines) if TIMES.match(line)), None)
        if at is not None:
            spoken += [TAGS.sub("", line).strip() for line in lines[at + 1 :]]
    text = " ".join(line for line in spoken if line)
    for entity, character in ENTITIES:
        text = text.replace(entity, character)
    return text


def parts_of(transcript: str) -> list[Part]:
    """A transcript in our Markdown as parts; text before the first heading has none."""
    parts: list[Part] = []
    for block in transcript.split("\n\n"):
        found = HEADING.match(block.strip())
        if found:
            parts.append(Part(found[1] or "", found[2], ()))
        elif block.strip():
            last = parts.pop() if parts else Part("", "", ())
            parts.append(Part(last.time, last.heading, (*last.words, block.strip())))
    return parts
