"""The measures in use: which words they were asked in, who has which scores, and which one leads."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from backtolife.outcomes.catalogue.instrument import Instrument
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.reporting.dataset.shape import Data, Member, Wording

LEADING = "rmdq-24"
"""The measure whose change is set beside attendance, groups and who people are."""
TITLES = {
    LEADING: ("Pain disability", "RMDQ-24"),
    "odi-2.1a": ("Pain disability", "ODI"),
    "peg-3": ("Pain and what it stops", "PEG"),
    "semcd-6": ("Confidence", "SEMCD-6"),
    "pseq-10": ("Confidence", "PSEQ"),
    "phq-9": ("Low mood", "PHQ-9"),
    "phq-8": ("Low mood", "PHQ-8"),
    "gad-7": ("Worry", "GAD-7"),
}
"""Plain names with short ones; any other measure goes by its own."""
ORDER = (LEADING, "odi-2.1a", "peg-3", "semcd-6", "pseq-10", "phq-9", "phq-8", "gad-7")


@dataclass(frozen=True, slots=True)
class Measure:
    """One instrument in one wording. `key` finds its scores in the data."""

    key: str
    wording: Wording
    instrument: Instrument

    @property
    def better_up(self) -> bool:
        return bool(self.instrument.higher_is_better)

    @property
    def title(self) -> str:
        """What it is about, in plain words."""
        return TITLES.get(self.instrument.id, (self.instrument.measures.capitalize(), ""))[0]

    @property
    def short(self) -> str:
        """Its short name, such as PHQ-9."""
        return TITLES.get(self.instrument.id, ("", self.instrument.name))[1]

    @property
    def ends(self) -> tuple[int, int]:
        """The lowest and the highest score there can be."""
        scale = self.instrument.scale(self.instrument.primary or "")
        return scale.lowest, scale.highest

    @property
    def range(self) -> str:
        return "{} to {}".format(*self.ends)

    def score(self, member: Member, milestone: str) -> float | None:
        return member.scores.get(self.key, {}).get(milestone)

    def column(self, data: Data, places: Iterable[int], milestone: str) -> list[float | None]:
        """The scores at the milestone of the members at `places`."""
        column = data.columns.get((self.key, milestone))
        return [column[place] if column else None for place in places]


def measures_of(data: Data) -> list[Measure]:
    """Every measure with a score, the leading ones first."""
    found = [Measure(key, each, load_instrument(each.instrument, each.version)) for key, each in data.wordings.items()]

    def place(measure: Measure) -> tuple[int, str, bool]:
        name = measure.instrument.id
        return (ORDER.index(name) if name in ORDER else len(ORDER), name, measure.wording.in_house)

    return sorted(found, key=place)


def leading(data: Data, members: Sequence[Member]) -> Measure | None:
    """The leading measure in the wording that most people answered at the start and the end."""
    found = [each for each in measures_of(data) if each.instrument.id == LEADING]
    return max(found, key=lambda each: (pairs(each, members), not each.wording.in_house), default=None)


def pairs(measure: Measure, members: Iterable[Member], milestone: str = "end") -> int:
    return sum(is_paired(measure, member, milestone) for member in members)


def is_paired(measure: Measure, member: Member, milestone: str = "end") -> bool:
    held = member.scores.get(measure.key, {})
    return "baseline" in held and milestone in held
