"""Made-up people for trying out results: who they are, how often they came, how they were. Plain, from a seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

MILESTONES = ("baseline", "mid", "end", "review", "month-3", "month-6", "month-12")
LIKELY = {"baseline": 0.97, "mid": 0.8, "end": 0.86, "review": 0.75, "month-3": 0.7, "month-6": 0.6, "month-12": 0.5}
"""How likely somebody who came to most sessions answers."""
AFTER_LEAVING = 0.3
"""How much less likely somebody who stopped coming does."""
TRAITS = {
    "age": (("16_34", 12), ("35_49", 30), ("50_64", 34), ("65_up", 18), ("not_said", 4), ("", 2)),
    "sex": (("female", 58), ("male", 36), ("another", 1), ("not_said", 5)),
    "ethnic_group": (("white", 62), ("asian", 18), ("black", 9), ("mixed", 4), ("other", 3), ("not_said", 4)),
    "support": (("none", 86), ("interpreter", 9), ("bsl", 1), ("not_said", 4)),
}


@dataclass
class Life:
    """One person. `level` is how bad things are at each milestone, 0 to 1; `came` the minutes in each session."""

    traits: dict[str, str]
    said_yes: bool
    came: dict[int, int]
    videos: int
    level: dict[str, float]
    answers: frozenset[str]
    mood: float
    felt: dict[int, int] = field(default_factory=dict)


def lives(dice: random.Random, count: int) -> Iterator[Life]:
    """`count` people, each different, the same for the same dice."""
    for _ in range(count):
        yield life(dice)


def life(dice: random.Random) -> Life:
    said_yes = dice.random() < 0.92
    regular = dice.betavariate(6, 1.6) if dice.random() < 0.82 else dice.betavariate(1.3, 4)
    came = {
        number: dice.choice((90, 90, 88, 85, 78, 62, 45))
        for number in range(1, 10)
        if said_yes and dice.random() < regular
    }
    start = min(max(dice.gauss(0.52, 0.17), 0.08), 0.96)
    better = 0.02 + 0.016 * len(came) + dice.gauss(0, 0.13)
    share = {"baseline": 0.0, "mid": 0.5, "end": 1.0, "review": 1.0, "month-3": 0.95, "month-6": 0.85, "month-12": 0.75}
    level = {each: min(max(start - better * share[each] + dice.gauss(0, 0.05), 0.0), 1.0) for each in MILESTONES}
    left = 1.0 if len(came) >= 6 else AFTER_LEAVING
    answers = {each for each in MILESTONES if dice.random() < LIKELY[each] * (1.0 if each == "baseline" else left)}
    return Life(
        traits={name: dice.choices(*zip(*options, strict=True))[0] for name, options in TRAITS.items()},
        said_yes=said_yes,
        came=came,
        videos=sum(dice.random() < 0.3 + 0.5 * regular for _ in range(9)) if said_yes else 0,
        level=level,
        answers=frozenset(answers) if said_yes else frozenset(),
        mood=min(max(dice.gauss(0.42, 0.2), 0.02), 0.98),
        felt={number: min(10, max(0, round(dice.gauss(7.6, 1.4)))) for number in came if dice.random() < 0.75},
    )
