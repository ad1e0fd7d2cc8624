"""A made-up service that grows group by group, and its data at each moment at which a group has just ended."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from backtolife.people.details.traits import TRAITS
from backtolife.reporting.dataset.shape import Data, Group, Member, Wording
from tests.support.reporting.evidence import face_to_face, plan

FIRST = date(2025, 1, 6)
AFTER = {"baseline": 0, "end": 49, "month-3": 140}
"""When the questions open, in days from the first session; what counts of them is over 40 days later."""
WORDINGS = {
    "0": Wording("rmdq-24", "1", "Roland-Morris", in_house=False),
    "1": Wording("gad-7", "1", "Generalised Anxiety Disorder 7", in_house=False),
    "2": Wording("peg-3", "1", "PEG in our words", in_house=True),
}
HIGHEST = {"0": 24, "1": 21, "2": 10}
LABELS = {"baseline": "Before you start", "end": "At the end of session 8", "month-3": "3 months on"}


def reports_over_time(sizes: Sequence[int], seed: int) -> Iterator[Data]:
    """The data each time that something of a group of one of these sizes is over."""
    dice = random.Random(seed)
    whole = service(dice, sizes)
    for day in sorted({day for group in whole.groups for day in group.final.values()}):
        groups = (closed_on(group, day) for group in whole.groups)
        yield replace(whole, groups=tuple(groups))


def closed_on(group: Group, day: str) -> Group:
    return replace(group, closed=tuple(each for each, last in group.final.items() if last <= day))


def service(dice: random.Random, sizes: Sequence[int]) -> Data:
    groups = [group(place, dice) for place in range(len(sizes))]
    members = [
        member(f"{each.name}-{place:02}", each.id, dice)
        for each, size in zip(groups, sizes, strict=True)
        for place in range(size)
    ]
    waiting = sorted((FIRST + timedelta(days=dice.randint(0, 200))).isoformat() for _ in range(dice.randint(0, 20)))
    data = Data(
        service="Growing service",
        as_of="2026-11-27T09:00:00+00:00",
        milestones=LABELS,
        groups=tuple(groups),
        members=tuple(members),
        waiting=tuple((day, {}) for day in waiting),
        wordings=WORDINGS,
    )
    fixed = plan(fixed_on=FIRST + timedelta(days=dice.choice((0, 60, 100))), points=dice.choice((2.5, 4.0)))
    return replace(face_to_face(data), plans=(fixed,))


def group(place: int, dice: random.Random) -> Group:
    first = FIRST + timedelta(days=21 * place + dice.randint(0, 20))
    opened = {each: first + timedelta(days=days) for each, days in AFTER.items()}
    # Some groups meet twice a week, and end before one that began earlier.
    sooner = timedelta(days=dice.choice((0, 0, 25)))
    final = {each: (day + timedelta(days=40) - sooner).isoformat() for each, day in opened.items()}
    days = {each: day.isoformat() for each, day in opened.items()}
    return Group(f"g{place:02}", f"Group {place + 1}", first.isoformat(), days, (), final)


def member(code: str, group: str, dice: random.Random) -> Member:
    came = dice.choice((0, 1, 4, 6, 7, 8, 9, 9))
    told = {key: answers(HIGHEST[key], dice) for key in WORDINGS}
    return Member(
        code=code,
        group=group,
        dates=steps(came, yes=came > 0 or dice.random() < 0.5),
        sessions=came,
        minutes=came * dice.randint(60, 90),
        videos=dice.randint(0, 9),
        experience=round(dice.uniform(4, 10), 2) if came and dice.random() < 0.8 else None,
        home_times=(home := dice.randint(1, 30) if came and dice.random() < 0.6 else None),
        home_minutes=home * 10 if home and dice.random() < 0.9 else None,
        traits={each.id: dice.choice([*each.options, "", "not_said"]) for each in TRAITS},
        scores={key: scores for key, scores in told.items() if scores},
        words={when: words(dice) for when in ("baseline", "end") if dice.random() < 0.8},
    )


def steps(came: int, *, yes: bool) -> dict[str, str]:
    reached = {"offered": True, "accepted": yes, "started": came > 0, "completed": came >= 6}
    return {name: FIRST.isoformat() for name, taken in reached.items() if taken}


def answers(highest: int, dice: random.Random) -> dict[str, float]:
    """Scores with many digits, so that a mean tells whose it is."""
    return {each: round(dice.uniform(0, highest), 4) for each in LABELS if dice.random() < 0.75}


def words(dice: random.Random) -> dict[str, str | int]:
    situation = dice.choice(("working_as_usual", "working_with_changes", "off_sick_back_pain", "retired", "caring"))
    thought = dice.choice(("very_good", "very_good", "good", "neither", "poor"))
    return {"situation": situation, "days_missed": dice.randint(0, 20), "experience": thought}
