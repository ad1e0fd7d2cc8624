"""Who may do what, by the table of permissions: one `authorise` behind pages, sockets, media tokens and downloads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from backtolife.errors import NotFound, NotPermitted
from backtolife.people.models import GUESTS, STAFF, Role
from backtolife.people.permissions import JOINS, PERMISSIONS, PUBLIC, SETS_UP, WITHOUT_ROLE, Scope


@dataclass
class Used:
    """The role that the newest permission came from."""

    role: Role | None = None


@dataclass(frozen=True)
class Actor:
    """The person who acts, as the signed token says; never as a request says. They may what any of their roles may."""

    id: str
    service_id: str
    roles: frozenset[Role]
    cohort_ids: frozenset[str] = frozenset()
    joins_only: bool = False
    """A remembered device: the next group session and nothing else."""
    sets_up_only: bool = False
    """Of staff who gave a password alone where more is asked: setting up their second step and nothing else."""
    session_id: str = ""
    """Of a guest: the one group session they are invited to."""
    covers: frozenset[str] = frozenset()
    """Of somebody who stands in for another: the dates on which they do, and whose rooms alone they may open."""
    without_role: bool = False
    """Of staff who hold no role: until a second person confirms one they have their own account and nothing else."""
    elsewhere: bool = False
    """Of staff: their sign-in opens another service too, into which they can change."""
    used: Used = field(default_factory=Used, compare=False, repr=False)

    @property
    def is_patient(self) -> bool:
        return Role.PATIENT in self.roles

    @property
    def is_guest(self) -> bool:
        return bool(self.roles & GUESTS)

    @property
    def is_staff(self) -> bool:
        return self.without_role or bool(self.roles & STAFF)

    @property
    def limited(self) -> bool:
        """Whether this sign-in is good for one thing alone: no menu, no drafts, no record."""
        return self.joins_only or self.sets_up_only

    def holds(self, *roles: Role) -> bool:
        """Whether one of these roles is theirs."""
        return not self.roles.isdisjoint(roles)

    @property
    def role_used(self) -> str:
        """The role they act in, which the audit log names: the one that the newest permission came from.

        Empty where somebody with several has used none of them yet.
        """
        role = self.used.role or (next(iter(self.roles)) if len(self.roles) == 1 else None)
        return role.value if role else ""


@dataclass(frozen=True)
class System:
    """A part of the product that acts on its own, by name, inside one service."""

    id: str
    service_id: str
    role_used: str = ""


@dataclass(frozen=True)
class Client:
    """A program that reads results with a token: nobody in particular, with no role, only scopes."""

    id: str
    service_id: str
    scopes: frozenset[str]
    role_used: str = ""


class OutOfReach(NotFound):
    """The subject exists but not for this actor. People read "not found"; the audit log keeps who asked for what."""

    def __init__(self, action: str, subject: object) -> None:
        super().__init__("We could not find that. It may have moved, or it may belong to someone else.")
        self.action = action
        self.subject_type = type(subject).__name__.lower()
        self.subject_id = str(getattr(subject, "id", ""))


NEAREST_FIRST = tuple(Scope)


def scopes_of(actor: Actor, action: str) -> list[tuple[Scope, Role]]:
    """How far each role of the actor reaches for `action`, the nearest first; none for a role that never may."""
    table = PERMISSIONS.get(action, {})
    if (actor.joins_only and action not in JOINS) or (actor.sets_up_only and action not in SETS_UP):
        return []
    found = [(table[role], role) for role in Role if role in actor.roles and role in table]
    return sorted(found, key=lambda each: NEAREST_FIRST.index(each[0]))


def role_for(actor: Actor, action: str, subject: object) -> Role | None:
    """The role in which `actor` may do `action` to `subject`; of several the one that reaches least far."""
    if getattr(subject, "service_id", None) != actor.service_id:
        return None
    return next((role for scope, role in scopes_of(actor, action) if near_enough(actor, scope, subject)), None)


def may(actor: Actor, action: str, subject: object) -> bool:
    """Whether `actor` may do `action` to `subject` in any of their roles. What the table does not name is refused."""
    return role_for(actor, action, subject) is not None or without_a_role(actor, action, subject)


def without_a_role(actor: Actor, action: str, subject: object) -> bool:
    """Whether this is of the little that staff without a role may do, and their own."""
    if not actor.without_role or action not in WITHOUT_ROLE or (actor.sets_up_only and action not in SETS_UP):
        return False
    return getattr(subject, "service_id", None) == actor.service_id and near_enough(actor, Scope.OWN, subject)


def may_everywhere(actor: Actor, action: str) -> bool:
    """Whether one of the actor's roles lets them do `action` in the whole service."""
    return any(scope is Scope.SERVICE for scope, _ in scopes_of(actor, action))


def near_enough(actor: Actor, scope: Scope, subject: object) -> bool:
    if scope is Scope.SERVICE or subject is actor:
        return True
    if scope is Scope.SESSION:
        place = getattr(subject, "group_session_id", "") or getattr(subject, "id", "")
        return bool(actor.session_id) and place == actor.session_id
    if scope is Scope.OWN:
        return getattr(subject, "owner_id", None) == actor.id
    if getattr(subject, "session_date_id", "") in actor.covers:
        return True
    return getattr(subject, "cohort_id", None) in actor.cohort_ids or actor.id == getattr(subject, "owner_id", "")


def refuse_role(actor: Actor, action: str) -> None:
    """Raise NotPermitted when someone of these roles, or on this device, never may do `action` to anybody."""
    if actor.without_role and action not in WITHOUT_ROLE:
        raise NotPermitted(
            "Your role waits for a second person, who has to confirm it. We write to you once it is done."
        )
    if not actor.without_role and actor.roles.isdisjoint(PERMISSIONS.get(action, {})):
        raise NotPermitted("Your account cannot do this. If you think it should, ask your service's administrator.")
    if actor.joins_only and action not in JOINS:
        raise NotPermitted("Please sign in to see this page. This device may only open your next session.")
    if actor.sets_up_only and action not in SETS_UP:
        raise NotPermitted("Please set up your second step first. Then this page opens.")
    if not actor.without_role:
        actor.used.role = scopes_of(actor, action)[0][1]


def authorise(actor: Actor, action: str, subject: object) -> None:
    """Raise unless `actor` may do `action` to `subject`.

    `subject` is a row (its `service_id`, `cohort_id` and `owner_id` are looked at where it has them), or the actor
    itself for an action on nobody in particular. A role that never may gets NotPermitted; someone else's record gets
    NotFound, so that asking does not reveal that it exists.
    """
    refuse_role(actor, action)
    role = role_for(actor, action, subject)
    if without_a_role(actor, action, subject):
        return
    if role is None:
        raise OutOfReach(action, subject)
    actor.used.role = role


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
