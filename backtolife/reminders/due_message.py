"""What is due to be sent, now or soon."""

from dataclasses import dataclass, field

from backtolife.people.models import Person
from backtolife.reminders.rules import Window


@dataclass(frozen=True)
class DueMessage:
    """One message that is due in its `window`: who gets it, which words, what fills them, and the key that makes it
    happen once.
    """

    person: Person
    template: str
    key: str
    values: dict[str, str]
    window: Window
    with_dates: bool = False
    """All dates still to come go with it, for a calendar."""
    about: str = field(default="", compare=False)
    """For staff: which session or which questions it is about."""
