"""What somebody has watched of a video, as merged ranges, and where to go on. All times are milliseconds."""

from collections.abc import Iterable
from typing import NamedTuple

from backtolife.errors import Invalid

WATCHED_SHARE = 0.9
MOST_RANGES = 1000
STEP_BACK_MS = 2_000
NEAR_THE_END_MS = 5_000


class Range(NamedTuple):
    """Watched from `start_ms` up to but not including `end_ms`."""

    start_ms: int
    end_ms: int


def merge(ranges: Iterable[Range], duration_ms: int) -> tuple[Range, ...]:
    """The same watching as few ranges as possible: in order, apart from each other, inside the video.

    What lies past the end is cut off: a player's idea of the length differs by a few frames from ours.
    Raises Invalid for a range that runs backwards or begins before the video, and for more than 1,000 ranges.
    """
    given = list(ranges)
    if len(given) > MOST_RANGES:
        raise Invalid(f"There are more than {MOST_RANGES} watched parts in one report. Send fewer at once.")
    merged: list[Range] = []
    for start, end in sorted(checked(each) for each in given):
        cut = Range(start, min(end, duration_ms))
        if cut.start_ms >= cut.end_ms:
            continue
        if merged and cut.start_ms <= merged[-1].end_ms:
            merged[-1] = Range(merged[-1].start_ms, max(merged[-1].end_ms, cut.end_ms))
        else:
            merged.append(cut)
    return tuple(merged)


def checked(each: Range) -> Range:
    if each.start_ms < 0 or each.end_ms < each.start_ms:
        raise Invalid(f"A watched part cannot go from {each.start_ms} to {each.end_ms} ms.")
    return each


def watched_ms(ranges: Iterable[Range], duration_ms: int) -> int:
    """How much of the video was seen at least once."""
    return sum(end - start for start, end in merge(ranges, duration_ms))


def share_watched(ranges: Iterable[Range], duration_ms: int) -> float:
    """The part of the video seen at least once, from 0 to 1. A video of no length counts as unseen."""
    return watched_ms(ranges, duration_ms) / duration_ms if duration_ms > 0 else 0.0


def is_watched(ranges: Iterable[Range], duration_ms: int) -> bool:
    """Whether so much was seen (90 % or more) that the video counts as watched."""
    return share_watched(ranges, duration_ms) >= WATCHED_SHARE


def resume_ms(position_ms: int, duration_ms: int) -> int:
    """Where to begin again after stopping at `position_ms`: two seconds earlier, or at 0 after the end."""
    if position_ms >= duration_ms - NEAR_THE_END_MS:
        return 0
    return max(0, position_ms - STEP_BACK_MS)
