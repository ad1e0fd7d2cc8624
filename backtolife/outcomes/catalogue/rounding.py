"""Rounding half up, exactly: 14.625 becomes 15 at no places, and no binary fraction ever tips it over."""

from __future__ import annotations

from fractions import Fraction

Exact = int | Fraction


def half_up(numerator: Exact, denominator: int, places: int) -> int | float:
    """numerator / denominator (above 0) to `places` decimals, halves towards plus infinity. Whole at 0 places."""
    if denominator == 1 and places == 0 and isinstance(numerator, int):
        return numerator
    power = 10**places
    steps = int((2 * power * numerator + denominator) // (2 * denominator))
    return steps if places == 0 else steps / power


def exact(number: float) -> Exact:
    """A number as written in decimals, without binary error: 0.1 is one tenth."""
    if isinstance(number, int) or number.is_integer():
        return int(number)
    return Fraction(str(number))
