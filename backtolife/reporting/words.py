"""How figures read: one place for decimals, minus signs, intervals and shares, for page and report alike."""

from datetime import datetime

from backtolife.outcomes.instrument import ChangeLimit
from backtolife.reporting.analysis.basis import Basis, Interval
from backtolife.reporting.analysis.proportion import Share, share
from backtolife.reporting.charts.picture import written
from backtolife.reporting.figures.change import Shares

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
    return "–" if part is None or part.proportion is None else f"{100 * part.proportion:.0f}%"


def percent_of(count: int, of: int) -> str:
    return percent(share(count, of)) if of else "–"


def percent_reach(count: int, of: int) -> str:
    """31 to 47."""
    interval = share(count, of).interval
    return "" if interval is None else f"{100 * interval.low:.0f} to {100 * interval.high:.0f}"


def limit(of: Shares) -> str:
    """5 points or more."""
    held: ChangeLimit = of.found.limit
    unit = "points" if held.unit == "points" else "% of the start"
    return f"{held.value:g} {unit} or more"


def basis(held: Basis) -> str:
    """What every figure says about itself, as one paragraph."""
    return f"{held.n} of {held.of}. When: {held.window}. Who: {held.population}. How: {held.how}"


def date_words(as_of: str) -> str:
    """27 November 2026."""
    at = datetime.fromisoformat(as_of)
    return f"{at.day} {at:%B %Y}"
