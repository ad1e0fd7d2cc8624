"""Is remote as good as face to face? One answer for each margin that was fixed before the results came."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from backtolife.reporting.analysis.basics.basis import About
from backtolife.reporting.analysis.comparison.margin import Margin
from backtolife.reporting.analysis.comparison.noninferiority import Comparison, Person, compare, side_of
from backtolife.reporting.analysis.comparison.published import Published, PublishedComparison, against_published
from backtolife.reporting.dataset.shape import OWN, Brought, Data, Group, Plan
from backtolife.reporting.figures.batches import Batch, Batches, joined
from backtolife.reporting.figures.change import STARTED
from backtolife.reporting.figures.face_to_face.checks import Checks, checks_of, is_wide, noticed
from backtolife.reporting.figures.face_to_face.planned_look import groups_of_look, needed_beside
from backtolife.reporting.figures.face_to_face.published import entry
from backtolife.reporting.figures.measures import Measure, measures_of
from backtolife.reporting.figures.scope import about, completed, starters
from backtolife.reporting.people_counted import Counts, released

LATEST = "9999-12-31"
IN_HOUSE = "The answers were given on in-house wording, so they are compared with nothing."
NOBODY = "Nobody has answered these questions yet."
NO_FILE = "No face-to-face results have been added yet."
TOO_LATE = (
    "The face-to-face results were added after the first remote results could be seen. Set a new margin: it judges "
    "groups whose questions open after that day."
)
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
    later: int = 0
    """People who came after the planned number was reached: they do not count, since one look was planned."""
    noticed: float | None = None
    """The change one person would notice, where the margin is more than half of it."""
    checks: Checks | None = None


def comparisons(batches: Batches) -> list[Remote]:
    """Every plan, in the order of measures and milestones."""
    return [one(batches, plan) for plan in batches.data.plans]


def one(batches: Batches, plan: Plan) -> Remote:
    data, measure = batches.data, official(batches.data, plan.instrument)
    judged, left_out = judged_by(batches, plan, measure)
    title = measure.title if measure else plan.instrument
    label = data.milestones.get(plan.milestone, plan.milestone)
    beside, caveat = beside_of(data, plan)
    size = noticed(measure.instrument) if measure else None
    wide = size if is_wide(plan.points, size) else None
    base = Remote(plan, label, title, beside, caveat, left_out, None, noticed=wide)
    first = min((group.opened[plan.milestone] for batch in judged for group in batch), default=LATEST)
    file = data.file_of(plan) if plan.against == OWN else None
    why_not = refusal(plan, measure, file, first)
    if measure is None or why_not:
        return replace(base, why_not=why_not)
    figures = None if plan.against == OWN else entry(plan.against).figures
    margin, reference = margin_of(plan), reference_of(file, plan)
    known = figures.n if figures else side_of(reference, measure.better_up).n
    look = groups_of_look(batches, judged, plan.milestone, measure, needed_beside(margin, known))
    people = starters(data, look)
    said = about(look, f"From before the start to “{label}”", f"{STARTED}, and {beside}")
    service = people_of(data, people, measure, plan.milestone)
    side = Side(service, margin, date.fromisoformat(first), measure, said)
    base = replace(base, later=len(starters(data, joined(judged))) - len(people))
    if figures is not None:
        return replace(base, found=side.beside_published(figures))
    found = side.beside_own(reference)
    kept = people_of(data, [place for place in people if completed(data.members[place])], measure, plan.milestone)
    return replace(base, found=found, checks=checks_of(found, service, kept, reference, measure.instrument))


def judged_by(batches: Batches, plan: Plan, measure: Measure | None) -> tuple[list[Batch], int]:
    """The groups a margin judges, in batches, and how many people it leaves out.

    Whoever could answer before the margin was fixed is not judged by it: nobody chooses a margin to fit.
    """
    data, milestone = batches.data, plan.milestone

    def split(groups: Sequence[Group]) -> tuple[list[Group], list[Group]]:
        late = [group for group in groups if group.opened[milestone] > plan.fixed_on]
        return late, [group for group in groups if group not in late]

    def counts(groups: Sequence[Group]) -> Counts:
        late, early = split(groups)
        both = batches.pairs(measure, late, milestone) if measure else 0
        return [(both,), (len(starters(data, late)),), (len(starters(data, early)),)]

    there = batches.both(measure, milestone).batches if measure else batches.closed(milestone)
    release = released(there, counts)
    return [tuple(split(batch)[0]) for batch in release.batches], len(starters(data, split(release.parts)[1]))


def refusal(plan: Plan, measure: Measure | None, file: Brought | None, first: str) -> str:
    """Why nothing may be compared; empty where it may. `first` is the day the first questions judged had opened."""
    if measure is None:
        return NOBODY
    if measure.wording.in_house:
        return IN_HOUSE
    if plan.against != OWN:
        return "" if entry(plan.against).figures else NO_FIGURES
    if file is None:
        return NO_FILE
    return TOO_LATE if file.imported_on >= first and file.imported_on > plan.fixed_on else ""


def people_of(data: Data, places: Sequence[int], measure: Measure, milestone: str) -> list[Person]:
    """Their two scores with their groups."""
    before, after = (measure.column(data, places, each) for each in ("baseline", milestone))
    groups = (data.members[place].group for place in places)
    return [Person(*row) for row in zip(before, after, groups, strict=True)]


def reference_of(file: Brought | None, plan: Plan) -> list[Person]:
    """The face-to-face side of a plan."""
    rows = file.rows if file else ()
    return [
        Person(row.before, row.after, row.group or None)
        for row in rows
        if (row.instrument, row.milestone) == (plan.instrument, plan.milestone)
    ]


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
        file = data.file_of(plan)
        name = file.name if file else "our own face-to-face groups"
        source = f" {file.source}." if file else ""
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
