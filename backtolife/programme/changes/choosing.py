"""What is shown while somebody chooses a date: days nobody works, leave, and where the group's staff are otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.people.models import Service
from backtolife.people.names import isolated
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import staff_of
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.cohorts.timetable.elsewhere import elsewhere
from backtolife.programme.cohorts.timetable.overlaps import Elsewhere

AHEAD = 26 * 7
"""So many days are looked at: half a year."""


@dataclass(frozen=True)
class Leave:
    """Somebody of the group's staff is away from `first` to `last`, both included."""

    who: str
    first: date
    last: date


@dataclass(frozen=True)
class GoodToKnow:
    """What stands beside the fields for a date."""

    days_off: dict[date, str]
    leave: Sequence[Leave]
    elsewhere: Sequence[Elsewhere]


def good_to_know(db: Db, *, cohort: Cohort, around: Surroundings, now: datetime) -> GoodToKnow:
    """The coming half year as somebody should see it who chooses a date for this group."""
    today = in_zone(now, cohort.zone).date()
    days = [today + timedelta(days=ahead) for ahead in range(AHEAD)]
    names = {person.id: isolated(person.full_name) for _, person in staff_of(db, cohort.id)}
    away = around.away(db, names, days)
    return GoodToKnow(
        days_off=dict(around.days_off(db, db.get_one(Service, cohort.service_id), days)),
        leave=[
            Leave(names[who], first, last)
            for who in names
            for first, last in runs([each for each in days if who in away.get(each, ())])
        ],
        elsewhere=elsewhere(db, people=names, but=cohort.id, first=now, last=now + timedelta(days=AHEAD)),
    )


def runs(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """Days that follow one another, as first and last of each run."""
    first = last = None
    for each in days:
        if last is not None and each - last == timedelta(days=1):
            last = each
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = each
    if first is not None and last is not None:
        yield first, last
