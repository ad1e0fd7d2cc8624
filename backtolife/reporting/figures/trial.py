"""How many of those who said yes tried camera, sound and network at home before their first session.

It stands beside the steps and is none of them: somebody may come to a session without having tried.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backtolife.reporting.analysis.basics.basis import Basis, basis
from backtolife.reporting.dataset.shape import Group, Member
from backtolife.reporting.figures.batches import Batches
from backtolife.reporting.figures.beside import told
from backtolife.reporting.figures.scope import members_of
from backtolife.reporting.people_counted import Counts, released
from backtolife.reporting.suppression import SMALLEST_SHOWN

HOW = (
    "From two dates: when somebody first tried after they were given their place, and when they first came to a "
    "session. A try on the day of that session counts. How it went is not counted here: it is on the page of the group."
)
WINDOW, WHO = "From the offer to the first session", "Everyone who was offered a place"


@dataclass(frozen=True, slots=True)
class Trial:
    """How many tried in time, of the `basis.n` who said yes; None is hidden."""

    basis: Basis
    tried: int | None


def trial(batches: Batches) -> Trial | None:
    """None while fewer than 5 have tried before they came."""

    def counts(groups: Sequence[Group]) -> Counts:
        said_yes = [each for each in members_of(batches.data, groups) if each.said_yes]
        tried = sum(map(tried_in_time, said_yes))
        return [[tried, len(said_yes) - tried]]

    release = released(batches.waves, counts)
    (cells,) = counts(release.parts)
    if cells[0] < SMALLEST_SHOWN:
        return None
    said = batches.about(release.parts, WINDOW, WHO)
    offered = len(members_of(batches.data, release.parts))
    return Trial(basis(said, sum(cells), offered, HOW), told(release, 0, cells)[0])


def tried_in_time(member: Member) -> bool:
    """Whether they tried no later than on the day they first came; who never came had all the time there was."""
    tried = member.dates.get("tried")
    return tried is not None and tried <= member.dates.get("started", tried)
