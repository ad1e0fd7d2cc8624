"""What the audit log keeps beside changes: who was refused what, and which member of staff looked at whose record."""

from datetime import datetime, timedelta

import structlog
from flask import Response, current_app, g, request
from sqlalchemy import Engine

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import session_scope
from backtolife.people.access import permission_of
from backtolife.people.limits.throttle import Throttle
from backtolife.people.request import actor_or_none, engine, now, release_db
from backtolife.people.traces import security_log

RECORDS = frozenset(
    {
        "alert_id",
        "cohort_id",
        "enrolment_id",
        "first_id",
        "group_session_id",
        "guest_id",
        "response_id",
        "second_id",
        "task_id",
        "waiting_id",
    }
)
"""What an address names when its page shows what is known of somebody."""
LISTS = frozenset({"patient.list", "patient.merge", "task.read", "staff.manage", "waiting.read"})
"""The permissions behind pages that do so and name no single record."""
refusals = Throttle(most=60, window=timedelta(minutes=1), name="refusals")
"""Rows that one person's refusals may leave: past it the log's lines say that more came."""
log = structlog.get_logger(__name__)


def wanted_here() -> str:
    view = current_app.view_functions.get(request.endpoint or "")
    return (permission_of(view) if view is not None else None) or ""


def subject_here(otherwise: str) -> tuple[str, str]:
    """What the address names: its kind and its id; else the service."""
    for name, value in (request.view_args or {}).items():
        return name.removesuffix("_id")[:64], str(value)[:64]
    return "service", otherwise


def keep_refusal(status: int, *, wanted: str = "", subject: tuple[str, str] | None = None) -> None:
    """Put a refused request (403, or 404 for an address that names a record) on record, alone in its transaction."""
    who: Acting | None = actor_or_none() or g.get("client")
    wanted = wanted or wanted_here()
    if who is None:
        security_log.note("refused", status=status, wanted=wanted)
        return
    if status == 404 and not request.view_args:
        return
    release_db()
    keep(engine(), who, wanted=wanted, subject=subject or subject_here(who.service_id), status=status, now=now())


def keep(database: Engine, who: Acting, *, wanted: str, subject: tuple[str, str], status: int, now: datetime) -> None:
    """One row for one refusal, and no more than so many a minute from one person."""
    if not refusals.allows(who.id, now):
        log.warning("security", what="refused_often", actor=who.id, wanted=wanted, status=status)
        return
    with session_scope(database) as db:
        audit.record(
            db,
            actor=who,
            action="refused",
            subject_type=subject[0],
            subject_id=subject[1],
            now=now,
            wanted=wanted,
            status=status,
        )


def keep_look(response: Response) -> None:
    """Put on record that a member of staff was shown a record, where its page has not done so itself."""
    actor, wanted = actor_or_none(), wanted_here()
    if actor is None or not actor.is_staff or g.get("on_record"):
        return
    if request.method != "GET" or response.status_code != 200 or response.mimetype != "text/html":
        return
    if not RECORDS & set(request.view_args or ()) and wanted not in LISTS:
        return
    kind, subject_id = subject_here(actor.service_id)
    release_db()
    with session_scope(engine()) as db:
        audit.record(
            db,
            actor=actor,
            action="looked",
            subject_type=kind,
            subject_id=subject_id,
            now=now(),
            page=request.endpoint or "",
        )
