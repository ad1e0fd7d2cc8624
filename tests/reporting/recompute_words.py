"""How the results page writes numbers and intervals, worked out anew for the check of its figures."""

from scipy import stats


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
