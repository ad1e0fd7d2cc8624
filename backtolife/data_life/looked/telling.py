"""Clinical leads, or else administrators, are told when somebody looked at the record of a patient who may be a
colleague too.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import AuditEntry
from backtolife.data_life.looked.listing import looks_of
from backtolife.data_life.records import ids_about, records_of
from backtolife.database.session import Db, one_at_a_time, reading, session_scope
from backtolife.people.access import System
from backtolife.people.models import Kind, Person, Role, Service
from backtolife.people.roles import holding
from backtolife.people.signing_in.messages import queue_to
from backtolife.people.working import who_can_work

TOLD = "colleague_look_told"
AGAIN_AFTER = timedelta(days=7)
"""No more than one message in so long about one looker and one patient: who leads their group looks every day."""
SUBJECT = "Please check who looked at a record"
BODY = (
    "Hello {name},\n\nA colleague looked at the record of a patient who may work in your service too. See what was "
    "looked at, and ask whether it was for their work: {site}/staff/people/{looked}/looks\n\n{service}\n"
)


def telling(engine: Engine, site: str, clock: Callable[[], datetime]) -> Callable[[], None]:
    """A turn that tells what nobody was told yet, one service after another."""

    def turn() -> None:
        with session_scope(reading(engine)) as db:
            services = list(db.exec(select(Service.id).where(col(Service.rehearsal).is_(False))))
        for each in services:
            with session_scope(engine, reads_first=True) as db:
                tell(db, each, site=site, now=clock())

    return turn


def tell(db: Db, service_id: str, *, site: str, now: datetime) -> int:
    """Write to the clinical leads and put it on record. Returns how many looks by one person at another were told.

    Where the only one who leads is who looked, administrators are told; where nobody is left, it stays to be told.
    """
    if not new_looks(db, service_id, now):
        return 0
    # Another scheduler may be telling the same: what it told is seen once it is done.
    one_at_a_time(db, f"looks:{service_id}")
    leads, told = [*working(db, service_id, Role.CLINICAL_LEAD)], 0
    others = [*working(db, service_id, Role.ADMINISTRATOR)]
    for patient_id, by in new_looks(db, service_id, now):
        to = [each for each in leads if each.id != by] or [each for each in others if each.id != by]
        if not to:
            continue
        for each in to:
            key = f"{TOLD}:{patient_id}:{by}:{each.id}:{now.isoformat()}"
            queue_to(db, each, key=key, subject=SUBJECT, body=BODY, now=now, site=site, looked=by)
        audit.record(
            db,
            actor=System("looks", service_id),
            action=TOLD,
            subject_type="person",
            subject_id=patient_id,
            now=now,
            looked=by,
            told=[each.id for each in to],
        )
        told += 1
    return told


def new_looks(db: Db, service_id: str, now: datetime) -> list[tuple[str, str]]:
    """The patient and who looked, of each look of which nobody was told in the time in which it is told once."""
    looks = [(patient_id, by) for patient_id in may_work_here(db, service_id) for by in lookers(db, patient_id, now)]
    if not looks:
        return []
    before = select(AuditEntry).where(
        AuditEntry.service_id == service_id, AuditEntry.action == TOLD, AuditEntry.at > now - AGAIN_AFTER
    )
    known = {(each.subject_id, each.detail["looked"]) for each in db.exec(before)}
    return [each for each in looks if each not in known]


def working(db: Db, service_id: str, role: Role) -> Sequence[Person]:
    held = select(Person).where(Person.service_id == service_id, holding(role), who_can_work())
    return db.exec(held.order_by(col(Person.id))).all()


def may_work_here(db: Db, service_id: str) -> Iterator[str]:
    """The patients with the name, the e-mail address or the telephone of somebody of staff."""
    staff = aliased(Person)
    alike = or_(
        col(staff.full_name) == col(Person.full_name),
        and_(col(Person.email) != "", col(staff.email) == col(Person.email)),
        and_(col(Person.phone) != "", col(staff.phone) == col(Person.phone)),
    )
    theirs = select(staff.id).where(staff.service_id == service_id, staff.kind == Kind.STAFF, alike).exists()
    yield from db.exec(
        select(Person.id)
        .where(Person.service_id == service_id, Person.kind == Kind.PATIENT, theirs)
        .order_by(col(Person.id))
    ).all()


def lookers(db: Db, patient_id: str, now: datetime) -> list[str]:
    """Who of staff looked at what is about this patient, in the time of which a lead is told once."""
    service_id = db.get_one(Person, patient_id).service_id
    wanted = select(AuditEntry.actor_id).where(
        *looks_of(service_id),
        AuditEntry.at > now - AGAIN_AFTER,
        col(AuditEntry.subject_id).in_(ids_about(records_of(patient_id))),
    )
    return sorted(set(db.exec(wanted.distinct())))
