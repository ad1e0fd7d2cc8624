"""Each night: who is proposed is whose time is over now, and nobody else."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Engine, delete, insert
from sqlmodel import col, select

from backtolife import audit
from backtolife.audit.checks import last_night
from backtolife.data_life.erasing.models import Erasure
from backtolife.data_life.retention.finding import find
from backtolife.data_life.retention.models import RetentionProposal
from backtolife.data_life.retention.rules import Over
from backtolife.database.session import Db, new_id, one_at_a_time, session_scope
from backtolife.people.access import System
from backtolife.people.models import Service
from backtolife.processes import beats

log = structlog.get_logger(__name__)
AT_ONCE = 500


def looking(engine: Engine, now: Callable[[], datetime]) -> Callable[[], None]:
    """A turn that looks once a night, service by service."""

    def turn() -> None:
        moment = now()
        with session_scope(engine) as db:
            beat = db.get(beats.Beat, beats.RETENTION)
            if beat is not None and beat.at >= last_night(moment):
                return
            services = list(db.exec(select(Service).where(col(Service.rehearsal).is_(False))))
        for service in services:
            with session_scope(engine) as db:
                new, gone = propose(db, service, now=moment)
            log.info("retention_looked", service_id=service.id, proposed=new, withdrawn=gone)
        with session_scope(engine) as db:
            beats.leave(db, name=beats.RETENTION, now=moment)

    return turn


def propose(db: Db, service: Service, *, now: datetime) -> tuple[int, int]:
    """Make the proposals of a service what is found now. Returns how many are new, and how many went."""
    one_at_a_time(db, f"retention:{service.id}")
    found = find(db, service, now=now)
    standing = {
        each.person_id: each
        for each in db.exec(select(RetentionProposal).where(RetentionProposal.service_id == service.id))
    }
    gone = [each for person_id, each in standing.items() if person_id not in found]
    withdraw(db, service, gone, now)
    for person_id in standing.keys() & found.keys():
        standing[person_id].sqlmodel_update(told(found[person_id]))
    new = [
        {"id": new_id(), "service_id": service.id, "person_id": person_id, "proposed_at": now, **told(each)}
        for person_id, each in found.items()
        if person_id not in standing
    ]
    db.flush()
    if new:
        db.connection().execute(insert(RetentionProposal), new)
    return len(new), len(gone)


def told(found: Over) -> dict[str, object]:
    return {
        "last_at": found.last_at,
        "last_contact": found.last_contact,
        "over_at": found.over_at,
        "obstacle": found.obstacle,
    }


def withdraw(db: Db, service: Service, gone: list[RetentionProposal], now: datetime) -> None:
    """Who came back is proposed no more, and what was asked for because of their age is called off."""
    asked = [each.erasure_id for each in gone if each.erasure_id is not None]
    for start in range(0, len(asked), AT_ONCE):
        wanted = select(Erasure).where(
            col(Erasure.id).in_(asked[start : start + AT_ONCE]),
            col(Erasure.done_at).is_(None),
            col(Erasure.called_off_at).is_(None),
        )
        for erasure in db.exec(wanted):
            erasure.called_off_at = now
            audit.record(
                db,
                actor=System("retention", service.id),
                action="erasure_called_off",
                subject_type="person",
                subject_id=erasure.person_id,
                now=now,
            )
    db.flush()
    ids = [each.id for each in gone]
    for each in gone:
        db.expunge(each)
    for start in range(0, len(ids), AT_ONCE):
        some = col(RetentionProposal.id).in_(ids[start : start + AT_ONCE])
        db.connection().execute(delete(RetentionProposal).where(some))
