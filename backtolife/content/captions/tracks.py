"""Captions as WebVTT, and the words of a video to read instead."""

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backtolife.content.captions.cues import cues_in
from backtolife.errors import Invalid

LINE_CHARACTERS = 42
LINES = 2


@dataclass(frozen=True)
class Cue:
    """Words that are spoken from `start_ms` to `end_ms`."""

    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class Chapter:
    """A part of a video that begins at `start_ms`."""

    start_ms: int
    heading: str


def sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph, each with its full stop."""
    return [part for part in re.split(r"(?<=[.?!])\s+", paragraph.strip()) if part]


def stamp(milliseconds: int) -> str:
    """A time as WebVTT writes it, such as 00:01:02.345."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"


def write_vtt(cues: Iterable[Cue]) -> str:
    """A WebVTT file. Each cue is at most two short lines: a longer one is shared out over its own time."""
    blocks = ["WEBVTT"]
    for cue in cues:
        for short in share_out(cue):
            words = short.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            blocks.append(f"{stamp(short.start_ms)} --> {stamp(short.end_ms)}\n{words}")
    return "\n\n".join(blocks) + "\n"


def share_out(cue: Cue) -> list[Cue]:
    """The cue as cues of at most two lines of 42 characters, each as long as its share of the characters."""
    lines = wrap(cue.text)
    if len(lines) <= LINES:
        return [Cue(cue.start_ms, cue.end_ms, "\n".join(lines))]
    groups = [lines[at : at + LINES] for at in range(0, len(lines), LINES)]
    sizes = [sum(map(len, group)) for group in groups]
    length, total, spoken, cues = cue.end_ms - cue.start_ms, sum(sizes), 0, []
    for group, size in zip(groups, sizes, strict=True):
        begin = cue.start_ms + length * spoken // total
        spoken += size
        cues.append(Cue(begin, cue.start_ms + length * spoken // total, "\n".join(group)))
    return cues


def wrap(text: str) -> list[str]:
    """Lines of at most 42 characters, about equally long."""

    needed = -(-len(text) // LINE_CHARACTERS)
    for width in range(max(len(text) // needed, 1), LINE_CHARACTERS + 1):
        lines = textwrap.wrap(text, width, break_long_words=False)
        if len(lines) <= needed:
            return lines
    return textwrap.wrap(text, LINE_CHARACTERS)


def check_vtt(text: str) -> str:
    """`text` as WebVTT that every player reads, each cue with its settings. Raises Invalid without words and times.

    Styles and notes are left out: they change no word. A file of SubRip's kind is taken too.
    """
    header, told = cues_in(text)
    if not told and not header.startswith("WEBVTT"):
        raise Invalid("This is not a captions file. Its first line must be WEBVTT.", "captions")
    if not told:
        raise Invalid("This captions file has no words with times in it.", "captions")
    blocks = ["WEBVTT"]
    for cue in told:
        times = f"{stamp(cue.start_ms)} --> {stamp(cue.end_ms)} {cue.settings}".strip()
        blocks.append("\n".join((times, *cue.lines)))
    return "\n\n".join(blocks) + "\n"


def transcript(chapters: Sequence[Chapter], cues: Sequence[Cue]) -> str:
    """All the words in Markdown, under a heading for each chapter that gives its time."""
    parts = []
    for chapter, after in zip(chapters, [*chapters[1:], None], strict=True):
        last = after.start_ms if after else float("inf")
        words = " ".join(cue.text for cue in cues if chapter.start_ms <= cue.start_ms < last)
        minutes, seconds = divmod(chapter.start_ms // 1000, 60)
        parts.append(f"## {minutes}:{seconds:02d} {chapter.heading}\n\n{words}\n")
    return "\n".join(parts)
