"""How figures read: one place for decimals, minus signs, intervals and shares, for page and report alike."""

from datetime import datetime

from backtolife.outcomes.catalogue.instrument import ChangeLimit
from backtolife.reporting.analysis.basics.basis import Basis, Interval
from backtolife.reporting.analysis.basics.proportion import Share, share
from backtolife.reporting.charts.picture import written
from backtolife.reporting.figures.evidence import Waiting
from backtolife.reporting.figures.shares import Shares

KINDS = {
    "minimal": "A change one person would notice",
    "minimal_percent": "The same, in per cent of the start",
    "reliable": "More than the questions' own error",
}


def number(value: float | None, places: int = 1) -> str:
    return written(value, places)


def reach(interval: Interval | None, places: int = 1) -> str:
    """2.3 to 3.9."""
    return "" if interval is None else f"{written(interval.low, places)} to {written(interval.high, places)}"


def percent(part: Share | None) -> str:
    """73%, or a dash of nobody."""
    return "–" if part is None or part.proportion is None else f"{written(100 * part.proportion, 0)}%"


def percent_of(count: int, of: int) -> str:
    return percent(share(count, of)) if of else "–"


def percent_reach(count: int, of: int) -> str:
    """31 to 47."""
    interval = share(count, of).interval
    return "" if interval is None else f"{written(100 * interval.low, 0)} to {written(100 * interval.high, 0)}"


def limit(of: Shares) -> str:
    """5 points or more."""
    held: ChangeLimit = of.found.limit
    unit = "points" if held.unit == "points" else "% of the start"
    return f"{held.value:g} {unit} or more"


CERTAINTY = {
    "V": "read in the source",
    "K": "known from general knowledge, not read in the source",
    "U": "uncertain",
}
"""What the one-letter marks of the instruments' facts say; words that follow a letter in the facts are dropped."""


def source(of: Shares) -> str:
    """Where a size of change comes from, and how sure that is."""
    held: ChangeLimit = of.found.limit
    sure = CERTAINTY.get((held.certainty or "")[:1], "not known how sure")
    return f"Source: {held.source or 'not known'}; {sure}."


def basis(held: Basis) -> str:
    """What every figure says about itself, as one paragraph."""
    newer = "1 newer one waits" if held.waiting == 1 else f"{held.waiting} newer ones wait"
    who = f"{held.population}; {newer}" if held.waiting else held.population
    return f"{held.n} of {held.of}. When: {held.window}. Who: {who}. How: {held.how}"


def waits(of: Waiting) -> str:
    """Whose answers are not in yet, in words that tell no number under 5."""
    people = "fewer than 5" if of.people is None else f"about {of.people}"
    groups = "1 group" if of.groups == 1 else f"{of.groups} groups"
    return f"Answers of {people} people in {groups} wait for the next release."


def date_words(as_of: str) -> str:
    """27 November 2026."""
    at = datetime.fromisoformat(as_of)
    return f"{at.day} {at:%B %Y}"
