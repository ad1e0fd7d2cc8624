"""From referral to being measured: how many took each step."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basics.basis import About, Basis, basis
from backtolife.reporting.analysis.basics.proportion import HOW as SHARE_HOW
from backtolife.reporting.analysis.basics.proportion import Share, share

HOW = "Each person is counted at every step they reached; a step's share is of the step before, and of the first."


@dataclass(frozen=True, slots=True)
class Step:
    """`of_before` and `of_first` are None for the first step."""

    name: str
    count: int
    lost: int
    of_before: Share | None
    of_first: Share | None


@dataclass(frozen=True, slots=True)
class Completion:
    """`largest_loss` names the step before which most people were lost; None where nobody was."""

    basis: Basis
    steps: tuple[Step, ...]
    largest_loss: str | None


def completion(steps: Sequence[tuple[str, int]], *, about: About) -> Completion:
    """The steps in order, each with how many reached it. Raises Invalid where a later step has more people."""
    counts = [count for _, count in steps]
    if not steps or min(counts) < 0 or any(after > before for before, after in pairwise(counts)):
        raise Invalid("Each step must have no more people than the one before it.")
    found = [Step(steps[0][0], counts[0], 0, None, None)]
    for (_, before), (name, count) in pairwise(steps):
        found.append(Step(name, count, before - count, share(count, before), share(count, counts[0])))
    worst = max(found, key=lambda step: step.lost)
    return Completion(
        basis=basis(about, counts[-1], counts[0], f"{HOW} {SHARE_HOW}"),
        steps=tuple(found),
        largest_loss=worst.name if worst.lost else None,
    )
