"""What the change would be with those who stopped answering counted in, and how wrong that may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from backtolife.reporting.analysis.basics.refusals import TooFew
from backtolife.reporting.analysis.change.mixed import MixedStep, mixed_columns
from backtolife.reporting.analysis.change.sensitivity import Sensitivity, delta_adjusted
from backtolife.reporting.dataset.shape import Data, Group
from backtolife.reporting.figures.batches import Batches
from backtolife.reporting.figures.change import STARTED
from backtolife.reporting.figures.measures import Measure, measures_of
from backtolife.reporting.figures.scope import starters
from backtolife.reporting.people_counted import Counts, released
from backtolife.reporting.suppression import SMALLEST_SHOWN

DELTAS = (0.05, 0.1, 0.2)
"""δ as parts of the measure's range."""
BETWEEN = ("baseline", "mid", "end")


@dataclass(frozen=True, slots=True)
class Modelled:
    """One measure at the end: the model's change, and what is left of it under each δ."""

    measure: Measure
    step: MixedStep
    sensitivity: Sensitivity


def modelled(batches: Batches) -> list[Modelled]:
    """Every measure the model can be fitted to."""
    data = batches.data
    found = []
    for measure in measures_of(data):
        if (measure.key, "end") not in data.columns:
            continue
        there = released(batches.waves, partial(answered, data, measure)).parts
        people = starters(data, there)
        groups_of = [data.members[place].group for place in people]
        every = {time: measure.column(data, people, time) for time in BETWEEN}
        held = {time: each for time, each in every.items() if len(each) - each.count(None) >= SMALLEST_SHOWN}
        if "baseline" not in held or "end" not in held:
            continue
        said = batches.about(there, f"From before the start to “{data.milestones['end']}”", STARTED)
        try:
            model = mixed_columns(held, groups_of, higher_is_better=measure.better_up, about=said)
        except TooFew:
            continue
        lowest, highest = measure.ends
        deltas = [round(part * (highest - lowest), 2) for part in DELTAS]
        found.append(Modelled(measure, model.steps[-1], delta_adjusted(model.steps[-1], deltas)))
    return found


def answered(data: Data, measure: Measure, groups: Sequence[Group]) -> Counts:
    """Those who gave the measure at the end, and those who did not."""
    scores = measure.column(data, starters(data, groups), "end")
    missing = scores.count(None)
    return [(len(scores) - missing,), (missing,)]
