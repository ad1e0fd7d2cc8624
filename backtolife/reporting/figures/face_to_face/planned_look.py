"""One look, at the planned number: whoever answers after it was reached is not in the comparison.

Looking again with each new group would find “no worse” by chance more often than the 2.5 % it is planned with.
"""

from collections.abc import Sequence

from backtolife.reporting.analysis.comparison.margin import Margin, required_beside
from backtolife.reporting.dataset.shape import Group
from backtolife.reporting.figures.batches import Batch, Batches
from backtolife.reporting.figures.measures import Measure


def groups_of_look(
    batches: Batches, judged: Sequence[Batch], milestone: str, measure: Measure, needed: int | None
) -> list[Group]:
    """The groups, in the order in which they ended, until `needed` people of them have both scores.

    Whole batches only; all of `judged` while the number is not reached, or where no number would be enough.
    """
    found: list[Group] = []
    both = 0
    for batch in judged:
        if needed is not None and both >= needed:
            break
        found += batch
        both += batches.pairs(measure, batch, milestone)
    return found


def needed_beside(margin: Margin, reference: int | None) -> int | None:
    """How many the service needs beside `reference` people with both scores; None where no number would be enough."""
    return required_beside(margin.required, reference) if reference else None
