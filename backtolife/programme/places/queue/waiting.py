"""The waiting list of a service: oldest first, with a reason for each who goes before their turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import col, or_, select

from backtolife import audit
from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.asked import Asked, has_number, has_words
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.adopted.services import passed_over, programme_of
from backtolife.programme.cohorts.enrolment import places_taken
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.services import cohorts_for, dates_of, dates_of_each, next_date
from backtolife.programme.cohorts.timetable.elsewhere import one_timetable_at_a_time
from backtolife.programme.places import offers, rules
from backtolife.programme.places.models import Waiting
from backtolife.programme.places.queue.listed import hold_list
from backtolife.programme.places.rules import Wishes


@dataclass(frozen=True)
class Waits:
    """Somebody on the list; `turn` counts from 1."""

    row: Waiting
    person: Person
    turn: int


@dataclass(frozen=True)
class FreeGroup:
    """A group with room in which somebody can still start; `coming` is the first session they would come to."""

    cohort: Cohort
    free: int
    coming: SessionDate

    @property
    def has_begun(self) -> bool:
        return self.coming.number > 1

    @property
    def first_day(self) -> date:
        """The day of the first session to come, where the group meets."""
        return in_zone(self.coming.starts_at, self.cohort.zone).date()


def wait(
    db: Db, *, person: Person, wishes: Wishes, actor: Actor, now: datetime, since: datetime | None = None
) -> Waiting:
    """Put somebody on the list, as waiting `since` then. Raises Conflict when they wait already or have died."""
    authorise(actor, "waiting.change", actor)
    if not person.is_patient or person.service_id != actor.service_id:
        raise Invalid(
            "This is the address of a colleague, and only a patient can wait for a place. Enter the patient’s own.",
            "email",
        )
    return keep_waiting(db, person=person, wishes=wishes, actor=actor, since=since or now, now=now)


def keep_waiting(db: Db, *, person: Person, wishes: Wishes, actor: Actor, since: datetime, now: datetime) -> Waiting:
    hold_list(db, person.service_id)
    if person.died_at is not None:
        raise has_died(person)
    if wait_of(db, person_id=person.id) is not None:
        raise Conflict(f"{isolated(person.full_name)} is on the waiting list already.")
    rules.check_words(wishes.words)
    row = Waiting(
        service_id=person.service_id,
        person_id=person.id,
        since=since,
        times=list(wishes.times),
        way=wishes.way,
        earliest=wishes.earliest,
        words=wishes.words.strip(),
        by=actor.id,
    )
    db.add(row)
    db.flush()
    audit.record(db, actor=actor, action="waiting_began", subject_type="waiting", subject_id=row.id, now=now)
    return row


def has_died(person: Person) -> Conflict:
    return Conflict(f"{isolated(person.full_name)} is recorded as having died. A clinical lead can take that back.")


def refuse_left(db: Db, waits: Waits) -> None:
    """Raise Conflict where somebody else was quicker: this person waits no more. The caller holds the list."""
    db.refresh(waits.row)
    if waits.row.left_at is not None:
        raise Conflict("Somebody else has just offered this person a place, or taken them off. Look at the list again.")


def wait_of(db: Db, *, person_id: str) -> Waiting | None:
    """Their place on the list; None when they are not on it."""
    still = select(Waiting).where(Waiting.person_id == person_id, col(Waiting.left_at).is_(None))
    return db.exec(still).first()


def after_not_now(db: Db, *, enrolment: Enrolment, actor: Actor, now: datetime) -> bool:
    """Whoever said “not now” goes on the list, with the wait they had. Returns whether they were not on it."""
    if wait_of(db, person_id=enrolment.person_id) is not None:
        return False
    before = db.exec(select(Waiting).where(Waiting.enrolment_id == enrolment.id).order_by(col(Waiting.since))).first()
    person = db.get_one(Person, enrolment.person_id)
    wishes, since = (before.wishes, before.since) if before is not None else (Wishes(), now)
    keep_waiting(db, person=person, wishes=wishes, actor=actor, since=since, now=now)
    return True


def waiting_list(db: Db, *, actor: Actor) -> list[Waits]:
    """Everybody who waits in the actor's service, the longest first. One statement."""
    authorise(actor, "waiting.read", actor)
    wanted = (
        select(Waiting, Person)
        .join(Person, col(Person.id) == col(Waiting.person_id))
        .where(Waiting.service_id == actor.service_id, col(Waiting.left_at).is_(None), col(Person.died_at).is_(None))
    )
    rows = db.exec(wanted.order_by(col(Waiting.since), col(Waiting.id))).all()
    return [Waits(row, person, turn) for turn, (row, person) in enumerate(rows, start=1)]


SORTS = {"turn": "The longest wait first", "name": "By name", "earliest": "Who can start first"}


