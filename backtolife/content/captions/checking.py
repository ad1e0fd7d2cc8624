"""What is wrong with the times of captions: what must be mended before they are published, and what is worth a look."""

from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.content.captions.editing import Caption
from backtolife.content.captions.tracks import LINE_CHARACTERS, LINES, wrap

FASTEST = 20.0
"""Characters a second that people can still read, as subtitlers count (Netflix's and the BBC's guides say 17 to 20)."""
LONGEST_GAP_MS = 10_000
SHORTEST_MS = 700


@dataclass(frozen=True)
class Finding:
    """One thing about the caption that stands at `at`, counted from 0. What `stops` must be mended first."""

    at: int
    kind: str
    words: str
    stops: bool = False


def findings(captions: Sequence[Caption], duration_ms: int) -> list[Finding]:
    """Everything there is to say about captions, which are in the order of their times, caption by caption."""
    found: list[Finding] = []
    latest = 0
    for at, each in enumerate(captions):
        found += [Finding(at, *told) for told in of_one(each, duration_ms)]
        if at and each.start_ms < latest:
            found.append(Finding(at, "overlap", "It begins before the one above has ended: both are shown at once."))
        elif each.start_ms - latest > LONGEST_GAP_MS:
            found.append(Finding(at, "gap", silent(each.start_ms - latest, "before it")))
        latest = max(latest, each.end_ms)
    if captions and duration_ms - latest > LONGEST_GAP_MS:
        found.append(Finding(len(captions) - 1, "gap", silent(duration_ms - latest, "after it, to the end")))
    return found


def silent(milliseconds: int, where: str) -> str:
    return f"There are no captions for {milliseconds // 1000} seconds {where}. Does nobody speak?"


def of_one(each: Caption, duration_ms: int) -> list[tuple[str, str, bool]]:
    length = each.end_ms - each.start_ms
    if not each.text.strip():
        return [("empty", "It has no words. Write some, or remove it.", True)]
    if length <= 0:
        return [("backwards", "It ends before it begins. Change one of its times.", True)]
    if each.start_ms >= duration_ms:
        return [("after", "It begins after the video has ended. Change its times, or remove it.", True)]
    found = []
    if each.end_ms > duration_ms:
        found.append(("past", "It ends after the video has ended.", False))
    if length < SHORTEST_MS or len(each.text) / (length / 1000) > FASTEST:
        found.append(("fast", "It is too fast to read. Let it stay longer, or use fewer words.", False))
    if sum(len(wrap(line)) for line in each.text.splitlines() if line.strip()) > LINES:
        words = f"It is longer than {LINES} lines of {LINE_CHARACTERS} characters. Split it."
        found.append(("long", words, False))
    return found
