"""Captions as the editor has them: plain words with their times, read from what was typed or from a file."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.content.captions.cues import TIMES, cues_in
from backtolife.content.captions.tracks import Chapter, stamp
from backtolife.errors import Invalid

HEADED = ("WEBVTT", "NOTE", "STYLE", "REGION")
"""Blocks of a file that say nothing to the viewer."""
MOST_CAPTIONS = 5000
MOST_PARTS = 60
LONGEST_HEADING = 120
PART = re.compile(r"(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?:[.,](\d{1,3}))?[ \t]+(\S.*)")
SHOWN = 60


@dataclass(frozen=True)
class Caption:
    """Words that are shown from `start_ms` to `end_ms`; `settings` say where, such as "line:0", if a file did."""

    start_ms: int
    end_ms: int
    text: str
    settings: str = ""


def captions_in(text: str, field: str = "words") -> list[Caption]:
    """Every caption of a WebVTT or SubRip text, without tags and entities.

    Raises Invalid, naming the line, for a time that cannot be read and for words without a time: nothing is left out
    in silence.
    """
    refuse_lost_words(text, field)
    found = [Caption(cue.start_ms, cue.end_ms, "\n".join(cue.spoken()), cue.settings) for cue in cues_in(text)[1]]
    if len(found) > MOST_CAPTIONS:
        raise Invalid(f"There are {len(found)} captions. The most is {MOST_CAPTIONS}.", field)
    return found


def refuse_lost_words(text: str, field: str) -> None:
    raw = re.split(r"\r\n|\r|\n", text.lstrip("\ufeff"))
    lines = [line.strip(" \t") for line in raw]
    inside = False
    for number, line in enumerate(lines, start=1):
        after = lines[number] if number < len(lines) else ""
        if TIMES.fullmatch(line):
            inside = True
        elif "-->" in line:
            raise Invalid(
                f"We cannot read the time in line {number}: “{line[:SHOWN]}”. "
                "Write it like 00:01:02.500 --> 00:01:05.000.",
                field,
            )
        elif not raw[number - 1]:
            inside = False
        elif line and not inside:
            inside = line.startswith(HEADED) or TIMES.fullmatch(after) is not None
            if not inside:
                raise Invalid(
                    f"Line {number} has words without a time: “{line[:SHOWN]}”. "
                    "Put a time above them, and no empty line between.",
                    field,
                )


def written(captions: Sequence[Caption]) -> str:
    """The captions as WebVTT, in the order of their times."""
    blocks = ["WEBVTT"]
    for each in sorted(captions, key=lambda one: (one.start_ms, one.end_ms)):
        words = each.text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        times = f"{stamp(each.start_ms)} --> {stamp(each.end_ms)} {each.settings}".strip()
        blocks.append(f"{times}\n{words}".rstrip())
    return "\n\n".join(blocks) + "\n"


def parts_in(text: str, duration_ms: int) -> list[Chapter]:
    """The parts of a video, one a line, such as "2:30 Why rest does not help".

    Raises Invalid for a line that is none, a part after the video's end, two at one time, a first one that does not
    begin at 0:00.
    """
    found = [part_in(line.strip(), duration_ms) for line in text.splitlines() if line.strip()]
    found.sort(key=lambda each: each.start_ms)
    starts = [each.start_ms for each in found]
    if len(found) > MOST_PARTS:
        raise Invalid(f"There are {len(found)} parts. The most is {MOST_PARTS}.", "parts")
    if starts and starts[0] != 0:
        raise Invalid("The first part must begin at 0:00.", "parts")
    if len(set(starts)) < len(starts):
        raise Invalid("Two parts begin at the same time. Change one of them.", "parts")
    return found


def part_in(line: str, duration_ms: int) -> Chapter:
    told = PART.fullmatch(line)
    if told is None:
        words = f"We cannot read this part: “{line[:SHOWN]}”. Write a time and a name, like 2:30 What helps."
        raise Invalid(words, "parts")
    hours, minutes, seconds, rest, heading = told.groups()
    start = ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((rest or "0").ljust(3, "0"))
    if start >= duration_ms:
        raise Invalid(f"This part begins after the video ends: “{line[:SHOWN]}”.", "parts")
    if len(heading) > LONGEST_HEADING:
        raise Invalid(f"This name is too long: “{heading[:SHOWN]}”. The most is {LONGEST_HEADING} characters.", "parts")
    return Chapter(start, heading)


def parts_text(chapters: Sequence[Chapter]) -> str:
    """The parts as somebody types them."""
    return "\n".join(f"{clock(each.start_ms)} {each.heading}" for each in chapters)


def clock(milliseconds: int) -> str:
    """2:30, or 2:30.250 where it does not fall on a second."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 60}:{seconds % 60:02d}" + (f".{rest:03d}" if rest else "")
