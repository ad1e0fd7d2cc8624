"""What is due to be sent."""

from dataclasses import dataclass

from backtolife.people.models import Person


@dataclass(frozen=True)
class DueMessage:
    """One message that is due: who gets it, which words, what fills them, and the key that makes it happen once."""

    person: Person
    template: str
    key: str
    values: dict[str, str]
    with_dates: bool = False
    """All dates still to come go with it, for a calendar."""
