"""Whoever is to lead or spot a new group, and is in another one at that time."""

from collections.abc import Sequence

from backtolife.database.session import Db
from backtolife.errors import Clashes
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.changes.rules import Meeting
from backtolife.programme.cohorts.calendar import SessionTime
from backtolife.programme.cohorts.timetable.elsewhere import elsewhere, one_timetable_at_a_time
from backtolife.programme.cohorts.timetable.overlaps import clash, overlap


def refuse_clash(db: Db, *, person: Person, field: str, times: Sequence[SessionTime], zone: str) -> None:
    """Raise Clashes for `field`, naming the group and the dates, where the person is in another group at that time."""
    one_timetable_at_a_time(db, person.service_id)
    meetings = [Meeting(each.number, each.starts_at, each.ends_at) for each in times]
    others = elsewhere(
        db,
        people={person.id: isolated(person.full_name)},
        but="",
        first=min(each.starts_at for each in meetings),
        last=max(each.ends_at for each in meetings),
    )
    found = [clash(here, each, zone) for here in meetings for each in others if overlap(here, each)]
    if found:
        raise Clashes(found, field)
