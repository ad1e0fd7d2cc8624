"""From referral to being measured, and what the page says of it."""

from itertools import pairwise

from tests.reporting.recompute.dataset.rows import STEPS, Row, period, said_yes, started, steps_of
from tests.reporting.recompute.dataset.service import Service
from tests.reporting.recompute.words import percent

WORDS = ("Referred", "Offered a place", "Said yes", "Came to a session", "Completed", "Measured")


def counts_of(rows: list[Row], people: list[Row]) -> list[int]:
    last = max(row["first_day"] for row in rows)
    waiting = sum(row["offered"] == "no" and row["referred_on"] <= last for row in people)
    counts = dict(zip(STEPS, steps_of(rows), strict=True))
    accepted = sum(map(said_yes, rows))
    return [
        counts["offered"] + 5 * ((waiting + 2) // 5),
        counts["offered"],
        accepted,
        *(counts[step] for step in STEPS[1:]),
    ]


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
    when = "a group counts from 14 days after its last session and its questions at the end"
    return [f"{groups} {'group is' if groups == 1 else 'groups are'} not counted yet: {when}."] * bool(groups)


def waiting(service: Service) -> list[str]:
    """Whose answers wait for the next release, in words that tell no number under 5."""
    counted = {row["group"] for row in service.rows}
    wait = [row for row in service.every if row["group"] not in counted]
    if not wait:
        return []
    groups, came = len({row["group"] for row in wait}), len(started(wait))
    people = "fewer than 5" if came < 5 else f"about {5 * ((came + 2) // 5)}"
    where = "1 group" if groups == 1 else f"{groups} groups"
    return [f"Answers of {people} people in {where} wait for the next release."]


def counted(rows: list[Row], page: bool) -> str:
    groups = len({row["group"] for row in rows})
    are = "groups are" if page else "groups"
    return f"{groups} {are} counted: {period(rows)}."
