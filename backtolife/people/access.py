"""Who may do what: one table of actions, and one `authorise` behind pages, sockets, media tokens and downloads."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from backtolife.errors import NotFound, NotPermitted
from backtolife.people.models import GUESTS, Role

P, F, CL, SL, DC, AD = (
    Role.PATIENT,
    Role.FACILITATOR,
    Role.CLINICAL_LEAD,
    Role.SERVICE_LEAD,
    Role.DUTY_CLINICIAN,
    Role.ADMINISTRATOR,
)
CO, OB = Role.COMPANION, Role.OBSERVER
MEMBERS = tuple(role for role in Role if role not in GUESTS)


class Scope(StrEnum):
    """How near the subject must be to the actor. Nothing ever reaches another service."""

    OWN = "own"
    """It belongs to the actor."""
    COHORT = "cohort"
    """It belongs to a cohort that the actor is in or leads."""
    SESSION = "session"
    """It is the one live session that the actor was invited to, or a seat in it."""
    SERVICE = "service"
    """It belongs to the actor's service."""


@dataclass(frozen=True)
class Actor:
    """The person who acts, as the signed token says; never as a request says."""

    id: str
    service_id: str
    role: Role
    cohort_ids: frozenset[str] = frozenset()
    joins_only: bool = False
    """A remembered device: the next group session and nothing else."""
    session_id: str = ""
    """Of a guest: the one group session they are invited to."""


@dataclass(frozen=True)
class System:
    """A part of the product that acts on its own, by name, inside one service."""

    id: str
    service_id: str


@dataclass(frozen=True)
class Client:
    """A program that reads results with a token: nobody in particular, with no role, only scopes."""

    id: str
    service_id: str
    scopes: frozenset[str]


CLIENT_SCOPES = frozenset({"results:read", "answers:read"})
"""What a program may be let read. They are permissions of their own, which no person's role holds."""

PUBLIC = "public"
"""The permission of what anyone may see without signing in."""


class OutOfReach(NotFound):
    """The subject exists but not for this actor. People read "not found"; the audit log keeps who asked for what."""

    def __init__(self, action: str, subject: object) -> None:
        super().__init__("We could not find that. It may have moved, or it may belong to someone else.")
        self.action = action
        self.subject_type = type(subject).__name__.lower()
        self.subject_id = str(getattr(subject, "id", ""))


JOINS = frozenset(
    {
        "session.join",
        "session.room",
        "session.chat",
        "session.take_part",
        "session.help",
        "session.check",
        "warning.tick",
        "account.sign_out",
    }
)
"""What a remembered device may do without a new sign-in."""

PERMISSIONS: dict[str, dict[Role, Scope]] = {
    "home.open": dict.fromkeys(MEMBERS, Scope.OWN),
    "account.details": dict.fromkeys(MEMBERS, Scope.OWN),
    "account.background": {P: Scope.OWN},
    "draft.keep": dict.fromkeys(MEMBERS, Scope.OWN),
    "account.sign_out": dict.fromkeys(Role, Scope.OWN),
    "staff.invite": {AD: Scope.SERVICE},
    "cohort.create": {SL: Scope.SERVICE, AD: Scope.SERVICE},
    "cohort.read": {F: Scope.COHORT, CL: Scope.SERVICE, SL: Scope.SERVICE, AD: Scope.SERVICE},
    "cohort.change": {F: Scope.COHORT, CL: Scope.SERVICE, SL: Scope.SERVICE, AD: Scope.SERVICE},
    "cohort.enrol": {F: Scope.COHORT, CL: Scope.SERVICE, AD: Scope.SERVICE},
    "patient.read": {P: Scope.OWN, F: Scope.COHORT, CL: Scope.SERVICE},
    "exercise.read": dict.fromkeys(MEMBERS, Scope.OWN),
    "video.watch": {P: Scope.COHORT, F: Scope.SERVICE, CL: Scope.SERVICE, SL: Scope.SERVICE, AD: Scope.SERVICE},
    "video.record_watching": {P: Scope.OWN},
    "video.manage": {CL: Scope.SERVICE, AD: Scope.SERVICE, F: Scope.SERVICE},
    "session.join": {P: Scope.COHORT, F: Scope.COHORT},
    "session.room": {P: Scope.COHORT, F: Scope.COHORT, CO: Scope.SESSION, OB: Scope.SESSION},
    "session.take_part": {P: Scope.COHORT, F: Scope.COHORT, CO: Scope.SESSION},
    "session.chat": {P: Scope.COHORT, F: Scope.COHORT, CO: Scope.SESSION},
    "session.help": {P: Scope.COHORT, CO: Scope.SESSION},
    "session.check": {P: Scope.COHORT},
    "warning.tick": {P: Scope.COHORT},
    "session.lead": {F: Scope.COHORT},
    "session.rehearse": {F: Scope.OWN, CL: Scope.OWN},
    "board.read": {P: Scope.COHORT, F: Scope.COHORT},
    "board.write": {P: Scope.COHORT, F: Scope.COHORT},
    "board.take_back": {P: Scope.OWN},
    "board.moderate": {F: Scope.COHORT},
    "incident.read": {F: Scope.COHORT, CL: Scope.SERVICE, DC: Scope.SERVICE},
    "incident.write": {F: Scope.COHORT, CL: Scope.SERVICE, DC: Scope.SERVICE},
    "attendance.read": {F: Scope.COHORT, CL: Scope.SERVICE},
    "attendance.correct": {F: Scope.COHORT},
    "form.answer": {P: Scope.OWN},
    "progress.read": {P: Scope.OWN},
    "patient.lines": {F: Scope.COHORT, CL: Scope.SERVICE},
    "form.enter": {F: Scope.COHORT, CL: Scope.SERVICE},
    "form.reopen": {F: Scope.COHORT, CL: Scope.SERVICE},
    "form.read": {P: Scope.OWN, F: Scope.COHORT, CL: Scope.SERVICE},
    "wording.sign": {CL: Scope.SERVICE},
    "wording.import": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "battery.choose": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "task.read": {F: Scope.COHORT, CL: Scope.SERVICE, DC: Scope.SERVICE},
    "task.work": {F: Scope.COHORT, CL: Scope.SERVICE, DC: Scope.SERVICE},
    "rota.read": {F: Scope.SERVICE, CL: Scope.SERVICE, DC: Scope.SERVICE, AD: Scope.SERVICE},
    "rota.manage": {CL: Scope.SERVICE, AD: Scope.SERVICE},
    "safety.assure": {CL: Scope.SERVICE, DC: Scope.SERVICE},
    "report.read": {SL: Scope.SERVICE, CL: Scope.SERVICE},
    "report.export": {SL: Scope.SERVICE},
    "report.make": {SL: Scope.SERVICE, CL: Scope.SERVICE},
    "margin.fix": {CL: Scope.SERVICE},
    "comparator.bring": {SL: Scope.SERVICE, CL: Scope.SERVICE},
    "client.create": {SL: Scope.SERVICE},
    "client.manage": {SL: Scope.SERVICE, AD: Scope.SERVICE},
    **{scope: {} for scope in sorted(CLIENT_SCOPES)},
}


