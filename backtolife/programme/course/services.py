"""Doing the course: ticking what was read and watched, signing by name, taking either back; and who has done it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Kind, Person, Role, Service
from backtolife.people.names import clean_name, isolated
from backtolife.people.roles import roles_by_person
from backtolife.people.working import who_can_work
from backtolife.programme.adopted.services import newest
from backtolife.programme.course.models import CoursePart, CourseSignature
from backtolife.programme.course.rules import Course, Part, Rehearsed, Step, parts_of, to_read_digest

CHANGED = "The words of a part have changed since you opened the page. Read it again, then tick it."
LEADS = frozenset({Role.FACILITATOR, Role.CLINICAL_LEAD})
"""Who does the course."""

BESIDE_A_NAME = {"Not signed": "course not signed", "To sign again": "course to sign again"}


@dataclass(frozen=True)
class Around:
    """What the course asks of other rooms."""

    rehearsed: Callable[[Db, Collection[str]], Mapping[str, Sequence[Rehearsed]]]
    """The rehearsals of each of these people that are over, the newest first."""
    films: Callable[[Db, str], Mapping[int, str]]
    """The key of the video that plays before a session, by the session's number, of a service."""


def course_of(db: Db, *, person: Person, around: Around) -> Course:
    """How far somebody of staff is in the course, as their service has it now."""
    return courses_of(db, service_id=person.service_id, people=[person.id], around=around)[person.id]


def courses_of(db: Db, *, service_id: str, people: Sequence[str], around: Around) -> dict[str, Course]:
    """The same for many, by the person's id."""
    plan = newest(db, service_id)
    parts = parts_of(plan, around.films(db, service_id))
    words, version = to_read_digest(parts), plan.facilitator_guide.version
    ticked: dict[str, list[CoursePart]] = {}
    for row in db.exec(select(CoursePart).where(col(CoursePart.person_id).in_(people))):
        ticked.setdefault(row.person_id, []).append(row)
    signed, rehearsed = signatures(db, people), around.rehearsed(db, people)
    return {
        each: Course(
            parts=parts,
            done={row.digest for row in ticked.get(each, ()) if row.undone_at is None},
            earlier={row.part for row in ticked.get(each, ()) if row.undone_at is None},
            rehearsals=rehearsed.get(each, ()),
            signature=signed.get(each),
            version=version,
            digest=words,
        )
        for each in people
    }


def signatures(db: Db, people: Collection[str]) -> dict[str, CourseSignature]:
    """The signature of each that nobody took back."""
    wanted = select(CourseSignature).where(
        col(CourseSignature.person_id).in_(people), col(CourseSignature.withdrawn_at).is_(None)
    )
    return {row.person_id: row for row in db.exec(wanted)}


def who_leads(db: Db, *, actor: Actor) -> list[Person]:
    """Everyone of the actor's service who leads groups or answers for it as a clinician, by name."""
    authorise(actor, "course.read", actor)
    roles = roles_by_person(db, actor.service_id)
    staff = select(Person).where(Person.service_id == actor.service_id, Person.kind == Kind.STAFF, who_can_work())
    found = db.exec(staff.order_by(col(Person.full_name), col(Person.id)))
    return [each for each in found if roles.get(each.id, frozenset()) & LEADS]


def tick(
    db: Db, *, person: Person, step: Step, keys: Collection[str], around: Around, actor: Actor, now: datetime
) -> bool:
    """Of one step, exactly the parts with these digests are done. Returns whether anything changed.

    Raises Conflict, and changes nothing, for a digest that no part has any more.
    """
    authorise(actor, "course.do", person)
    one_at_a_time(db, f"course:{person.id}")
    parts = {each.digest: each for each in course_of(db, person=person, around=around).of(step)}
    if not set(keys) <= parts.keys():
        raise Conflict(CHANGED)
    wanted = select(CoursePart).where(
        CoursePart.person_id == person.id, CoursePart.step == step, col(CoursePart.undone_at).is_(None)
    )
    rows = {row.digest: row for row in db.exec(wanted) if row.digest in parts}
    for key in set(keys) - rows.keys():
        row = new_row(person, parts[key], now)
        db.add(row)
        note(db, actor, "course_part_done", person, now, step=step.value, part=row.part)
    for key in rows.keys() - set(keys):
        rows[key].undone_at = now
        note(db, actor, "course_part_undone", person, now, step=step.value, part=rows[key].part)
    db.flush()
    return set(keys) != rows.keys()


