"""The map, changed version by version: nothing it said is ever lost, and each change can be undone."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, new_id, one_at_a_time
from backtolife.errors import Conflict, NotFound
from backtolife.pathway.map.models import MapVersion
from backtolife.pathway.map.rules import Says
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person, Service

CHANGED_MEANWHILE = "Somebody changed this entry while you had it open. It is shown as it is now; yours was not saved."
GONE = "We could not find this entry of the map."


@dataclass(frozen=True)
class Listed:
    """An entry of the public page, with the service that keeps it."""

    entry: MapVersion
    service: Service


def newest(db: Db, *, service_id: str = "") -> list[MapVersion]:
    """The newest version of each entry, of one service or of all, by what is offered. One statement."""
    last = select(MapVersion.entry_id, func.max(MapVersion.number).label("number")).group_by(MapVersion.entry_id)
    newest_of = last.subquery()
    wanted = select(MapVersion).join(
        newest_of,
        (col(MapVersion.entry_id) == newest_of.c.entry_id) & (col(MapVersion.number) == newest_of.c.number),
    )
    if service_id:
        wanted = wanted.where(MapVersion.service_id == service_id)
    return sorted(db.exec(wanted), key=lambda each: (each.what.casefold(), each.place.casefold(), each.entry_id))


def shown(db: Db) -> list[Listed]:
    """What everybody may read, of every service here. Two statements."""
    services = {each.id: each for each in db.exec(select(Service))}
    return [Listed(each, services[each.service_id]) for each in newest(db) if each.shown]


def entries(db: Db, *, actor: Actor) -> list[MapVersion]:
    """The map of the actor's service, with what is not shown."""
    authorise(actor, "map.edit", actor)
    return newest(db, service_id=actor.service_id)


def versions(db: Db, *, actor: Actor, entry_id: str) -> list[tuple[MapVersion, str]]:
    """Every version of an entry with the name of who made it, the newest first. Raises NotFound."""
    authorise(actor, "map.edit", actor)
    wanted = select(MapVersion, Person).join(Person, col(Person.id) == col(MapVersion.by))
    mine = wanted.where(MapVersion.entry_id == entry_id, MapVersion.service_id == actor.service_id)
    found = [(row, person.full_name) for row, person in db.exec(mine.order_by(col(MapVersion.number).desc()))]
    if not found:
        raise NotFound(GONE)
    return found


def says(row: MapVersion) -> Says:
    """What a version says."""
    return Says(
        what=row.what,
        needs=tuple(row.needs),
        place=row.place,
        by_whom=row.by_whom,
        for_whom=row.for_whom,
        languages=tuple(row.languages),
        wait_weeks=row.wait_weeks,
        contact=row.contact,
    )


def add(db: Db, *, wanted: Says, actor: Actor, now: datetime) -> MapVersion:
    """A new entry, shown at once. Raises Invalid."""
    authorise(actor, "map.edit", actor)
    return keep(db, entry_id=new_id(), number=1, wanted=wanted, shown=True, actor=actor, now=now)


def change(
    db: Db, *, entry_id: str, seen: int, wanted: Says, is_shown: bool, actor: Actor, now: datetime
) -> MapVersion | None:
    """A new version. None where nothing is different.

    Raises Invalid for what cannot be kept, Conflict where version `seen` is not the newest any more, NotFound.
    """
    row = held(db, entry_id=entry_id, seen=seen, actor=actor)
    if wanted.kept() == says(row) and is_shown == row.shown:
        return None
    return keep(db, entry_id=entry_id, number=row.number + 1, wanted=wanted, shown=is_shown, actor=actor, now=now)


def go_back(db: Db, *, entry_id: str, seen: int, to: int, actor: Actor, now: datetime) -> MapVersion:
    """The entry says again what version `to` said, as a new version. Raises NotFound, or Conflict as `change` does."""
    row = held(db, entry_id=entry_id, seen=seen, actor=actor)
    old = next((each for each, _ in versions(db, actor=actor, entry_id=entry_id) if each.number == to), None)
    if old is None:
        raise NotFound("There is no such version of this entry.")
    return keep(db, entry_id=entry_id, number=row.number + 1, wanted=says(old), shown=old.shown, actor=actor, now=now)


def held(db: Db, *, entry_id: str, seen: int, actor: Actor) -> MapVersion:
    """The newest version, which nobody else changes until the transaction ends."""
    authorise(actor, "map.edit", actor)
    one_at_a_time(db, f"map:{actor.service_id}")
    row = versions(db, actor=actor, entry_id=entry_id)[0][0]
    if row.number != seen:
        raise Conflict(CHANGED_MEANWHILE)
    return row


def keep(db: Db, *, entry_id: str, number: int, wanted: Says, shown: bool, actor: Actor, now: datetime) -> MapVersion:
    told = asdict(wanted.kept())
    told |= {name: list(told[name]) for name in ("needs", "languages")}
    row = MapVersion(
        service_id=actor.service_id, entry_id=entry_id, number=number, shown=shown, at=now, by=actor.id, **told
    )
    db.add(row)
    audit.record(
        db,
        actor=actor,
        action="map_changed",
        subject_type="map_entry",
        subject_id=entry_id,
        now=now,
        version=number,
        shown=shown,
    )
    db.flush()
    return row
