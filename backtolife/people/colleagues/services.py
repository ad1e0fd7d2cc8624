"""Who works here, from invitation to the day they leave: roles, access, and the yearly look at both."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, delete, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.asked import Asked, has_words
from backtolife.people.colleagues.work import Work, hand_over, held_by
from backtolife.people.colleagues.yearly.rules import look_by
from backtolife.people.models import Kind, Person, Role, RoleHeld, SignedIn
from backtolife.people.names import isolated
from backtolife.people.organisation.forgetting import forget
from backtolife.people.organisation.models import OrganisationAccount
from backtolife.people.roles import NO_ROLE, kind_of, others_hold, roles_by_person, roles_of
from backtolife.people.second_person import proposing
from backtolife.people.second_step import services as second_step
from backtolife.people.signing_in.linked.unlinking import Why, unlink
from backtolife.people.signing_in.messages import queue_to
from backtolife.people.signing_in.ways_in import end_every_way_in
from backtolife.people.working import can_work, who_can_work

NO_COLLEAGUE = "We could not find this colleague. They may have left."
LAST_ADMINISTRATOR = (
    "Your service needs an administrator who can sign in, and there is no other one. Make somebody else an "
    "administrator first."
)
HANDED_SUBJECT = "Work was handed to you"
HANDED_BODY = (
    "Hello {name},\n\n{giver} handed the work of a colleague over to you: groups, tasks or times on duty. Please look: "
    "{site}/\n\n{service}\n"
)


@dataclass(frozen=True)
class Colleague:
    """Somebody who works here, as the page of staff shows them."""

    person: Person
    roles: frozenset[Role]
    last_seen: datetime | None
    review_at: datetime
    """By when somebody has to look whether they should still have access."""

    @property
    def state(self) -> str:
        """Invited: has never chosen a password. Off: cannot sign in."""
        if not self.person.active:
            return "off"
        return "ready" if self.person.password_hash else "invited"


SORTS = {"name": "By name", "seen": "Last seen first", "review": "Whose access to check first"}


def colleagues(db: Db, *, actor: Actor, asked: Asked | None = None) -> list[Colleague]:
    """Everyone who works or worked in the actor's service and fits what was asked: those with access first, then by
    name or as asked. Three statements.
    """
    asked = asked or Asked(sort="name")
    authorise(actor, "staff.manage", actor)
    people = select(Person).where(
        Person.service_id == actor.service_id,
        Person.kind == Kind.STAFF,
        has_words(asked.words, col(Person.full_name), col(Person.email), col(Person.job)),
    )
    looked = func.coalesce(Person.access_confirmed_at, Person.created_at)
    last = select(func.max(SignedIn.seen_at)).where(SignedIn.person_id == col(Person.id)).correlate(Person)
    seen_at = last.scalar_subquery()
    order = {"seen": (seen_at.is_(None), seen_at.desc()), "review": (looked,)}.get(asked.sort, ())
    roles = roles_by_person(db, actor.service_id)
    newest = select(SignedIn.person_id, func.max(SignedIn.seen_at)).where(SignedIn.service_id == actor.service_id)
    seen = dict(db.exec(newest.group_by(col(SignedIn.person_id))).all())
    rows = db.exec(people.order_by(col(Person.active).desc(), *order, col(Person.full_name), col(Person.id)))
    return [Colleague(each, roles.get(each.id, frozenset()), seen.get(each.id), review_of(each)) for each in rows]


def review_of(person: Person) -> datetime:
    return look_by(person.access_confirmed_at, person.created_at)


def find_colleague(db: Db, *, actor: Actor, colleague_id: str) -> Person:
    """A colleague of the actor's service. Raises NotFound, also for a patient or a guest."""
    person = db.get(Person, colleague_id)
    if person is None or not person.is_staff:
        raise NotFound(NO_COLLEAGUE)
    authorise(actor, "staff.manage", person)
    return person


