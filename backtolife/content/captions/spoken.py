"""The words of a captions file to read instead of listening; and a transcript as parts for a page."""

import re
from dataclasses import dataclass

from backtolife.content.captions.cues import cues_in, spoken_once

HEADING = re.compile(r"^## (?:(\d+:\d\d) )?(.*)$")


@dataclass(frozen=True)
class Part:
    """One part of a transcript: when it begins (such as 2:30, may be empty), its heading, its words."""

    time: str
    heading: str
    words: tuple[str, ...]


def words_of(vtt: str) -> str:
    """What is said in a captions file, as one text without times, tags and notes, said once."""
    return " ".join(spoken_once(cues_in(vtt)[1]))


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
