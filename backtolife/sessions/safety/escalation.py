"""A call for help that nobody took in time goes to the duty contact. Works from what is kept, so that no restart and
no dead process loses it: the web process looks every second, the scheduler every few.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from backtolife import audit
from backtolife.database.session import Db, reading, session_scope
from backtolife.people.access import System
from backtolife.people.models import Person, Role
from backtolife.people.roles import holding
from backtolife.people.signing_in.messages import page
from backtolife.people.working import who_can_work
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupStatus, HelpAlert
from backtolife.sessions.state import safety

AFTER = timedelta(seconds=20)
GRACE = AFTER / 4
"""The web process goes first, because it can tell the pages; the scheduler comes 5 s later, when none was there."""
ACTING_AS = "help-escalation"
CONTACTS = (Role.DUTY_CLINICIAN, Role.CLINICAL_LEAD, Role.SERVICE_LEAD)
"""Who is told: everyone of the first of these roles that the service has."""
SUBJECT = "A live group needs you now"
BODY = (
    "Hello {name},\n\nSomeone in a live group has asked for help and no facilitator has answered. Please act now. "
    "Sign in to see who it is, where they are and who to call: {site}/sessions/{session}/incidents/{alert}\n\n"
    "{service}\n"
)
TEXT = (
    "{service}: someone in a live group asked for help and nobody has answered. Please act now. "
    "Our e-mail has the link. {site}"
)


def overdue(db: Db, now: datetime) -> Sequence[tuple[str, str]]:
    """Ids of session and call, of every open call that nobody took within `AFTER` and that was not escalated yet."""
    wanted = select(HelpAlert.group_session_id, HelpAlert.id).where(
        HelpAlert.at <= now - AFTER,
        col(HelpAlert.taken_at).is_(None),
        col(HelpAlert.closed_at).is_(None),
        col(HelpAlert.escalated_at).is_(None),
    )
    return db.exec(wanted).all()


def escalate(db: Db, *, group_session_id: str, alert_id: str, site: str, now: datetime) -> room.Change | None:
    """Tell the duty contact, once, and the room. None when somebody took the call meanwhile, or the session is over.

    A call that was still open when its session ended is told to the duty contact all the same.
    """
    group_session = room.load(db, group_session_id)
    alert = db.get(HelpAlert, alert_id, populate_existing=True)
    if alert is None or alert.taken_at or alert.closed_at or alert.escalated_at:
        return None
    alert.escalated_at = now
    for person in contacts_of(db, group_session.service_id):
        write(db, alert, person, site, now)
    actor = System(ACTING_AS, group_session.service_id)
    audit.record(db, actor=actor, action="help_escalated", subject_type="seat", subject_id=alert.seat_id, now=now)
    if group_session.status is GroupStatus.ENDED or alert.id not in room.state_of(db, group_session)["alerts"]:
        return None
    return room.apply(db, group_session, safety.help_escalate, now, alert=alert.id, now_ms=room.milliseconds(now))


def contacts_of(db: Db, service_id: str) -> Sequence[Person]:
    """The service's duty contacts: its duty clinicians, else whoever answers in their place, who can sign in."""
    for role in CONTACTS:
        wanted = select(Person).where(Person.service_id == service_id, holding(role), who_can_work())
        found = db.exec(wanted.order_by(col(Person.created_at), col(Person.id))).all()
        if found:
            return found
    return ()


def write(db: Db, alert: HelpAlert, person: Person, site: str, now: datetime) -> None:
    page(
        db,
        person,
        key=f"help:{alert.id}:{person.id}",
        subject=SUBJECT,
        body=BODY,
        text=TEXT,
        now=now,
        site=site,
        session=alert.group_session_id,
        alert=alert.id,
    )


def escalate_without_pages(engine: Engine, site: str, now: datetime) -> int:
    """The same for the scheduler, which has no pages: for the time in which no web process runs. Returns how many."""
    with Session(reading(engine)) as db:
        waiting = overdue(db, now - GRACE)
    for group_session_id, alert_id in waiting:
        with session_scope(engine) as db:
            escalate(db, group_session_id=group_session_id, alert_id=alert_id, site=site, now=now)
    return len(waiting)
