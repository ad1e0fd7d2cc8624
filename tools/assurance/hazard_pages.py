"""The hazards as people read them: the log, and the counts in the safety case."""

from collections import Counter
from collections.abc import Sequence

from tools.assurance.hazards import Hazard, Risk, words_of

TOLERABLE = 2
"""A rating up to this needs no more; 3 and above needs somebody's decision."""


def in_words(risk: Risk) -> str:
    return f"{words_of(risk.severity)} × {words_of(risk.likelihood)} = **{risk.rating}**"


def log(hazards: Sequence[Hazard]) -> str:
    """An overview, then each hazard."""
    head = ["| | hazard | before | after |", "|---|---|---|---|"]
    rows = [
        f"| [{each.id}](#{each.id.lower()}) | {each.hazard} | {each.before.rating} | {each.after.rating} |"
        for each in hazards
    ]
    return "\n".join([*head, *rows, "", *(one(each) for each in hazards)])


def one(each: Hazard) -> str:
    lines = (
        f"### {each.id}",
        "",
        f"**{each.hazard}**",
        "",
        f"- Cause: {flat(each.cause)}",
        f"- Effect: {flat(each.effect)}",
        f"- Control: {flat(each.control)}",
        f"- Before: {in_words(each.before)}. After: {in_words(each.after)}.",
        f"- Answers for it: {each.owner}. Only the service can: {flat(each.service)}",
        f"- Shown by `{each.test}`; switched off in `{each.switch.file}`.",
        "",
    )
    return "\n".join(lines)


def flat(words: str) -> str:
    return " ".join(words.split())


def counts(hazards: Sequence[Hazard]) -> str:
    """How many hazards have which rating before and after their controls, and which ones wait for a decision."""
    before, after = (Counter(getattr(each, when).rating for each in hazards) for when in ("before", "after"))
    rows = [f"| {rating} | {before[rating]} | {after[rating]} |" for rating in range(5, 0, -1)]
    left = [each for each in hazards if each.after.rating > TOLERABLE]
    waiting = ", ".join(f"[{each.id}](hazard-log.md#{each.id.lower()})" for each in left) or "none"
    return "\n".join(
        (
            f"{len(hazards)} hazards, each with a control and a test that fails without it.",
            "",
            "| rating | hazards before controls | after |",
            "|---|---|---|",
            *rows,
            "",
            f"Rated 3 or above after controls, for the clinical safety officer to accept or refuse by name: {waiting}.",
            "",
        )
    )
