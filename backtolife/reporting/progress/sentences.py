"""What a person's line says in plain words, and in one or two words with a sign."""

from backtolife.outcomes.scoring.change import Change
from backtolife.reporting.progress.lines import OwnLine

TAGS = {
    "improved": ("Better", "tick", "ok"),
    "worse": ("Worse", "warning", "wait"),
    "no_clear_change": ("About the same", "minus", "wait"),
}


def number(value: float | None) -> str:
    """A score as people write it."""
    return f"{value:g}" if value is not None else "none"


def tag_of(line: OwnLine) -> tuple[str, str, str]:
    """Words, picture and colour of the tag: a published size decides where one may; else only which way it went."""
    found = line.change
    if found is None:
        return ("First score", "clock", "accent")
    if found.minimal is not None:
        return TAGS[found.minimal]
    return (moved(found, line), "next", "accent")


def moved(found: Change, line: OwnLine) -> str:
    if found.improvement == 0:
        return "The same number"
    up = (found.improvement > 0) == bool(line.instrument.higher_is_better)
    return f"{number(abs(found.improvement))} {'higher' if up else 'lower'} than before"


def sentences(line: OwnLine) -> str:
    """The line in words. “5 is thought to be a change people notice” stands only beside official wording."""
    first, last = line.first, line.last
    better = "Higher" if line.instrument.higher_is_better else "Lower"
    scale = f"out of {line.highest}"
    if line.change is None:
        return f"Your score is {number(last.value)} {scale}. {better} is better."
    found = line.change
    went = f"Your score was {number(first.value)} {scale} at first. Now it is {number(last.value)}. {better} is better."
    if found.improvement == 0:
        return f"Your score was {number(first.value)} {scale} at first, and it is the same now. {better} is better."
    if found.mic_points is None:
        return went
    way = "improved" if found.improvement > 0 else "got worse"
    size = number(abs(found.improvement))
    return f"{went} It {way} by {size}; {number(found.mic_points)} is thought to be a change people notice."


def reliable_mark(line: OwnLine) -> str:
    """For staff: whether the change is more than the questionnaire's own error. Empty where that may not be said."""
    found = line.change
    if found is None or found.reliable is None:
        return ""
    words = {"improved": "Reliably improved", "worse": "Reliably worse", "no_clear_change": "No reliable change"}
    return f"{words[found.reliable]} (limit {number(found.reliable_points)})"
