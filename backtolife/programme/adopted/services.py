"""A service takes a programme as it is shipped; a group reads the one it began with, whatever is shipped since."""

from datetime import datetime
from typing import Protocol

from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.errors import BacktolifeError
from backtolife.programme.adopted.models import AdoptedProgramme
from backtolife.programme.plan.keeping import digest_of, from_files, shipped_digest, shipped_files
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.template import Programme

READ: dict[str, Programme] = {}
"""What this process has read, by the id of its row and by its digest. Rows never change, so neither goes stale."""


class Follows(Protocol):
    """What follows a programme: a group."""

    programme_id: str


class NotKept(BacktolifeError):
    """The programme that a group began with is not in the database as it was. Another one is not shown instead."""


def programme_of(db: Db, cohort: Follows) -> Programme:
    """The programme that a group began with. Asked of the database once in a process. Raises NotKept."""
    found = READ.get(cohort.programme_id)
    if found is None:
        found = READ[cohort.programme_id] = kept(db, cohort.programme_id)
    return found


def kept(db: Db, programme_id: str) -> Programme:
    row = AdoptedProgramme
    about = select(row.key, row.version, row.digest).where(row.id == programme_id)
    key, version, digest = db.exec(about).one()
    if digest == shipped_digest():
        return shipped()
    if digest not in READ:
        files = db.exec(select(row.files).where(row.id == programme_id)).one()
        if not files or digest_of(files) != digest:
            raise NotKept(
                f"The programme that this group began with ({key} {version}) is not in the database as it was. "
                "Ask whoever looks after Back to Life here to bring it back from a backup. Until then, ring people."
            )
        READ[digest] = from_files(files)
    return READ[digest]


def adopt_programme(db: Db, *, actor: Acting, now: datetime) -> AdoptedProgramme:
    """Use the shipped programme in the actor's service; the same one is kept once."""
    plan, digest = shipped(), shipped_digest()
    wanted = select(AdoptedProgramme).where(
        AdoptedProgramme.service_id == actor.service_id,
        AdoptedProgramme.key == plan.id,
        AdoptedProgramme.version == plan.version,
        AdoptedProgramme.digest == digest,
    )
    found = db.exec(wanted).first()
    if found is None:
        found = AdoptedProgramme(
            service_id=actor.service_id,
            key=plan.id,
            version=plan.version,
            digest=digest,
            files=dict(shipped_files()),
            adopted_at=now,
        )
        db.add(found)
        db.flush()
        audit.record(
            db, actor=actor, action="programme_adopted", subject_type="programme", subject_id=found.id, now=now
        )
    READ[found.id] = plan
    return found


def in_use(db: Db, service_id: str) -> list[Programme]:
    """Each programme that the service's groups began with, the newest first, after what is shipped now."""
    wanted = select(AdoptedProgramme.id).where(AdoptedProgramme.service_id == service_id)
    ids = db.exec(wanted.order_by(col(AdoptedProgramme.adopted_at).desc())).all()
    found = [shipped(), *(READ.get(each) or kept(db, each) for each in ids)]
    return list({id(each): each for each in found}.values())
