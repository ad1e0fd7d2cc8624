"""From referral to being measured: how many took each step."""

from backtolife.reporting.analysis.service.breakdown import nearest
from backtolife.reporting.analysis.service.completion import Completion, completion
from backtolife.reporting.figures.batches import Batches

STEPS = ("Referred", "Offered a place", "Said yes", "Came to a session", "Completed", "Measured")
FAIR = ("Offered a place", "Came to a session", "Completed", "Measured")
COMPLETED = "came to 6 or more sessions, and stayed to the end"
WINDOW = "From referral to the end of session 8"
MEASURED = "completed, and gave a score of the leading measure both before the start and at the end"


def funnel(batches: Batches) -> Completion:
    """The steps of the whole service. It begins at referral: those without a place belong to no group.

    These are counted to the nearest 5: they come and go one by one.
    """
    groups = batches.steps.parts
    flags = [walk.flags for walk in batches.walks_of(groups)]
    counts = [sum(each) for each in zip(*flags, strict=True)] if flags else [0] * 5
    last = max((group.first_day for group in groups), default="")
    waiting = nearest(sum(day <= last for day, _ in batches.data.waiting))
    population = (
        "Everyone referred who was offered a place, or (to the nearest 5) was still without one when the last of these "
        "groups began"
    )
    steps = list(zip(STEPS, (counts[0] + waiting, *counts), strict=True))
    return completion(steps, about=batches.about(groups, WINDOW, population))
