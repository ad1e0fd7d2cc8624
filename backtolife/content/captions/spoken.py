"""The words of a captions file to read instead of listening; and a transcript as parts for a page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.content.captions.cues import Told, cues_in, spoken_once
from backtolife.content.captions.tracks import Chapter, sentences

LONG_WORDS = 60
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


def to_read(vtt: str, chapters: Sequence[Chapter]) -> str:
    """What is said, as our Markdown: a heading for each part, in paragraphs that are not too long to read."""
    told = cues_in(vtt)[1]
    if not chapters:
        return paragraphs(told)
    parts = []
    for chapter, after in zip(chapters, [*chapters[1:], None], strict=True):
        minutes, seconds = divmod(chapter.start_ms // 1000, 60)
        until = after.start_ms if after else float("inf")
        own = [each for each in told if chapter.start_ms <= each.start_ms < until]
        parts.append(f"## {minutes}:{seconds:02d} {chapter.heading}\n\n{paragraphs(own)}".strip())
    return "\n\n".join(parts) + "\n"


def paragraphs(told: list[Told]) -> str:
    """A new paragraph after the sentence with which one gets long."""
    blocks: list[str] = []
    for sentence in sentences(" ".join(spoken_once(told))):
        if blocks and len(blocks[-1].split()) < LONG_WORDS:
            blocks[-1] += f" {sentence}"
        else:
            blocks.append(sentence)
    return "\n\n".join(blocks)


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
