"""The versions that a service has, and those that others share with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.programme.adopted.models import AdoptedProgramme
from backtolife.programme.adopted.services import hold_version
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.plan.keeping import shipped_digest

NOT_FOUND = "We could not find that. It may have moved, or it may belong to someone else."
Rows = list[tuple[AdoptedProgramme, list[Cohort]]]
"""Versions, each with the groups that follow it."""
AS_IT_CAME = "This version came with Back to Life: it stays. Versions that you published can be put away or shared."


def versions_of(db: Db, service_id: str) -> Rows:
    """Each version of the service, the newest first, with the groups that follow it."""
    row = AdoptedProgramme
    rows = db.exec(select(row).where(row.service_id == service_id).order_by(col(row.adopted_at).desc(), col(row.id)))
    groups = db.exec(select(Cohort).where(Cohort.service_id == service_id).order_by(col(Cohort.name))).all()
    return [(each, [group for group in groups if group.programme_id == each.id]) for each in rows]


@dataclass(frozen=True)
class Listed:
    """The versions of a service that are in its list, each with the groups that follow it, the newest first."""

    own: Rows
    """What the service published."""
    original: AdoptedProgramme | None
    """What is shipped now, where a group or a draft took it already."""
    original_groups: list[Cohort]
    earlier: Rows
    """What was shipped in the past."""


def in_order(rows: Rows) -> Listed:
    came = [each for each in rows if each[0].published_by is None]
    original, groups = next((each for each in came if each[0].digest == shipped_digest()), (None, []))
    own = [each for each in rows if each[0].published_by is not None and each[0].put_away_at is None]
    return Listed(own, original, groups, [each for each in came if each[0] is not original])


def groups_of(db: Db, version: AdoptedProgramme) -> list[Cohort]:
    """The groups that follow it, also those that ended or are put away."""
    return list(db.exec(select(Cohort).where(Cohort.programme_id == version.id).order_by(col(Cohort.name))))


def find_version(db: Db, version_id: str, *, actor: Actor) -> AdoptedProgramme:
    """One of the service's own. Raises NotFound."""
    version = db.get(AdoptedProgramme, version_id)
    if version is None:
        raise NotFound(NOT_FOUND)
    authorise(actor, "programme.edit", version)
    return version


def find_readable(db: Db, version_id: str, *, actor: Actor) -> AdoptedProgramme:
    """One of the service's own, or one that another service shares. Raises NotFound."""
    version = db.get(AdoptedProgramme, version_id)
    if version is not None and version.service_id != actor.service_id and is_shared(version):
        authorise(actor, "programme.edit", actor)
        return version
    return find_version(db, version_id, actor=actor)


def is_shared(version: AdoptedProgramme) -> bool:
    return version.shared_at is not None and version.put_away_at is None


def retire(db: Db, *, version: AdoptedProgramme, retired: bool, actor: Actor, now: datetime) -> None:
    """Offer it to new groups no more, or again. Groups that follow it go on."""
    hold_own(db, version, actor)
    version.retired_at = now if retired else None
    trace(db, "programme_retired" if retired else "programme_offered_again", version, actor, now)


def put_away(db: Db, *, version: AdoptedProgramme, away: bool, actor: Actor, now: datetime) -> None:
    """Take it out of the lists, or bring it back. Raises Conflict as long as a group follows it."""
    hold_own(db, version, actor)
    names = [isolated(each.name) for each in groups_of(db, version)]
    if away and names:
        follow = "This group follows" if len(names) == 1 else f"These {len(names)} groups follow"
        raise Conflict(
            f"Version {version.version} is not put away. {follow} it: {', '.join(names)}. A group stays with the "
            "version it began with. You can stop offering it to new groups."
        )
    version.put_away_at = now if away else None
    version.shared_at = None if away else version.shared_at
    trace(db, "programme_put_away" if away else "programme_brought_back", version, actor, now)


def share(db: Db, *, version: AdoptedProgramme, shared: bool, actor: Actor, now: datetime) -> None:
    """Let the other services of this installation copy it, or not any more; their copies stay theirs."""
    hold_own(db, version, actor)
    if version.put_away_at is not None and shared:
        raise Conflict("This version is put away. Bring it back, then share it.")
    version.shared_at = now if shared else None
    trace(db, "programme_shared" if shared else "programme_not_shared", version, actor, now)


def hold_own(db: Db, version: AdoptedProgramme, actor: Actor) -> None:
    """Nobody else's turn with a version that the service published. Raises Invalid for one that came as it is."""
    authorise(actor, "programme.edit", version)
    if version.published_by is None:
        raise Invalid(AS_IT_CAME)
    hold_version(db, version.id)
    db.refresh(version)


@dataclass(frozen=True)
class Shared:
    """A version that another service shares, with the service's name."""

    version: AdoptedProgramme
    service: str


def shared_by_others(db: Db, *, actor: Actor) -> list[Shared]:
    """What the other services of this installation share, by their names, the newest first."""
    authorise(actor, "programme.edit", actor)
    row = AdoptedProgramme
    wanted = (
        select(row, Service.name)
        .join(Service, col(Service.id) == row.service_id)
        .where(row.service_id != actor.service_id, col(row.shared_at).is_not(None), col(row.put_away_at).is_(None))
        .order_by(col(Service.name), col(row.adopted_at).desc(), col(row.id))
    )
    return [Shared(version, name) for version, name in db.exec(wanted)]


def names_of(db: Db, people: Sequence[str]) -> dict[str, str]:
    return {each.id: each.full_name for each in db.exec(select(Person).where(col(Person.id).in_(people)))}


def trace(db: Db, action: str, version: AdoptedProgramme, actor: Actor, now: datetime) -> None:
    audit.record(db, actor=actor, action=action, subject_type="programme", subject_id=version.id, now=now)
