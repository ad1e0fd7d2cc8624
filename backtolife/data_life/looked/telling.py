"""Clinical leads are told when somebody looked at the record of a patient who may be a colleague too."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine, and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import AuditEntry
from backtolife.data_life.looked.listing import looks_of
from backtolife.data_life.records import ids_about, records_of
from backtolife.database.session import Db, reading, session_scope
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
    """Write to the clinical leads and put it on record. Returns how many looks by one person at another were told."""
    looks = [(patient_id, by) for patient_id in may_work_here(db, service_id) for by in lookers(db, patient_id, now)]
    if not looks:
        return 0
    before = select(AuditEntry).where(
        AuditEntry.service_id == service_id, AuditEntry.action == TOLD, AuditEntry.at > now - AGAIN_AFTER
    )
    known = {(each.subject_id, each.detail["looked"]) for each in db.exec(before)}
    new = [each for each in looks if each not in known]
    leads = select(Person).where(Person.service_id == service_id, holding(Role.CLINICAL_LEAD), who_can_work())
    everyone = list(db.exec(leads.order_by(col(Person.id))))
    for patient_id, by in new:
        told = [each for each in everyone if each.id != by]
        for lead in told:
            key = f"{TOLD}:{patient_id}:{by}:{lead.id}:{now.isoformat()}"
            queue_to(db, lead, key=key, subject=SUBJECT, body=BODY, now=now, site=site, looked=by)
        audit.record(
            db,
            actor=System("looks", service_id),
            action=TOLD,
            subject_type="person",
            subject_id=patient_id,
            now=now,
            looked=by,
            told=[each.id for each in told],
        )
    return len(new)


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
