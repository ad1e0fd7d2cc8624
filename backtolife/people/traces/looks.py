"""What the audit log keeps beside changes: who was refused what, and which member of staff looked at whose record."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from flask import Response, current_app, g, request
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import session_scope
from backtolife.people.access import Actor, permission_of
from backtolife.people.limits.throttle import Throttle
from backtolife.people.request import actor_or_none, engine, now, release_db
from backtolife.people.traces import security_log

RECORDS = frozenset(
    {
        "alert_id",
        "cohort_id",
        "enrolment_id",
        "entry_id",
        "first_id",
        "goal_id",
        "look_id",
        "group_session_id",
        "guest_id",
        "message_id",
        "note_id",
        "pair_id",
        "person_id",
        "response_id",
        "second_id",
        "task_id",
        "waiting_id",
    }
)
"""What an address names when its page shows what is known of somebody."""
LISTS = frozenset(
    {"message.read", "patient.list", "patient.merge", "place.read", "task.read", "staff.manage", "waiting.read"}
)
"""The permissions behind pages that do so and name no single record."""
REFUSALS = frozenset({403, 404})
SHOWS = frozenset({200, 400, 409})
"""A page, also one that says what was entered wrongly."""
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
    """Put a refused request (403, or 404 for one that names a record) on record, alone in its transaction: what the
    request itself began to write goes.
    """
    g.refusal_kept = True
    who: Acting | None = actor_or_none() or g.get("client")
    wanted = wanted or wanted_here()
    if who is None:
        security_log.note("refused", status=status, wanted=wanted)
        return
    if status == 404 and subject is None and not names_something():
        return
    release_db()
    keep(engine(), who, wanted=wanted, subject=subject or subject_here(who.service_id), status=status, now=now())


def names_something() -> bool:
    """Whether the address or what was sent names a record; else there is no such page, which is nobody's."""
    return bool(request.view_args or (request.endpoint and request.method != "GET" and request.form))


def keep_forgotten_refusal(response: Response) -> None:
    """The same, for a view or a room that answered with a refusal without raising one."""
    if response.status_code in REFUSALS and not g.get("refusal_kept"):
        keep_refusal(response.status_code)


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
    """Put on record that a member of staff is shown a record, where its page has not done so itself.

    It is written once the answer is out: nobody waits for it.
    """
    actor, wanted = actor_or_none(), wanted_here()
    if actor is None or not actor.is_staff or g.get("on_record"):
        return
    if response.status_code not in SHOWS or response.mimetype != "text/html":
        return
    if not RECORDS & set(request.view_args or ()) and wanted not in LISTS and not g.get("shows_people"):
        return
    kind, subject_id = subject_here(actor.service_id)
    look = Look(actor, kind, subject_id, request.endpoint or "", now())
    response.call_on_close(partial(look.keep, engine()))


def shows_people() -> None:
    """Said by a page that names patients only at times: this time it does."""
    g.shows_people = True


@dataclass(frozen=True)
class Look:
    """One look at one record, by somebody who acts in the role that they used for it."""

    actor: Actor
    kind: str
    subject_id: str
    page: str
    at: datetime

    def keep(self, database: Engine) -> None:
        """Write it. The answer is out already, so what goes wrong is told to the log alone."""
        try:
            with session_scope(database) as db:
                audit.record(
                    db,
                    actor=self.actor,
                    action="looked",
                    subject_type=self.kind,
                    subject_id=self.subject_id,
                    now=self.at,
                    page=self.page,
                )
        except SQLAlchemyError as error:
            log.error("look_not_kept", actor=self.actor.id, page=self.page, kind=type(error).__name__)
