"""Is remote as good as face to face? One answer for each margin that was fixed before the results came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backtolife.reporting.analysis.basis import About
from backtolife.reporting.analysis.margin import Margin
from backtolife.reporting.analysis.noninferiority import Comparison, Person, compare
from backtolife.reporting.analysis.published import Published, PublishedComparison, against_published
from backtolife.reporting.dataset.shape import Data, Group, Plan
from backtolife.reporting.figures.change import STARTED
from backtolife.reporting.figures.measures import Measure, closed_at, measures_of
from backtolife.reporting.figures.published import entry
from backtolife.reporting.figures.scope import about, starters

OWN = "own"
LATEST = "9999-12-31"
IN_HOUSE = "The answers were given on in-house wording, so they are compared with nothing."
NOBODY = "Nobody has answered these questions yet."
NO_FILE = "No face-to-face results have been brought yet."
NO_FIGURES = "This published result gives no spread or no number of people, so nothing can be computed against it."


@dataclass(frozen=True, slots=True)
class Remote:
    """One comparison. `why_not` is set where nothing may be compared; then `found` is None."""

    plan: Plan
    label: str
    title: str
    beside: str
    caveat: str
    left_out: int
    """People whose questions had opened by the day the margin was fixed: they do not count."""
    found: Comparison | PublishedComparison | None
    why_not: str = ""


def comparisons(data: Data, groups: Sequence[Group]) -> list[Remote]:
    """Every plan, in the order of measures and milestones."""
    return [one(data, plan, groups) for plan in data.plans]


def one(data: Data, plan: Plan, groups: Sequence[Group]) -> Remote:
    there = closed_at(groups, plan.milestone)
    # Whoever could answer before the margin was fixed is not judged by it: nobody chooses a margin to fit.
    judged = [group for group in there if group.opened[plan.milestone] > plan.fixed_on]
    people = starters(data, judged)
    left_out = len(starters(data, there)) - len(people)
    measure = official(data, plan.instrument)
    title = measure.title if measure else plan.instrument
    label = data.milestones.get(plan.milestone, plan.milestone)
    beside, caveat = beside_of(data, plan)

    def answer(found: Comparison | PublishedComparison | None, why_not: str = "") -> Remote:
        return Remote(plan, label, title, beside, caveat, left_out, found, why_not)

    if measure is None:
        return answer(None, NOBODY)
    if measure.wording.in_house:
        return answer(None, IN_HOUSE)
    before, after = measure.column(data, people, "baseline"), measure.column(data, people, plan.milestone)
    groups_of = (data.members[place].group for place in people)
    service = [Person(*row) for row in zip(before, after, groups_of, strict=True)]
    said = about(judged, f"From before the start to “{label}”", f"{STARTED}, and {beside}")
    first = date.fromisoformat(min((group.opened[plan.milestone] for group in judged), default=LATEST))
    side = Side(service, margin_of(plan), first, measure, said)
    if plan.against != OWN:
        figures = entry(plan.against).figures
        return answer(None, NO_FIGURES) if figures is None else answer(side.beside_published(figures))
    if data.brought is None:
        return answer(None, NO_FILE)
    reference = [
        Person(row.before, row.after, row.group or None)
        for row in data.brought.rows
        if (row.instrument, row.milestone) == (plan.instrument, plan.milestone)
    ]
    return answer(side.beside_own(reference))


@dataclass(frozen=True, slots=True)
class Side:
    """The service's side of one comparison. In-house wording is refused again where the figures are computed."""

    people: Sequence[Person]
    margin: Margin
    first_result: date
    measure: Measure
    about: About

    def beside_published(self, figures: Published) -> PublishedComparison:
        return against_published(
            self.people, figures, margin=self.margin, first_result=self.first_result,
            higher_is_better=self.measure.better_up, in_house=self.measure.wording.in_house, about=self.about,
        )  # fmt: skip

    def beside_own(self, reference: Sequence[Person]) -> Comparison:
        return compare(
            self.people, reference, margin=self.margin, first_result=self.first_result,
            higher_is_better=self.measure.better_up, in_house=self.measure.wording.in_house, about=self.about,
        )  # fmt: skip


def official(data: Data, instrument: str) -> Measure | None:
    """The measure in its official words, else in our own, which is then refused."""
    found = [each for each in measures_of(data) if each.instrument.id == instrument]
    return next((each for each in found if not each.wording.in_house), found[0] if found else None)


def beside_of(data: Data, plan: Plan) -> tuple[str, str]:
    """What stands on the other side, and what to beware of."""
    if plan.against == OWN:
        name = data.brought.name if data.brought else "our own face-to-face groups"
        source = f" {data.brought.source}." if data.brought else ""
        return (
            name,
            f"People were not put in remote or face to face by chance, so the two may differ in other ways.{source}",
        )
    held = entry(plan.against)
    return held.said, f"{held.caveat} Source: {held.source}."


def margin_of(plan: Plan) -> Margin:
    return Margin(
        points=plan.points,
        sd=plan.sd,
        fixed_on=date.fromisoformat(plan.fixed_on),
        fixed_by=plan.fixed_by,
        reason=plan.source,
        version=str(plan.version),
        icc=plan.icc,
        group_size=plan.group_size,
    )
