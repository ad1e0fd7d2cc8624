"""Guests of one session: a companion beside a patient, or an observer from the team, each with a link of their own.

A guest is a person without an account: no address, no password, no other page. The link works until the session's
doors close or staff take it back; opening it on another device ends the first.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db, new_id, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import GUESTS, Kind, LinkPurpose, Person, Role, SignedIn
from backtolife.people.names import clean_name, isolated
from backtolife.people.signing_in import signin
from backtolife.programme.cohorts.enrolment import enrolled_in
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.sessions.guests import letters as guest_letters
from backtolife.sessions.room import store as room
from backtolife.sessions.room.belonging import NO_GUEST
from backtolife.sessions.room.models import GroupSession

MOST = 4
"""How many guests one session may have; a group is for patients."""


@dataclass(frozen=True)
class Invited:
    """A fresh invitation: the only moment at which its link is known."""

    person: Person
    token: str


def invite(
    db: Db, *, group_session: GroupSession, role: Role, name: str, beside: str, actor: Actor, now: datetime
) -> Invited:
    """Invite a guest to this session. `beside` is the person id of a companion's patient. Raises Invalid."""
    authorise(actor, "session.lead", group_session)
    if role not in GUESTS:
        raise Invalid("Choose a companion or an observer.", "role")
    one_at_a_time(db, f"guests:{group_session.id}")
    if len(guests_of(db, group_session)) >= MOST:
        raise Invalid(f"A session can have {MOST} guests at most. Cancel one first.", "role")
    if role is Role.COMPANION and beside not in {person.id for _, person in enrolled_in(db, group_session.cohort_id)}:
        raise Invalid("Choose who they are supporting.", "beside")
    name = clean_name(name)
    own_id = new_id()
    person = Person(
        id=own_id,
        service_id=group_session.service_id,
        kind=Kind(role.value),
        email=f"{own_id}@guest.invalid",
        full_name=name,
        shown_name=name[:40],
        created_at=now,
        invited_to=group_session.id,
        beside_id=beside if role is Role.COMPANION else None,
    )
    db.add(person)
    db.flush()
    return Invited(person, new_link(db, person=person, group_session=group_session, actor=actor, now=now))


def new_link(db: Db, *, person: Person, group_session: GroupSession, actor: Acting, now: datetime) -> str:
    """The secret of a new link for a guest; the one before stops working, and is not sent when it still waits.

    Raises Conflict for somebody who was cancelled.
    """
    refuse_cancelled(person)
    guest_letters.forget_waiting(db, person)
    issued = signin.issue_link(db, person=person, purpose=LinkPurpose.JOIN, now=now)
    issued.link.expires_at = room.date_of(db, group_session).closes_at
    note(db, "guest_invited", person, actor, now)
    return issued.token


def refuse_cancelled(person: Person) -> None:
    """Raise Conflict for a guest whom somebody took back, perhaps a moment ago: their link would let nobody in."""
    if not person.active:
        raise Conflict(f"{isolated(person.shown_name)} has been cancelled. Invite them once more instead.")


def guests_of(db: Db, group_session: GroupSession) -> list[Person]:
    """Who is invited to this session, in order of asking; also who is booked for the whole course beside somebody of
    its group. Who was to be beside somebody who has left it is not let in, and not counted.
    """
    in_group = Enrolment.cohort_id == group_session.cohort_id, col(Enrolment.state).in_(MAY_JOIN)
    still_here = col(Person.beside_id).in_(select(Enrolment.person_id).where(*in_group))
    here = or_(
        and_(
            col(Person.invited_to) == group_session.id,
            col(Person.whole_course).is_(False),
            or_(col(Person.beside_id).is_(None), still_here),
        ),
        and_(
            col(Person.whole_course).is_(True),
            col(Person.beside_place_id).in_(select(Enrolment.id).where(*in_group)),
        ),
    )
    wanted = select(Person).where(here, col(Person.active).is_(True))
    return list(db.exec(wanted.order_by(col(Person.created_at), col(Person.id))))


def invited_to_groups(cohort_ids: Collection[str]) -> Select[str, str]:
    """A statement for the group and the id of whoever is invited to one session of these groups."""
    return (
        select(GroupSession.cohort_id, Person.id)
        .join(Person, col(Person.invited_to) == col(GroupSession.id))
        .where(
            col(GroupSession.cohort_id).in_(cohort_ids),
            col(Person.whole_course).is_(False),
            col(Person.active).is_(True),
        )
    )


def find_guest(db: Db, *, group_session: GroupSession, guest_id: str) -> Person:
    """A guest of this session. Raises NotFound for one of another, or for somebody who is no guest."""
    found = db.get(Person, guest_id)
    if found is not None and found.whole_course:
        places = {place.id for place, _ in enrolled_in(db, group_session.cohort_id)}
        if found.beside_place_id in places:
            return found
    if found is None or found.invited_to != group_session.id:
        raise NotFound("This guest is not invited to your session.")
    return found


def take_back(db: Db, *, person: Person, actor: Actor, now: datetime) -> None:
    """The link and every page opened with it stop working."""
    person.active = False
    guest_letters.forget_waiting(db, person)
    end_all(db, person, now)
    note(db, "guest_taken_back", person, actor, now)


def by_token(db: Db, *, token: str, now: datetime) -> Person:
    """Whose link this is. Looking changes nothing: mail scanners open every link. Raises NotFound."""
    try:
        link = signin.find_link(db, token=token, purpose=LinkPurpose.JOIN, now=now)
    except NotFound:
        raise NotFound(NO_GUEST) from None
    person = db.get(Person, link.person_id)
    if person is None or not person.active or not person.is_guest:
        raise NotFound(NO_GUEST)
    return person


def enter(db: Db, *, person: Person, now: datetime) -> str:
    """The secret of this browser's cookie; pages opened earlier with the same link are signed out."""
    end_all(db, person, now)
    return signin.begin(db, person=person, now=now, joins_only=True)


def end_all(db: Db, person: Person, now: datetime) -> None:
    for place in db.exec(select(SignedIn).where(SignedIn.person_id == person.id, col(SignedIn.ended_at).is_(None))):
        place.ended_at = now


def note(db: Db, action: str, person: Person, actor: Acting, now: datetime) -> None:
    audit.record(db, actor=actor, action=action, subject_type="person", subject_id=person.id, now=now)
