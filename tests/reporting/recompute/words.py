"""How the results page writes numbers, intervals and shares, and what it hides, worked out anew."""

from collections.abc import Collection, Sequence

from scipy import stats

HIDDEN = "Hidden"
NONE = "–"
Table = list[list[str]]
"""The cells of each row as words, the first row being the head."""


def number(cell: str) -> float | None:
    return float(cell) if cell else None


def minus(text: str) -> str:
    return text.replace("-", "−") if float(text) else text.lstrip("-")


def shown(value: float, places: int = 1) -> str:
    return minus(half_up(value, places))


def half_up(value: float, places: int) -> str:
    """Halves away from nought, and no noise of binary fractions."""
    whole = round(abs(value) * 10**places + 1e-9 + 0.0, 9)
    digits = int(whole + 0.5) / 10**places
    return f"{'-' if value < 0 else ''}{digits:.{places}f}"


def reach(low: float, high: float, places: int = 1) -> str:
    return f"{shown(low, places)} to {shown(high, places)}"


def wilson(count: int, n: int) -> str:
    low, high = stats.binomtest(count, n).proportion_ci(method="wilson")
    return f"{shown(100 * low, 0)} to {shown(100 * high, 0)}"


def percent(count: int, n: int) -> str:
    return f"{shown(100 * count / n, 0)}%"


def covered(counts: Sequence[int], also: Collection[int] = ()) -> set[int]:
    """The places of those under 5 and in `also`, and of the smallest others while their sum gives one away."""
    found = {place for place, count in enumerate(counts) if count < 5} | {*also}
    for place in sorted(range(len(counts)), key=lambda place: counts[place]):
        if found and too_plain([counts[each] for each in found]):
            found.add(place)
    return found


def too_plain(hidden: Sequence[int]) -> bool:
    return len(hidden) == 1 or sum(hidden) < 5


def cell(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def share(count: int | None, n: int) -> str:
    return HIDDEN if count is None else percent(count, n)
