"""When the room hears how one of its members is: so often a second and so much, the last state always. Pure."""

from backtolife.sessions.media.limits.budget import UPDATES, Allowance, Budget, Limit

TOLD = Limit(10, 10)
"""How often the room is told of one member: changes in between are told together."""


class Telling:
    """One member's. What they change is paid for in bytes, once for each who is told."""

    def __init__(self, budget: Budget) -> None:
        self._budget, self._pace = budget, Allowance(TOLD)
        self.owed = False
        """Whether there is a change that the room has not heard of."""

    def due(self, now: float) -> bool:
        """Whether the room hears of a change now; if not it is owed."""
        self.owed = self._budget.wait(UPDATES, now) > 0 or not self._pace.take(1, now)
        return not self.owed

    def told(self, octets: int) -> None:
        """So many bytes were sent to everybody together."""
        self.owed = False
        self._budget.spend(UPDATES, octets)
