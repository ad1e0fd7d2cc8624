"""The record of a call for help: what the room saw by itself, and what staff wrote, every version kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.sessions.records.models import IncidentOutcome, IncidentRecord
from backtolife.sessions.room.models import GroupSession, HelpAlert, Seat
from backtolife.sessions.safety import alerts

LONGEST = 4000


@dataclass(frozen=True)
class Incident:
    """Everything the page shows. `details` is where the person was and whom to ring, as they told us that day."""

    alert: HelpAlert
    person: Person
    details: alerts.LookedUp
    taken_by: str
    closed_by: str
    versions: Sequence[tuple[IncidentRecord, str]]
    """Newest first, each with its writer's name."""


def incident_of(db: Db, *, group_session: GroupSession, alert_id: str, actor: Actor, now: datetime) -> Incident:
    """The record of one call. Every look is kept in the audit log. Raises NotFound for one of another session."""
    alert = alerts.find_alert(db, group_session=group_session, alert_id=alert_id)
    seat = db.get_one(Seat, alert.seat_id)
    return Incident(
        alert=alert,
        person=db.get_one(Person, seat.person_id),
        details=alerts.look_up(db, seat=seat, actor=actor, now=now),
        taken_by=name_of(db, alert.taken_by),
        closed_by=name_of(db, alert.closed_by),
        versions=[(each, name_of(db, each.by)) for each in versions_of(db, alert)],
    )


def name_of(db: Db, person_id: str | None) -> str:
    return db.get_one(Person, person_id).full_name if person_id else ""


def versions_of(db: Db, alert: HelpAlert) -> Sequence[IncidentRecord]:
    wanted = select(IncidentRecord).where(IncidentRecord.alert_id == alert.id)
    return db.exec(wanted.order_by(col(IncidentRecord.version).desc())).all()


def recorded_in(db: Db, group_session: GroupSession) -> set[str]:
    """The calls of this session that staff have written about."""
    wanted = select(IncidentRecord.alert_id).where(IncidentRecord.group_session_id == group_session.id)
    return set(db.exec(wanted))


def write(
    db: Db,
    *,
    alert: HelpAlert,
    happened: str,
    done: str,
    outcome: IncidentOutcome,
    seen: int,
    actor: Actor,
    now: datetime,
) -> IncidentRecord:
    """Add a version. `seen` is the version that the writer's page showed, 0 for none.

    Raises Conflict when somebody else has written since, Invalid for words that are missing or too many.
    """
    one_at_a_time(db, f"incident:{alert.id}")
    happened, done = happened.strip(), done.strip()
    for name, words in (("happened", happened), ("done", done)):
        if not words or len(words) > LONGEST:
            raise Invalid(f"Write something, at most {LONGEST} characters", name)
    newest = next(iter(versions_of(db, alert)), None)
    if newest and (newest.happened, newest.done, newest.outcome) == (happened, done, outcome):
        return newest
    if seen != (newest.version if newest else 0):
        raise Conflict("Someone else saved this record while you wrote. Their words are below. Add yours, then save.")
    record = IncidentRecord(
        service_id=alert.service_id,
        group_session_id=alert.group_session_id,
        alert_id=alert.id,
        version=seen + 1,
        happened=happened,
        done=done,
        outcome=outcome,
        by=actor.id,
        at=now,
    )
    db.add(record)
    audit.record(
        db,
        actor=actor,
        action="incident_written",
        subject_type="help_alert",
        subject_id=alert.id,
        now=now,
        version=record.version,
    )
    return record
