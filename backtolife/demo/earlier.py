"""Groups of the demo's service that ended long ago, so that there is evidence to look at from the first minute."""

from collections.abc import Mapping
from datetime import datetime

from backtolife.database.session import Db
from backtolife.demo.simulated.service import Size, lived, long_before
from backtolife.people.models import Person, Service

SIZE = Size(groups=4, patients=40, waiting=0, apart=46, since=130)
FIRST_NAMES = (
    "Amina", "Brian", "Carol", "Daniel", "Esther", "Frank", "Gloria", "Harold", "Irene", "Jack", "Kath", "Leon", "Maya",
)  # fmt: skip
LAST_NAMES = (
    "Abbott", "Begum", "Clarke", "Dyer", "Evans", "Fox", "Gill", "Hussain", "Ivory", "Jones", "Kaur",
)  # fmt: skip
CALLED = tuple(
    f"{FIRST_NAMES[at % len(FIRST_NAMES)]} {LAST_NAMES[at % len(LAST_NAMES)]}" for at in range(SIZE.patients)
)
"""No two alike: one list is a name longer than the other, by a number that has no part in common with it."""
STAFF = {"lead": "jo", "facilitator": "priya", "spotter": "tom"}


def began(now: datetime) -> datetime:
    """Before everything that happened in these groups."""
    return long_before(SIZE, now)


def groups_that_ended(db: Db, service: Service, people: Mapping[str, Person], now: datetime) -> None:
    """Let them have met, asked in our own words. No safety task is left of them: what they said is long dealt with."""
    staff = {place: people[key] for place, key in STAFF.items()}
    lived(db, service, staff, size=SIZE, official={}, now=now, domain="earlier.example", called=CALLED)
