"""From referral to being measured, and what the page says of it."""

from itertools import pairwise

from tests.reporting.recompute.rows import STEPS, Row, period, steps_of
from tests.reporting.recompute.words import percent

WORDS = ("Referred", "Offered a place", "Said yes", "Came to a session", "Came to 6 or more", "Measured")


def counts_of(rows: list[Row], people: list[Row]) -> list[int]:
    last = max(row["first_day"] for row in rows)
    waiting = sum(row["offered"] == "no" and row["referred_on"] <= last for row in people)
    counts = dict(zip(STEPS, steps_of(rows), strict=True))
    said_yes = sum(row["said_yes"] == "yes" for row in rows)
    return [counts["offered"] + waiting, counts["offered"], said_yes, *(counts[step] for step in STEPS[1:])]


def funnel(rows: list[Row], people: list[Row]) -> list[str]:
    """One line a step, and which one loses most."""
    counts = counts_of(rows, people)
    shares = ["all", *(percent(count, before) for before, count in pairwise(counts))]
    lines = [f"{name} {count} {share}" for name, count, share in zip(WORDS, counts, shares, strict=True)]
    lost = [before - count for before, count in pairwise(counts)]
    worst = WORDS[lost.index(max(lost)) + 1]
    return [*lines, f"The most people are lost just before “{worst}”."]


def bars(rows: list[Row], people: list[Row]) -> list[str]:
    """How long each step's bar is, of the first one."""
    counts = counts_of(rows, people)
    return [f"{count} of {counts[0]}" for count in counts]


def running(people: list[Row]) -> list[str]:
    """How many groups are under way, if any."""
    groups = len({row["group"] for row in people if row["group"] and row["counted"] == "no"})
    are, their = ("group is", "its") if groups == 1 else ("groups are", "their")
    return [f"{groups} {are} not counted yet, because {their} questions at the end are open or to come."] * bool(groups)


def counted(rows: list[Row], page: bool) -> str:
    groups = len({row["group"] for row in rows})
    return f"{groups} groups have ended: {period(rows)}." if page else f"{groups} groups counted: {period(rows)}."
