"""How measured times are summed up and held against what was promised."""

from collections.abc import Sequence


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def line(what: str, values: Sequence[float], reach: float, unit: str = "ms") -> str:
    """p50, p95 and the most, and whether p95 reaches what was promised."""
    p95 = percentile(values, 0.95)
    verdict = "reached" if p95 <= reach else "MISSED"
    return (
        f"{what}: n {len(values)}  p50 {percentile(values, 0.5):.0f}  p95 {p95:.0f}  most {max(values):.0f} {unit}"
        f"  ({verdict}: p95 at most {reach:.0f} {unit})"
    )