def find_waits(db: Db, *, actor: Actor, asked: Asked) -> list[Waits]:
    """The same as far as it fits what was asked, each with their turn on the whole list. One statement."""
    authorise(actor, "waiting.read", actor)
    turn = func.row_number().over(order_by=(col(Waiting.since), col(Waiting.id)))
    everybody = (
        select(col(Waiting.id).label("id"), turn.label("turn"))
        .join(Person, col(Person.id) == col(Waiting.person_id))
        .where(Waiting.service_id == actor.service_id, col(Waiting.left_at).is_(None), col(Person.died_at).is_(None))
        .subquery()
    )
    name = (func.lower(Person.full_name), col(Waiting.id))
    order = {
        "turn": (everybody.c.turn,),
        "name": name,
        "earliest": (col(Waiting.earliest).is_not(None), col(Waiting.earliest), everybody.c.turn),
    }[asked.sort]
    wanted = (
        select(Waiting, Person, everybody.c.turn)
        .join(everybody, everybody.c.id == col(Waiting.id))
        .join(Person, col(Person.id) == col(Waiting.person_id))
        .where(
            or_(
                has_words(asked.words, col(Person.full_name), col(Person.email), col(Person.phone)),
                has_number(asked.typed, col(Person.phone)),
            )
        )
    )
    return [Waits(*row) for row in db.exec(wanted.order_by(*order))]


def find_waiting(db: Db, *, actor: Actor, waiting_id: str, action: str = "waiting.change") -> Waits:
    """One person on the list with their turn. Raises NotFound for one out of reach or who waits no more."""
    row = db.get(Waiting, waiting_id)
    if row is None:
        raise NotFound("We could not find this person on the waiting list.")
    authorise(actor, action, row)
    found = next((each for each in waiting_list(db, actor=actor) if each.row.id == waiting_id), None)
    if found is None:
        raise NotFound("This person waits no more. Look at the list again.")
    return found


def free_groups(db: Db, *, actor: Actor, now: datetime) -> list[FreeGroup]:
    """The groups of the service that have room and are not too far on for somebody new, the next to meet first.

    Few statements, however many groups there are.
    """
    authorise(actor, "waiting.read", actor)
    every = cohorts_for(db, actor=actor)
    # Asked of all of them as the home does, so that on that page it is asked once.
    taken, found = places_taken(db, {each.id: each for each in every}), []
    with_room = [each for each in every if each.closed_at is None and taken.get(each.id, 0) < each.capacity]
    dates = dates_of_each(db, [each.id for each in with_room], open_at=now)
    for cohort in with_room:
        with passed_over(cohort_id=cohort.id):
            group = free_group(db, cohort=cohort, dates=dates[cohort.id], taken=taken.get(cohort.id, 0), now=now)
            if group is not None:
                found.append(group)
    return sorted(found, key=lambda each: (each.coming.starts_at, each.cohort.name))


def free_group(db: Db, *, cohort: Cohort, dates: Sequence[SessionDate], taken: int, now: datetime) -> FreeGroup | None:
    """The group of these dates with so many places taken, while it has room and is not too far on for somebody new."""
    coming, free = next_date(dates, now), cohort.capacity - taken
    if coming is None or free <= 0 or cohort.closed_at is not None:
        return None
    late = coming.number > programme_of(db, cohort).group.late_start_until
    return None if late else FreeGroup(cohort, free, coming)


def in_turn(db: Db, waiting: list[Waits], wanted: Waits, cohort: Cohort, now: datetime) -> bool:
    """Whether nobody whom the group fits has waited longer."""
    coming = next_date(dates_of(db, cohort.id), now)
    first_day = in_zone(coming.starts_at, cohort.zone).date() if coming is not None else cohort.first_day
    return not any(
        rules.fits(each.row.wishes, first_day=first_day, wall_time=cohort.wall_time)
        for each in waiting
        if each.turn < wanted.turn
    )


def offer_from_list(
    db: Db, *, waits: Waits, cohort: Cohort, jump: str, answer_by: date, site: str, actor: Actor, now: datetime
) -> Enrolment:
    """Offer a free place to somebody who waits. Raises Invalid when it is not their turn and nobody says why, and what
    `offers.offer` raises.
    """
    authorise(actor, "waiting.change", waits.row)
    one_timetable_at_a_time(db, actor.service_id)
    hold_list(db, actor.service_id)
    refuse_left(db, waits)
    turn = in_turn(db, waiting_list(db, actor=actor), waits, cohort, now)
    rules.check_jump(in_turn=turn, reason=jump)
    return offers.offer(
        db,
        patient=waits.person,
        cohort=cohort,
        answer_by=answer_by,
        site=site,
        actor=actor,
        now=now,
        jump="" if turn else jump.strip(),
    )
