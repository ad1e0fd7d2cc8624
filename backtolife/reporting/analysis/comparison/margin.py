"""How much worse would still be as good, fixed before anyone saw a result; and how many people that takes."""

import math
from dataclasses import dataclass
from datetime import date

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basics.distributions import normal_quantile
from backtolife.reporting.analysis.basics.refusals import MarginTooLate

ONE_SIDED = 0.025


@dataclass(frozen=True, slots=True)
class Margin:
    """The plan of one comparison. `points` above 0 is the most that remote may be worse.

    `sd` is the planned spread of the improvement, `icc` how alike people in a group are (0 to below 1), `group_size`
    how many share a group, `power` the chance to show it if both are the same. `fixed_on`, `fixed_by`, `reason` and
    `version` say who set it, when and why. Raises Invalid for values that cannot be.
    """

    points: float
    sd: float
    fixed_on: date
    fixed_by: str
    reason: str
    version: str
    icc: float = 0.0
    group_size: float = 1.0
    power: float = 0.9

    def __post_init__(self) -> None:
        if self.points <= 0 or self.sd <= 0:
            raise Invalid("The margin and the planned spread must be above 0.")
        if not 0 <= self.icc < 1 or self.group_size < 1 or not 0.5 <= self.power < 1:
            raise Invalid("Give an ICC from 0 to below 1, groups of 1 or more, and a power from 0.5 to below 1.")
        if not (self.fixed_by.strip() and self.reason.strip() and self.version.strip()):
            raise Invalid("Say who fixed the margin, why, and which version it is.")

    @property
    def required(self) -> int:
        """How many people each side needs."""
        return required_per_side(self.points, self.sd, power=self.power, icc=self.icc, group_size=self.group_size)


def required_per_side(
    points: float, sd: float, *, power: float = 0.9, icc: float = 0.0, group_size: float = 1.0
) -> int:
    """People on each side to show no worse than `points`, one-sided 2.5 %, when both sides are truly the same."""
    reach = normal_quantile(1 - ONE_SIDED) + normal_quantile(power)
    return math.ceil(2 * (sd * reach / points) ** 2 * (1 + (group_size - 1) * icc))


def required_beside(required: int, reference: int) -> int | None:
    """People needed on the service's side when the other has `reference`; None where no number would be enough.

    Two sides of different size weigh as much as two of their harmonic mean.
    """
    left = 2 / required - 1 / reference if reference else -1.0
    return math.ceil(1 / left - 1e-9) if left > 0 else None


def check_fixed_before(margin: Margin, first_result: date) -> None:
    """Raises MarginTooLate unless the margin was fixed before the day of the first result it judges."""
    if margin.fixed_on >= first_result:
        raise MarginTooLate(
            f"The margin was fixed on {margin.fixed_on:%d %B %Y}, and the first result came on "
            f"{first_result:%d %B %Y}. A margin counts only for results that come after it."
        )
