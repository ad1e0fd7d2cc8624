"""What the letters of one group are decided from, as it stands at one moment: the rules ask no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from backtolife.outcomes.asking.due import Due
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import IN_THE_GROUP
from backtolife.programme.consent.models import ConsentAnswer
from backtolife.programme.places.offer_lists import ToldOf
from backtolife.sessions.room.models import GroupSession

Member = tuple[Enrolment, Person]


@dataclass(frozen=True)
class Facts:
    """One group, with what the rules look at."""

    cohort: Cohort
    dates: Sequence[SessionDate]
    asked: Sequence[Member]
    """Who is in the group, by the name it sees, then who left and agreed to the questions some months later."""
    said_before: Sequence[tuple[Enrolment, Person, ConsentAnswer]]
    """Who left, and said to older words that we may ask later."""
    offers: Sequence[ToldOf]
    """The offers that there is something to write about."""
    offered_by: Mapping[str, Person]
    """Who made an offer, by id."""
    held: Mapping[str, GroupSession]
    """The sessions near by, by date, where somebody needed them before."""
    came: Mapping[str, set[str]]
    """Who was at the sessions of the day before, by date."""
    since: Mapping[str, datetime]
    """Since when each member is in this group, by place."""
    dues: Mapping[str, Sequence[Due]]
    """What is asked, by place; of who said yes before, as if that still counted."""
    not_ready: frozenset[str]
    """The questions that nobody has signed for."""
    told: Mapping[str, datetime]
    """When the first messages about questions were put in line, by their keys."""
    signs: str
    """The name under a message of the group: its lead's, and the service's where there is none."""

    @property
    def members(self) -> list[Member]:
        """Everyone who is in the group."""
        return [each for each in self.asked if each[0].state in IN_THE_GROUP]