def new_row(person: Person, part: Part, now: datetime) -> CoursePart:
    return CoursePart(
        service_id=person.service_id,
        person_id=person.id,
        step=part.step,
        part=part.name,
        digest=part.digest,
        done_at=now,
    )


def sign(
    db: Db, *, person: Person, name: str, digest: str, around: Around, actor: Actor, now: datetime
) -> CourseSignature:
    """Sign for the words that the page showed, whose digest this is; once is enough.

    Raises Conflict where something is still to be done or the words are others by now, Invalid for another name.
    """
    authorise(actor, "course.do", person)
    one_at_a_time(db, f"course:{person.id}")
    course = course_of(db, person=person, around=around)
    standing = signatures(db, [person.id]).get(person.id)
    if standing is not None and course.stands:
        return standing
    if digest != course.digest:
        raise Conflict("What is to be read has changed since you opened the page. Look at the first step again.")
    if course.left:
        raise Conflict(f"Before you sign, something is still to be done: {'; '.join(course.left)}.")
    typed = clean_name(name, empty="Type your full name")
    if typed.casefold() != person.full_name.casefold():
        raise Invalid(f"Type your name as in your account: {isolated(person.full_name)}.", "name")
    if standing is not None:
        standing.withdrawn_by, standing.withdrawn_at = actor.id, now
        db.flush()
    row = CourseSignature(
        service_id=person.service_id,
        person_id=person.id,
        name=typed,
        version=course.version,
        digest=course.digest,
        signed_at=now,
    )
    db.add(row)
    db.flush()
    note(db, actor, "course_signed", person, now, version=row.version)
    return row


def take_back(db: Db, *, person: Person, actor: Actor, now: datetime) -> bool:
    """Take the signature back: what was ticked stays. Returns whether there was one."""
    authorise(actor, "course.do", person)
    one_at_a_time(db, f"course:{person.id}")
    row = signatures(db, [person.id]).get(person.id)
    if row is None:
        return False
    row.withdrawn_by, row.withdrawn_at = actor.id, now
    note(db, actor, "course_signature_withdrawn", person, now, version=row.version)
    return True


def unsigned(db: Db, people: Sequence[Person]) -> dict[str, str]:
    """What a list to choose from says of each who has no signature for what is to be read now, by the person's id."""
    if not people:
        return {}
    told = told_of_staff(db, dict.fromkeys([each.id for each in people], LEADS), people[0].service_id)
    return {each: BESIDE_A_NAME[state] for each, state in told.items() if state in BESIDE_A_NAME}


def told_of_staff(db: Db, people: Mapping[str, frozenset[Role]], service_id: str) -> dict[str, str]:
    """What the list of staff says of each who does the course; `people` are their roles, by id."""
    leads = [each for each, roles in people.items() if roles & LEADS]
    words = to_read_digest(parts_of(newest(db, service_id), {}))
    signed = signatures(db, leads)
    return {each: state_of(signed.get(each), words) for each in leads}


def state_of(signature: CourseSignature | None, words: str) -> str:
    if signature is None:
        return "Not signed"
    return "Signed" if signature.digest == words else "To sign again"


def refuse_unsigned(db: Db, person: Person, field: str = "") -> None:
    """Raise Conflict for who has not signed, where the service asks for it before somebody gets a group."""
    asked = db.get_one(Service, person.service_id).course_first
    if asked and unsigned(db, [person]):
        raise Conflict(
            f"{isolated(person.full_name)} has not signed the facilitator course, and your service asks for that "
            "first. Choose somebody who has, or ask them to finish it.",
            field or None,
        )


def note(db: Db, actor: Actor, action: str, person: Person, now: datetime, **detail: object) -> None:
    audit.record(db, actor=actor, action=action, subject_type="person", subject_id=person.id, now=now, **detail)