def takers(db: Db, *, person: Person) -> list[Person]:
    """Who can be named to take over the work of `person`: every other colleague who can sign in, by name."""
    wanted = select(Person).where(
        Person.service_id == person.service_id, Person.kind == Kind.STAFF, Person.id != person.id, who_can_work()
    )
    return list(db.exec(wanted.order_by(col(Person.full_name), col(Person.id))))


def hold(db: Db, person: Person) -> None:
    """Change accounts of the service one after another, each from what the one before left."""
    proposing.in_turn(db, person.service_id)
    db.refresh(person)


def refuse_last_administrator(db: Db, person: Person) -> None:
    """Raise Conflict when nobody else could look after accounts; of two who take each other away the second gets it."""
    if not others_hold(db, person, Role.ADMINISTRATOR):
        raise Conflict(LAST_ADMINISTRATOR)


def change_roles(
    db: Db, works: Sequence[Work], *, actor: Actor, person: Person, roles: Collection[Role], site: str, now: datetime
) -> frozenset[Role]:
    """From the next request on this colleague may do what these roles may, but for those that wait for a second person.
    Returns the ones that began to wait.

    Raises Conflict for the last administrator, and for somebody whose work another one has to take over first.
    """
    authorise(actor, "staff.manage", person)
    hold(db, person)
    wanted = frozenset(roles)
    if kind_of(wanted) is not Kind.STAFF:
        raise Invalid(NO_ROLE, "roles")
    before = roles_of(db, person)
    wait_already = proposing.open_roles(db, person.id)
    if wanted == before | wait_already:
        return frozenset()
    if Role.ADMINISTRATOR in before - wanted:
        refuse_last_administrator(db, person)
    work = held_by(db, works, person=person, now=now) if before - wanted else []
    if work:
        raise Conflict(f"Hand over their work first, on this page: {'; '.join(work)}.")
    db.exec(delete(RoleHeld).where(col(RoleHeld.person_id) == person.id, col(RoleHeld.role).in_(before - wanted)))
    proposing.take_back(db, actor=actor, person=person, but=wanted, now=now)
    new = wanted - before - wait_already
    waits = proposing.give_or_propose(db, actor=actor, person=person, roles=new, site=site, now=now)
    after = (wanted & before) | (new - waits)
    if after != before:
        note(db, "roles_changed", person, actor, now, before=sorted(before), after=sorted(after))
    return waits


def hand_work_over(
    db: Db, works: Sequence[Work], *, actor: Actor, person: Person, to_id: str, site: str, now: datetime
) -> None:
    """Give what this colleague holds to another one, who is told. Raises Invalid, Conflict when there is nothing."""
    authorise(actor, "staff.manage", person)
    hold(db, person)
    if not move_work(db, works, actor=actor, person=person, to_id=to_id, site=site, now=now):
        raise Conflict("They hold no groups, tasks or times on duty. Nothing was changed.")


def switch_off(
    db: Db,
    works: Sequence[Work],
    *,
    actor: Actor,
    person: Person,
    to_id: str,
    site: str,
    now: datetime,
    later: bool = False,
) -> None:
    """Close the account: signed out everywhere, out of every session, their work with a named colleague. `later`: what
    may wait stays where it is until somebody sorts it.

    Raises Invalid when work is there and nobody is named for it, Conflict for the last administrator.
    """
    authorise(actor, "staff.manage", person)
    hold(db, person)
    if not person.active:
        return
    if Role.ADMINISTRATOR in roles_of(db, person):
        refuse_last_administrator(db, person)
    unlink(db, person=person, actor=actor, why=Why.SWITCHED_OFF, now=now)
    moved = [each for each in works if not (later and each.may_wait)]
    move_work(db, moved, actor=actor, person=person, to_id=to_id, site=site, now=now)
    person.active, person.password_hash = False, ""
    proposing.take_back(db, actor=actor, person=person, but=(), now=now)
    end_every_way_in(db, person, now)
    note(db, "switched_off", person, actor, now)


