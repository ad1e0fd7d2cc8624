"""What a new service needs before its first session can be held: each point worked out from what is really there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from backtolife import audit
from backtolife.content.services import missing
from backtolife.database.session import Db
from backtolife.errors import Conflict
from backtolife.mail.channels import Channel
from backtolife.outcomes.asking.readiness import unsigned_ahead
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import holding
from backtolife.people.working import who_can_work
from backtolife.programme.own_service.mail_check import arrived
from backtolife.sessions.rehearsals.models import Rehearsal
from backtolife.sessions.room.models import GroupSession

FACILITATORS = 2
NOT_READY = "Something is still to be done. See the list."


@dataclass(frozen=True)
class Point:
    """One point of the list. `endpoint` is where it is done; empty where it is done on the list itself."""

    id: str
    title: str
    words: str
    done: bool
    endpoint: str = ""
    permission: str = ""
    """Who may go there."""


def set_up_of(db: Db, *, actor: Actor, production: bool, texts: bool, now: datetime) -> list[Point]:
    """The list for whoever sets a service up; empty for others, once a session was held or the list was put away."""
    if not may(actor, "set_up.read", actor):
        return []
    service = db.get_one(Service, actor.service_id)
    if service.set_up_at is not None or a_session_was_held(db, service.id):
        return []
    return points(db, service.id, production=production, texts=texts, now=now)


def a_session_was_held(db: Db, service_id: str) -> bool:
    held = select(GroupSession.id).where(
        GroupSession.service_id == service_id, col(GroupSession.started_at).is_not(None)
    )
    return db.exec(held.limit(1)).first() is not None


def points(db: Db, service_id: str, *, production: bool, texts: bool, now: datetime) -> list[Point]:
    """Every point, in the order in which somebody would take them. `texts`: somebody takes our text messages."""
    by, run = arrived(db, service_id), rehearsed(db, service_id)
    return [
        *staff_points(db, service_id),
        *content_points(db, service_id, production, now),
        *(
            Point(
                key,
                title,
                "It has arrived." if channel in by else "Send one to yourself, and press its link.",
                channel in by,
            )
            for key, title, channel in (("mail", "A test mail", Channel.EMAIL), ("text", "A test text", Channel.SMS))
            if texts or channel is Channel.EMAIL
        ),
        Point(
            "rehearsal",
            "A trial run",
            "Somebody has rehearsed a session." if run else "Rehearse one session to its end.",
            run,
            "rehearsals.overview",
            "session.rehearse",
        ),
    ]


def staff_points(db: Db, service_id: str) -> list[Point]:
    facilitators, duty = (working(db, service_id, role) for role in (Role.FACILITATOR, Role.DUTY_CLINICIAN))
    where = ("colleagues.overview", "staff.manage")
    return [
        Point(
            "facilitators",
            "Two facilitators",
            f"{facilitators} can sign in. One leads, one watches how everybody is.",
            facilitators >= FACILITATORS,
            *where,
        ),
        Point(
            "duty",
            "A clinician on duty",
            "Somebody can sign in and take safety tasks." if duty else "Nobody can take safety tasks yet.",
            duty > 0,
            *where,
        ),
    ]


def content_points(db: Db, service_id: str, production: bool, now: datetime) -> list[Point]:
    unsigned = len(unsigned_ahead(db, service_id=service_id, production=production, now=now))
    unseen = len(missing(db, service_id=service_id))
    return [
        Point(
            "words",
            "The words of the questionnaires",
            f"{unsigned} still to be approved by a clinical lead." if unsigned else "All are approved.",
            not unsigned,
            "words.overview",
            "wording.sign",
        ),
        Point(
            "videos",
            "The videos",
            f"Still without one: {unseen} of 9 sessions." if unseen else "Each session has its video.",
            not unseen,
            "videos.manage",
            "video.manage",
        ),
    ]


def working(db: Db, service_id: str, role: Role) -> int:
    """How many hold this role and can sign in."""
    wanted = select(func.count()).select_from(Person)
    return db.exec(wanted.where(col(Person.service_id) == service_id, holding(role), who_can_work())).one()


def rehearsed(db: Db, service_id: str) -> bool:
    ended = select(Rehearsal.id).where(Rehearsal.service_id == service_id, col(Rehearsal.ended_at).is_not(None))
    return db.exec(ended.limit(1)).first() is not None


def put_away(db: Db, *, actor: Actor, production: bool, texts: bool, now: datetime) -> None:
    """The list is done and is not shown again. Raises Conflict while a point is open."""
    authorise(actor, "set_up.read", actor)
    if not all(point.done for point in points(db, actor.service_id, production=production, texts=texts, now=now)):
        raise Conflict(NOT_READY)
    service = db.get_one(Service, actor.service_id)
    if service.set_up_at is None:
        service.set_up_at = now
        audit.record(db, actor=actor, action="set_up_done", subject_type="service", subject_id=service.id, now=now)
