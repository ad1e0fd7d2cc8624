"""Why people left before the end: counted, with small numbers hidden as everywhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.programme.places.rules import REASONS
from backtolife.reporting.analysis.basics.basis import Basis, basis
from backtolife.reporting.dataset.shape import Group, Member
from backtolife.reporting.figures.batches import Batches
from backtolife.reporting.figures.beside import told
from backtolife.reporting.figures.scope import members_of
from backtolife.reporting.people_counted import Counts, released
from backtolife.reporting.suppression import SMALLEST_SHOWN

HOW = (
    "Each person who left is counted once, by the main reason that staff wrote down with them. Who has died is not "
    "among them. Hidden is a number under 5, and as many others as it takes that it cannot be worked out."
)
WINDOW, WHO = "From the offer until the results of a group stand still", "Everyone who was offered a place"


@dataclass(frozen=True, slots=True)
class Leaving:
    """How many left, by reason; a count of None is hidden."""

    basis: Basis
    rows: tuple[tuple[str, int | None], ...]


def leaving(batches: Batches) -> Leaving | None:
    """None while fewer than 5 have left for a reason that was written down."""

    def counts(groups: Sequence[Group]) -> Counts:
        return [by_reason(members_of(batches.data, groups))]

    release = released(batches.waves, counts)
    people = members_of(batches.data, release.parts)
    cells = by_reason(people)
    if sum(cells) < SMALLEST_SHOWN:
        return None
    said = batches.about(release.parts, WINDOW, WHO)
    shown = told(release, 0, cells)
    return Leaving(basis(said, sum(cells), len(people), HOW), tuple(zip(REASONS.values(), shown, strict=True)))


def by_reason(people: Sequence[Member]) -> list[int]:
    given = Counter(each.left_because for each in people)
    return [given[reason.value] for reason in REASONS]
