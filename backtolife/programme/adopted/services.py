"""A service takes a programme as it is shipped; a group reads the one it began with, whatever is shipped since."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

import structlog
from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import BacktolifeError, Conflict, Invalid
from backtolife.programme.adopted.models import AdoptedProgramme
from backtolife.programme.plan.keeping import digest_of, from_files, shipped_digest, shipped_files
from backtolife.programme.plan.loading import shipped
from backtolife.programme.plan.template import Programme

READ: dict[str, Programme] = {}
"""What this process has read, by the id of its row and by its digest. Rows never change, so neither goes stale."""


NOT_AS_IT_WAS = "The programme that this group began with ({key} {version}) is not in the database as it was."
NOT_READ_HERE = "The programme that this group began with ({key} {version}) cannot be read by this version."
WHAT_TO_DO = (
    "Are you in the group? Please call us: it goes on. Do you work here? Ask whoever looks after Back to Life here to "
    "bring the programme back from a backup, or the version from before."
)
log = structlog.get_logger(__name__)


class Follows(Protocol):
    """What follows a programme: a group."""

    programme_id: str


class NotKept(BacktolifeError):
    """The programme that a group began with cannot be read. Another one is not shown instead."""


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
            raise NotKept(f"{NOT_AS_IT_WAS.format(key=key, version=version)} {WHAT_TO_DO}")
        try:
            READ[digest] = from_files(files)
        except Invalid as error:
            raise NotKept(f"{NOT_READ_HERE.format(key=key, version=version)} {WHAT_TO_DO}") from error
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


def publish_files(
    db: Db, *, files: Mapping[str, str], plan: Programme, based_on: str, actor: Acting, now: datetime
) -> AdoptedProgramme:
    """Put a version of the service's own beside the others, for new groups. `plan` is what `files` say.

    Raises Conflict where the service has this version already.
    """
    same = select(AdoptedProgramme.id).where(
        AdoptedProgramme.service_id == actor.service_id,
        AdoptedProgramme.key == plan.id,
        AdoptedProgramme.version == plan.version,
    )
    if db.exec(same).first():
        raise Conflict(f"There is a version {plan.version} already. Choose another number.", "version")
    row = AdoptedProgramme(
        service_id=actor.service_id,
        key=plan.id,
        version=plan.version,
        digest=digest_of(files),
        files=dict(files),
        adopted_at=now,
        published_by=actor.id,
        based_on=based_on,
    )
    db.add(row)
    db.flush()
    audit.record(db, actor=actor, action="programme_published", subject_type="programme", subject_id=row.id, now=now)
    return row


def offered(db: Db, service_id: str) -> list[AdoptedProgramme]:
    """The service's own versions that a new group may begin with, the newest first."""
    row = AdoptedProgramme
    own = select(row).where(row.service_id == service_id, col(row.published_by).is_not(None))
    on_offer = own.where(col(row.retired_at).is_(None), col(row.put_away_at).is_(None))
    return list(db.exec(on_offer.order_by(col(row.adopted_at).desc(), col(row.id))))


def newest(db: Db, service_id: str) -> Programme:
    """What the service has now: the newest version of its own, else what is shipped."""
    own = offered(db, service_id)
    return kept(db, own[0].id) if own else shipped()


def to_begin_with(db: Db, programme_id: str, *, service_id: str) -> Programme:
    """The version that a new group shall begin with; what is shipped for no id. Raises Invalid for one not offered."""
    if not programme_id:
        return shipped()
    if programme_id not in {each.id for each in offered(db, service_id)}:
        raise Invalid("This version is not offered any more. Choose another one.", "programme")
    return kept(db, programme_id)


def hold_version(db: Db, programme_id: str) -> None:
    """Nobody else's turn with this version until the transaction ends: no group begins with one that is put away."""
    one_at_a_time(db, f"adopted_programme:{programme_id}")


def in_use(db: Db, service_id: str) -> list[Programme]:
    """Each programme that the service's groups began with, the newest first, after what is shipped now."""
    row = AdoptedProgramme
    wanted = select(row.id).where(row.service_id == service_id, col(row.put_away_at).is_(None))
    ids = db.exec(wanted.order_by(col(AdoptedProgramme.adopted_at).desc())).all()
    found = [shipped()]
    for each in ids:
        with passed_over(programme_id=each):
            found.append(READ.get(each) or kept(db, each))
    return list({id(each): each for each in found}.values())


@contextmanager
def passed_over(**of: str) -> Iterator[None]:
    """Of many programmes or groups, the one that cannot be read is told to the log and left out: the others go on."""
    try:
        yield
    except NotKept as error:
        log.error("programme_not_read", why=error.message, **of)
