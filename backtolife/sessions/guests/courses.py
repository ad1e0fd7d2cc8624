"""A companion for the whole course: booked once, with one link that opens whichever session of their patient is next.

The link belongs to a place and goes with it: into another group when the patient moves, and out of use when they leave.
A course that they take later is another place, and somebody is booked for it anew.
"""

from datetime import datetime, timedelta

from backtolife.audit import Acting
from backtolife.database.session import Db, new_id
from backtolife.errors import Conflict, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Kind, LinkPurpose, Person
from backtolife.people.names import clean_name
from backtolife.people.signing_in import signin
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.cohorts.enrolment import hold
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.programme.companions.booked import companions_of, place_of
from backtolife.programme.companions.letters import by_hand, tell_over, who_knows
from backtolife.sessions.guests import letters as guest_letters
from backtolife.sessions.guests.reach import NOWHERE, Reach
from backtolife.sessions.guests.services import Invited, note, refuse_cancelled, take_back
from backtolife.sessions.room.belonging import NO_GUEST
from backtolife.sessions.room.models import GroupSession
from backtolife.sessions.room.services import next_of_each

MOST = 2
"""How many may be beside one patient: an interpreter and a carer."""
LINK_LIFE = timedelta(days=400)
"""The longest that a course can take with its breaks; it ends with the patient's place before that."""
ALL_OVER = "All sessions of this course are over. Thank you for being there."


def book(db: Db, *, enrolment: Enrolment, name: str, actor: Actor, now: datetime, reach: Reach = NOWHERE) -> Invited:
    """Book somebody beside the patient of this place for every session to come. The caller sends them their link.

    Raises Conflict when two are booked, the patient has left, or no session is to come.
    """
    authorise(actor, "companion.book", enrolment)
    hold(db, enrolment)
    refuse_over(db, enrolment, now)
    if len(companions_of(db, enrolment.id)) >= MOST:
        raise Conflict(f"{MOST} people are booked beside them already. Cancel one first.")
    own_id, name = new_id(), clean_name(name)
    person = Person(
        id=own_id,
        service_id=enrolment.service_id,
        kind=Kind.COMPANION,
        email=f"{own_id}@guest.invalid",
        guest_email=reach.email,
        phone=reach.phone,
        channel=reach.channel,
        full_name=name,
        shown_name=name[:40],
        created_at=now,
        beside_id=enrolment.person_id,
        whole_course=True,
        beside_place_id=enrolment.id,
    )
    db.add(person)
    db.flush()
    return Invited(person, course_link(db, person=person, actor=actor, now=now))


def refuse_over(db: Db, enrolment: Enrolment | None, now: datetime) -> None:
    """Raise Conflict where a link to the sessions of this place would open none."""
    if enrolment is None or enrolment.state not in MAY_JOIN:
        raise Conflict("They come to no session of this group, so nobody can be booked beside them.")
    if not next_of_each(db, cohort_ids=[enrolment.cohort_id], now=now):
        raise Conflict("All sessions of this group are over, so nobody can be booked beside them.")


def course_link(db: Db, *, person: Person, actor: Acting, now: datetime) -> str:
    """The secret of a new link; the one before stops working, and is not sent when it still waits.

    Raises Conflict for somebody who was cancelled, and where it would open nothing.
    """
    refuse_cancelled(person)
    refuse_over(db, place_of(db, person), now)
    guest_letters.forget_waiting(db, person)
    issued = signin.issue_link(db, person=person, purpose=LinkPurpose.JOIN, now=now)
    issued.link.expires_at = now + LINK_LIFE
    note(db, "companion_booked", person, actor, now)
    return issued.token


def cancel(db: Db, *, enrolment: Enrolment, person: Person, actor: Actor, sender: Sender, now: datetime) -> int:
    """End a booking: the link and every page opened with it stop working, and whoever knew of it is told, once.

    Returns how many are told: nobody where we can write to nowhere, for then it is said by whoever cancels.
    """
    if not person.active:
        return 0
    knows = [each for each in who_knows(db, [person]) if not by_hand(each)]
    take_back(db, person=person, actor=actor, now=now)
    if enrolment.state not in MAY_JOIN:
        return 0
    return tell_over(db, place=enrolment, people=knows, cause=enrolment.id, sender=sender, now=now)


def find_companion(db: Db, *, enrolment: Enrolment, guest_id: str) -> Person:
    """Somebody booked beside the patient of this place, cancelled ones too. Raises NotFound."""
    found = db.get(Person, guest_id)
    if found is None or not found.whole_course or found.beside_place_id != enrolment.id:
        raise NotFound("This person is not booked beside your patient any more.")
    return found


def session_of(db: Db, person: Person, now: datetime) -> GroupSession:
    """The session that the link of this companion opens: the one that is on or comes next for their patient.

    Raises NotFound once the patient has left or no session is to come.
    """
    place = place_of(db, person)
    if place is None or place.state not in MAY_JOIN:
        raise NotFound(NO_GUEST)
    coming = next_of_each(db, cohort_ids=[place.cohort_id], now=now)
    if place.cohort_id not in coming:
        raise NotFound(ALL_OVER)
    return coming[place.cohort_id][1]
