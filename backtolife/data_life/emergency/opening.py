"""Opening a record in an emergency, and ending it. A second person is told in the same moment."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.data_life.emergency.models import EmergencyLook
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import Kind, Person, Role
from backtolife.people.names import isolated
from backtolife.people.numbers import phone_kept, text_number
from backtolife.people.roles import holding
from backtolife.people.signing_in.messages import queue_to
from backtolife.people.working import who_can_work
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.patients.alike import born_on, folded

LASTS = timedelta(minutes=60)
REVIEW_WITHIN = timedelta(hours=72)
SHORTEST_REASON, LONGEST_REASON = 10, 200
NO_REASON = f"Say what the emergency is, in {SHORTEST_REASON} to {LONGEST_REASON} characters."
NOBODY = (
    "We found nobody with this name and this date of birth or phone number. Check both. In an emergency call 999, and "
    "ask the clinician on duty."
)
YOURS_ANYWAY = "You may see this record without this. Find them under Patients."
ONE_OPEN = "You have a record open already. End it first."
SUBJECT = "A record was opened in an emergency"
BODY = (
    "Hello {name},\n\n{who} opened a patient's record in an emergency, which they may not see otherwise. It is open "
    "until {until}. Please ask them about it now if you can{then}\n\n{service}\n"
)
REVIEW = ", and say within 72 hours whether it was right: {site}/emergency-access/reviews"
NO_LEAD = ". No clinical lead could look at it: if it looks wrong, ask an administrator to switch them off."


@dataclass(frozen=True)
class Wanted:
    """Whose record, by what somebody in an emergency would know: the whole name, and one thing more."""

    full_name: str
    born: date | None
    phone: str


def opened(db: Db, *, actor: Actor, now: datetime) -> EmergencyLook | None:
    """The record that the actor has open, or None."""
    wanted = select(EmergencyLook).where(EmergencyLook.by == actor.id, col(EmergencyLook.ends_at) > now)
    return db.exec(wanted).first()


def open_record(db: Db, *, actor: Actor, wanted: Wanted, reason: str, site: str, now: datetime) -> EmergencyLook:
    """Open it for an hour, and tell a second person. Raises Invalid, NotFound, or Conflict where it is not needed."""
    authorise(actor, "emergency.open", actor)
    reason = " ".join(reason.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise Invalid(NO_REASON, "reason")
    one_at_a_time(db, f"emergency:{actor.id}")
    if opened(db, actor=actor, now=now) is not None:
        raise Conflict(ONE_OPEN)
    person = find(db, actor, wanted)
    refuse_theirs(db, actor, person)
    look = EmergencyLook(
        service_id=person.service_id,
        person_id=person.id,
        by=actor.id,
        reason=reason,
        opened_at=now,
        ends_at=now + LASTS,
    )
    db.add(look)
    db.flush()
    told = tell(db, actor, look, site, now)
    note(db, "emergency_opened", look, actor, now, told=told)
    return look


def find(db: Db, actor: Actor, wanted: Wanted) -> Person:
    """Exactly the one patient of the actor's service whom these words name. Raises NotFound."""
    name = folded(wanted.full_name)
    rows = select(Person.id, Person.full_name, Person.phone).where(
        Person.service_id == actor.service_id, Person.kind == Kind.PATIENT, col(Person.merged_into_id).is_(None)
    )
    if wanted.born is not None:
        rows, number = rows.where(born_on(wanted.born, actor.service_id)), ""
    elif wanted.phone.strip():
        number = one_form(phone_kept(wanted.phone))
    else:
        raise Invalid("Enter their date of birth or their phone number", "born")
    named = [(person_id, phone) for person_id, full_name, phone in db.exec(rows) if folded(full_name) == name]
    found = [person_id for person_id, phone in named if not number or one_form(phone) == number]
    if len(found) != 1:
        raise NotFound(NOBODY)
    return db.get_one(Person, found[0])


def one_form(phone: str) -> str:
    """The number as it is compared: with +44 or without, a mobile one of the United Kingdom is the same."""
    return text_number(phone) or "".join(phone.split())


def refuse_theirs(db: Db, actor: Actor, person: Person) -> None:
    """Raise Conflict when the actor may see the record anyway: then there is nothing to break."""
    places = db.exec(select(Enrolment).where(Enrolment.person_id == person.id))
    if any(may(actor, "patient.read", place) for place in places):
        raise Conflict(YOURS_ANYWAY)


def tell(db: Db, actor: Actor, look: EmergencyLook, site: str, now: datetime) -> list[str]:
    """Who is told, at once: the clinical leads who can sign in; where there is none, whoever else could ask."""
    who = isolated(db.get_one(Person, actor.id).full_name)
    until = f"{look.ends_at:%H:%M} UTC"
    for role in (Role.CLINICAL_LEAD, Role.DUTY_CLINICIAN, Role.ADMINISTRATOR):
        wanted = select(Person).where(
            Person.service_id == look.service_id, holding(role), who_can_work(), Person.id != actor.id
        )
        if others := list(db.exec(wanted.order_by(col(Person.full_name)))):
            for other in others:
                key = f"emergency:{look.id}:{other.id}"
                then = REVIEW.format(site=site) if role is Role.CLINICAL_LEAD else NO_LEAD
                more = {"who": who, "until": until, "then": then}
                queue_to(db, other, key=key, subject=SUBJECT, body=BODY, now=now, urgent=True, **more)
            return sorted(other.id for other in others)
    return []


def end(db: Db, *, actor: Actor, now: datetime) -> bool:
    """They are done with it. Returns whether one was open."""
    authorise(actor, "emergency.open", actor)
    one_at_a_time(db, f"emergency:{actor.id}")
    look = opened(db, actor=actor, now=now)
    if look is None:
        return False
    look.ends_at = now
    note(db, "emergency_ended", look, actor, now)
    return True


def note(db: Db, action: str, look: EmergencyLook, actor: Actor, now: datetime, **detail: object) -> None:
    audit.record(
        db,
        actor=actor,
        action=action,
        subject_type="person",
        subject_id=look.person_id,
        now=now,
        look=look.id,
        **detail,
    )
