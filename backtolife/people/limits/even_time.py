"""Doors that take an address answer after even times, so that nobody learns by a clock whether we know the address.

The same rows are written for every address, and still the time of one answer told in nine of ten tries whether it was
known (`benchmarks/security/known_address.py`): what is sent and what only seems to be differ by a millisecond.
"""

from collections.abc import Callable
from typing import Any, TypeVar

STEP_SECONDS = 0.1
"""An answer waits for the next multiple of this: well past what the work of a link takes, and nobody notices it."""
View = TypeVar("View", bound=Callable[..., Any])


def answers_evenly(view: View) -> View:
    """Say of a view that the time of its answer must tell nothing."""
    view.evenly = True  # type: ignore[attr-defined]
    return view


def is_even(view: Callable[..., Any] | None) -> bool:
    return bool(getattr(view, "evenly", False))


def left_of_step(seconds: float) -> float:
    """How long until the next multiple of the step, after so many seconds."""
    return STEP_SECONDS - seconds % STEP_SECONDS if STEP_SECONDS else 0.0
