"""The planner's figures in words."""

from backtolife.pathway.planning.rules import MONTHS, Range
from backtolife.reporting.charts.picture import written

WEEKS_A_MONTH = 365 / 12 / 7
LONGER = f"more than {MONTHS} months"


def weeks(months: float | None) -> str:
    """A wait, given in months, in weeks."""
    if months is None:
        return LONGER
    count = round(months * WEEKS_A_MONTH)
    return "less than a week" if count < 1 else "1 week" if count == 1 else f"{count} weeks"


def wait(each: Range) -> str:
    """How long somebody waits, with its range."""
    low, middle, high = (weeks(value) for value in (each.low, each.middle, each.high))
    return middle if low == middle == high else f"{middle} (in 8 of 10 years {low} to {high})"


def count(each: Range) -> str:
    """A number of people or places, with its range."""
    low, middle, high = (written(value, 0) for value in (each.low, each.middle, each.high))
    return middle if low == high else f"{middle} (in 8 of 10 years {low} to {high})"
