"""`backtolife retention list`: whose time is over in each service, by ids. It changes nothing."""

import sys

from sqlmodel import col, select

from backtolife import clock
from backtolife.config import from_environment
from backtolife.data_life.retention.finding import find
from backtolife.data_life.retention.words import CONTACTS, OBSTACLES
from backtolife.database.session import opened, reading, session_scope
from backtolife.people.models import Service


def show() -> int:
    """Print each service, how many years it keeps, and whose time is over now."""
    now = clock.now()
    with opened(from_environment().database_url) as engine, session_scope(reading(engine)) as db:
        wanted = select(Service).where(col(Service.rehearsal).is_(False)).order_by(col(Service.name))
        for service in db.exec(wanted):
            found = find(db, service, now=now)
            sys.stdout.write(f"{service.name}: kept for {service.keep_years} years; {len(found)} whose time is over\n")
            for person_id, each in sorted(found.items(), key=lambda one: one[1].over_at):
                words = f": {OBSTACLES[each.obstacle]}" if each.obstacle is not None else ""
                sys.stdout.write(
                    f"  {person_id}  over since {each.over_at:%Y-%m-%d}, last contact {each.last_at:%Y-%m-%d} "
                    f"({CONTACTS[each.last_contact]}){words}\n"
                )
    return 0
