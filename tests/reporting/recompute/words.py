"""How the results page writes numbers, intervals and shares, and what it hides, worked out anew."""

from collections.abc import Sequence

from scipy import stats

HIDDEN = "Hidden"
Table = list[list[str]]
"""The cells of each row as words, the first row being the head."""


def number(cell: str) -> float | None:
    return float(cell) if cell else None


def minus(text: str) -> str:
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def shown(value: float, places: int = 1) -> str:
    return minus(f"{value:.{places}f}")


def reach(low: float, high: float, places: int = 1) -> str:
    return f"{shown(low, places)} to {shown(high, places)}"


def wilson(count: int, n: int) -> str:
    low, high = stats.binomtest(count, n).proportion_ci(method="wilson")
    return f"{100 * low:.0f} to {100 * high:.0f}"


def percent(count: int, n: int) -> str:
    return f"{100 * count / n:.0f}%"


def hide(counts: Sequence[int]) -> list[int | None]:
    """The counts without those under 5, and without the smallest others while the hidden ones could be worked out."""
    covered = {place for place, count in enumerate(counts) if count < 5}
    for place in sorted(range(len(counts)), key=lambda place: counts[place]):
        if covered and (len(covered) == 1 or sum(counts[each] for each in covered) < 5):
            covered.add(place)
    return [None if place in covered else count for place, count in enumerate(counts)]


def cell(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def share(count: int | None, n: int) -> str:
    return HIDDEN if count is None else percent(count, n)
