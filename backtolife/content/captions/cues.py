"""Captions as other programs write them, read the way browsers read them, and written again as plain WebVTT."""

import html
import re
from dataclasses import dataclass
from itertools import pairwise

STAMP = r"(?:(\d{1,9}):)?([0-5]?\d):([0-5]\d)[.,](\d{3})"
TIMES = re.compile(rf"{STAMP}[ \t]*-->[ \t]*{STAMP}(?:[ \t]+(.*))?")
VOICE = re.compile(r"<v(?:\.[^\s<>]*)?[ \t]([^>]+)>", re.IGNORECASE)
TAGS = re.compile(r"</?[a-z0-9][^>]*>", re.IGNORECASE)
"""Both only up to a line's last ">": behind it each would look from every "<" to the end of the line, and find none."""
ENDLESS = re.compile(r"&#[0-9]{8,}")
"""No character has such a number, and one of thousands of digits is not even read."""
MOST_ROLLED = 20
"""Lines that a cue may show again."""
UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True)
class Told:
    """One cue of a file: its times in milliseconds, its settings (such as "line:0"), its lines as they stand."""

    start_ms: int
    end_ms: int
    settings: str
    lines: tuple[str, ...]

    def spoken(self) -> list[str]:
        """Its lines without tags and entities, a speaker's name in front of what they say."""
        plain = [UNSEEN.sub("", html.unescape(ENDLESS.sub("\ufffd", untagged(line)))) for line in self.lines]
        return [" ".join(line.split()) for line in plain if line.strip()]


def untagged(line: str) -> str:
    """The line with a speaker's name in front of what they say, and without other tags."""
    head, end, rest = line.rpartition(">")
    head, end, middle = VOICE.sub(lambda found: f"{found[1].strip()}: ", head + end).rpartition(">")
    return TAGS.sub("", head + end) + middle + rest


def decoded(data: bytes) -> str:
    """The text of a captions file: in UTF-16 where it says so, in UTF-8, or as Windows wrote it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def cues_in(text: str) -> tuple[str, list[Told]]:
    """What stands before the first cue (the header, styles and regions), and every cue in order.

    Line ends of every kind count, a comma for the point in times too, and a cue that begins without an empty line.
    """
    lines = text.lstrip("\ufeff").replace("\x00", "\ufffd").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    starts = [number for number, line in enumerate(lines) if TIMES.fullmatch(line.strip(" \t"))]
    told = []
    for at, after in pairwise((*starts, len(lines))):
        found = TIMES.fullmatch(lines[at].strip(" \t"))
        assert found is not None  # noqa: S101 - it was just found there
        words = lines[at + 1 : after]
        end = next((number for number, line in enumerate(words) if not line), len(words))
        told.append(Told(moment(found.groups()[:4]), moment(found.groups()[4:8]), found[9] or "", tuple(words[:end])))
    return "\n".join(lines[: starts[0]] if starts else lines), told


def moment(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = (int(part or 0) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def spoken_once(told: list[Told]) -> list[str]:
    """What is said, line by line. Captions that roll show each line again with the next one: it counts once."""
    said: list[str] = []
    shown: list[str] = []
    last_end = 0
    for cue in told:
        lines = cue.spoken()
        rolls = bool(shown) and cue.start_ms <= last_end
        new = lines[overlap(shown, lines) :] if rolls else lines
        said += new
        shown, last_end = lines or shown, max(cue.end_ms, last_end)
    return said


def overlap(before: list[str], after: list[str]) -> int:
    """How many of the last lines of `before` are the first ones of `after`."""
    most = min(len(before), len(after), MOST_ROLLED)
    return next((count for count in range(most, 0, -1) if before[-count:] == after[:count]), 0)
