"""The programme's warning signs, in the three groups that the page before a session asks about."""

from dataclasses import dataclass

from backtolife.errors import Invalid
from backtolife.programme.plan.moving_safely import moving_safely

EMERGENCY, TODAY, NOT_TODAY = "emergency", "today", "not_today"
URGENT = frozenset({EMERGENCY, TODAY})
"""The groups that a facilitator must have read before the person moves."""


@dataclass(frozen=True)
class WarningGroup:
    """`advice` is what to do at once; empty where sitting out is enough."""

    id: str
    label: str
    signs: tuple[str, ...]
    advice: str

    @property
    def words(self) -> str:
        """All that stands beside the box."""
        return f"{self.label}. {' '.join(self.signs)}"


def warning_groups() -> tuple[WarningGroup, ...]:
    """In the order of the page, the gravest first; all words but the labels are the exercise library's own."""
    words = moving_safely()
    _, emergency, today = words.urgent
    return (
        WarningGroup(
            EMERGENCY, "New numb skin, a change when I pee, or both legs weak", emergency.signs, emergency.title
        ),
        WarningGroup(TODAY, "I feel ill, or my leg is newly weak or hot", today.signs, today.title),
        WarningGroup(NOT_TODAY, "A fever, a fall, or I was told to rest", words.not_today, ""),
    )


def labels_of(ids: list[str]) -> list[str]:
    """The labels of these groups, for staff; an id nobody knows is left out."""
    return [group.label for group in warning_groups() if group.id in ids]


def group_of(sign: str) -> WarningGroup:
    """The group with this id. Raises Invalid for one that is not on the page."""
    found = next((group for group in warning_groups() if group.id == sign), None)
    if found is None:
        raise Invalid("Choose one of the warning signs on the page.", "flags")
    return found
