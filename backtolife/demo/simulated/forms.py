"""What a made-up person puts on a form, question by question, with gaps as people leave them."""

import random

from backtolife.demo.simulated.lives import Life
from backtolife.outcomes.answering.responses import NONE_APPLY
from backtolife.outcomes.catalogue.wording import Question, wording

GAP = 0.015
"""How likely one question is left empty."""
SAFETY_ITEM = "9"
MOOD = frozenset({"phq-9", "phq-8", "phq-4", "gad-7"})
HIGHER_IS_BETTER = frozenset({"semcd-6"})

Value = int | str


def filled(dice: random.Random, life: Life, instrument: str, milestone: str) -> dict[str, Value]:
    """The answers by question but for those in words; a tick-list holds its ticks only."""
    form = wording(instrument)
    level = life.level[milestone]
    if instrument in MOOD:
        level = min(max(0.55 * level + 0.45 * life.mood, 0.0), 1.0)
    level = 1 - level if instrument in HIGHER_IS_BETTER else level
    if form.layout == "tick_list":
        ticks: dict[str, Value] = {each.id: 1 for each in form.questions if dice.random() < level}
        return ticks or {NONE_APPLY: 1}
    answers = {each.id: one(dice, each, level, instrument) for each in form.questions if each.kind != "text"}
    return {key: value for key, value in answers.items() if value is not None}


def one(dice: random.Random, question: Question, level: float, instrument: str) -> Value | None:
    """One answer; None is a gap."""
    if instrument == "fft":
        return dice.choices(("very_good", "good", "neither", "poor", "very_poor", "dont_know"), (46, 34, 9, 5, 2, 4))[0]
    if question.id == "situation":
        off = "off_sick_back_pain" if level > 0.5 else "working_with_changes"
        return dice.choices((off, "working_as_usual", "not_in_paid_work", "retired", "caring"), (30, 28, 14, 20, 8))[0]
    if dice.random() < GAP:
        return None
    if instrument == "phq-9" and question.id == SAFETY_ITEM:
        return dice.choices((0, 1, 2, 3), (88, 8, 3, 1))[0] if level > 0.3 else 0
    lowest, highest = ends_of(question)
    if question.id == "days_missed":
        return min(highest, max(0, round(dice.gauss(14 * level - 2, 3))))
    wide = highest - lowest
    return min(highest, max(lowest, round(lowest + wide * level + dice.gauss(0, wide * 0.14))))


def ends_of(question: Question) -> tuple[int, int]:
    numbers = [option.value for option in question.options if isinstance(option.value, int)]
    if numbers:
        return min(numbers), max(numbers)
    return question.minimum or 0, 10 if question.maximum is None else question.maximum