def may(actor: Actor, action: str, subject: object) -> bool:
    """Whether `actor` may do `action` to `subject`. What the table does not name is refused."""
    scope = PERMISSIONS.get(action, {}).get(actor.role)
    if scope is None or (actor.joins_only and action not in JOINS):
        return False
    return getattr(subject, "service_id", None) == actor.service_id and near_enough(actor, scope, subject)


def near_enough(actor: Actor, scope: Scope, subject: object) -> bool:
    if scope is Scope.SERVICE or subject is actor:
        return True
    if scope is Scope.SESSION:
        place = getattr(subject, "group_session_id", "") or getattr(subject, "id", "")
        return bool(actor.session_id) and place == actor.session_id
    if scope is Scope.OWN:
        return getattr(subject, "owner_id", None) == actor.id
    return getattr(subject, "cohort_id", None) in actor.cohort_ids or actor.id == getattr(subject, "owner_id", "")


def refuse_role(actor: Actor, action: str) -> None:
    """Raise NotPermitted when someone of this role, or on this device, never may do `action` to anybody."""
    if actor.role not in PERMISSIONS.get(action, {}):
        raise NotPermitted("Your account cannot do this. If you think it should, ask your service's administrator.")
    if actor.joins_only and action not in JOINS:
        raise NotPermitted("Please sign in to see this page. This device may only open your next session.")


def authorise(actor: Actor, action: str, subject: object) -> None:
    """Raise unless `actor` may do `action` to `subject`.

    `subject` is a row (its `service_id`, `cohort_id` and `owner_id` are looked at where it has them), or the actor
    itself for an action on nobody in particular. A role that never may gets NotPermitted; someone else's record gets
    NotFound, so that asking does not reveal that it exists.
    """
    refuse_role(actor, action)
    if not may(actor, action, subject):
        raise OutOfReach(action, subject)


def authorise_client(client: Client, action: str, subject: object) -> None:
    """Raise unless the program may do `action` to `subject`: its token has that scope, and it is of its service."""
    if action not in client.scopes:
        raise NotPermitted(f"This token may not read this. It needs the scope {action}.")
    if getattr(subject, "service_id", None) != client.service_id:
        raise OutOfReach(action, subject)


View = TypeVar("View", bound=Callable[..., Any])


def permission(action: str, *, reads: bool = False) -> Callable[[View], View]:
    """Name the permission of a route or socket event. `app` refuses to start with one that names none.

    `reads` promises that the view writes nothing, not even a trace: it then takes no write lock.
    """
    if action != PUBLIC and action not in PERMISSIONS:
        raise ValueError(f"{action!r} is not in the table of permissions.")

    def name(view: View) -> View:
        view.permission = action  # type: ignore[attr-defined]
        view.reads = reads  # type: ignore[attr-defined]
        return view

    return name


def permission_of(view: Callable[..., Any]) -> str | None:
    """The permission that `view` names, or None."""
    found = getattr(view, "permission", None)
    return str(found) if found is not None else None


def reads_only(view: Callable[..., Any]) -> bool:
    """Whether `view` promised to write nothing."""
    return bool(getattr(view, "reads", False))