def end_one_sign_in(db: Db, *, actor: Actor, person: Person, now: datetime) -> None:
    """Their account here is opened by its own sign-in alone from now on. Raises Conflict where it was so before."""
    authorise(actor, "staff.manage", person)
    hold(db, person)
    if not unlink(db, person=person, actor=actor, why=Why.BY_THE_SERVICE, now=now):
        raise Conflict("Their sign-in opens no other service. Nothing was changed.")


def switch_on(db: Db, *, actor: Actor, person: Person, site: str, now: datetime) -> frozenset[Role]:
    """Open the account again, with the roles that one person may give. The others wait for a second person, as when
    they were given first; returns those. The edge sends an invitation, because the old password is gone.

    What opened it before does not come back: a passkey on a computer that was handed on, an account at the organisation
    that gives clinical roles back. Whoever answers the invitation starts from nothing.
    """
    authorise(actor, "staff.manage", person)
    hold(db, person)
    if person.active:
        raise Conflict("Their account is open already. Nothing was changed.")
    person.active, person.access_confirmed_at = True, now
    waits = proposing.waits_for_two(db, actor=actor, roles=roles_of(db, person))
    passkeys = len(second_step.ways_of(db, person.id).passkeys)
    second_step.take_away(db, person)
    end_every_way_in(db, person, now)
    note(db, "switched_on", person, actor, now, passkeys=passkeys, organisation=forget(db, person.id, now))
    db.exec(delete(RoleHeld).where(col(RoleHeld.person_id) == person.id, col(RoleHeld.role).in_(waits)))
    for role in sorted(waits):
        proposing.write_down(db, actor=actor, person=person, role=role, site=site, now=now)
    return waits


def was_never_in(db: Db, person: Person) -> bool:
    """Whether a colleague was invited and nothing more: no sign-in is on record, and nothing opens the account."""
    signed_in = db.exec(select(SignedIn.id).where(SignedIn.person_id == person.id).limit(1)).first()
    kept = select(OrganisationAccount.id).where(OrganisationAccount.person_id == person.id).limit(1)
    return signed_in is None and db.exec(kept).first() is None and not second_step.ways_of(db, person.id).any_kept


def invite_again(db: Db, *, actor: Actor, person: Person, now: datetime) -> None:
    """Whoever has not chosen a password gets a fresh link, and the one before stops working. Raises Conflict."""
    authorise(actor, "staff.manage", person)
    hold(db, person)
    if not person.active or person.password_hash:
        raise Conflict("They have no open invitation. Nothing was sent.")
    note(db, "invited_again", person, actor, now)


def confirm_access(db: Db, *, actor: Actor, person: Person, now: datetime) -> None:
    """Somebody looked: this colleague still needs their access. It is asked again in a year."""
    authorise(actor, "staff.manage", person)
    hold(db, person)
    if not person.active:
        raise Conflict("Their account is off. Switch it on first.")
    person.access_confirmed_at = now
    note(db, "access_confirmed", person, actor, now)


def move_work(
    db: Db, works: Sequence[Work], *, actor: Actor, person: Person, to_id: str, site: str, now: datetime
) -> bool:
    to = db.get(Person, to_id) if to_id else None
    if to is not None and (to.service_id != person.service_id or not can_work(to)):
        raise Invalid("Choose somebody from the list.", "to")
    moved = hand_over(db, works, person=person, to=to, actor=actor, now=now)
    if moved and to is not None:
        note(db, "work_handed_over", person, actor, now, to=to.id)
        if to.id != actor.id:
            key = f"handed-over:{person.id}:{to.id}:{now.isoformat()}"
            giver = isolated(db.get_one(Person, actor.id).shown_name)
            queue_to(db, to, key=key, subject=HANDED_SUBJECT, body=HANDED_BODY, now=now, giver=giver, site=site)
    return moved


def note(db: Db, action: str, person: Person, actor: Acting, now: datetime, **detail: object) -> None:
    audit.record(db, actor=actor, action=action, subject_type="person", subject_id=person.id, now=now, **detail)
