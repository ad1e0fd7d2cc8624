"""Who is on duty for safety tasks in the demo, who is away and who stands in for them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.outcomes.safety.rota import add_holidays, add_leave, add_shift, coming_holidays
from backtolife.people.models import Person, Service
from backtolife.people.roles import acting_as

WEEK = timedelta(weeks=1)
SHIFTS = ((0, "dan", False), (0, "grace", True), (1, "grace", False), (2, "dan", False), (2, "grace", True))
"""In how many weeks, who, and whether as the backup. In the second, Dan is away and Grace stands in."""
AWAY = "dan"
DAYS_AWAY = timedelta(days=4)


def fill_rota(db: Db, service: Service, people: Mapping[str, Person], now: datetime) -> None:
    """Three weeks from the start of today, without a gap."""
    by = acting_as(db, people["grace"])
    today = in_zone(now, service.zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    for weeks, key, backup in SHIFTS:
        starts, ends = ((today + WEEK * each).replace(tzinfo=ZoneInfo(service.zone)) for each in (weeks, weeks + 1))
        add_shift(db, actor=by, person_id=people[key].id, starts_at=starts, ends_at=ends, backup=backup, now=now)
    first = (today + WEEK).date()
    add_leave(db, actor=by, person_id=people[AWAY].id, first_day=first, last_day=first + DAYS_AWAY, now=now)
    add_holidays(db, actor=by, days=coming_holidays(service, now), now=now)
