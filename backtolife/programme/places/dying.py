"""Somebody has died: everything stops that minute and the record stays; a mistake is taken back by a clinical lead."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, new_id
from backtolife.errors import Conflict, Invalid
from backtolife.mail import delivery
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import LinkPurpose, Person, RememberedDevice, Service, SignedIn, SignInLink
from backtolife.people.names import isolated
from backtolife.programme.cohorts import rules
from backtolife.programme.cohorts.enrolment import change_state, hold, places_taken
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.companions.booked import companions_of
from backtolife.programme.companions.letters import who_knows
from backtolife.programme.patients import notes
from backtolife.programme.patients.whose.finding import Unplaced, Whose
from backtolife.programme.places.leaving import open_ending
from backtolife.programme.places.models import EndKind, PlaceEnding
from backtolife.programme.places.rules import check_words
from backtolife.text.dates_in_words import near_day

TOLD_FOR = timedelta(days=28)
"""How long the home pages of staff say that somebody has died."""


HAS_DIED = "Recorded as having died. Who told us:"


class DeathKnown(Conflict):
    """Somebody recorded it before; the message says who, and when."""


@dataclass(frozen=True)
class Death:
    """Somebody who has died, as staff who knew them are told."""

    enrolment_id: str
    person: Person
    cohort: Cohort
    at: datetime


@dataclass(frozen=True)
class LivesOn:
    """What came back when a death was taken back: whether there was a place, whether all are as they were, who comes
    with them again.
    """

    had_places: bool
    all_places: bool
    companions: tuple[str, ...]
    places: tuple[Enrolment, ...] = ()
    """The places that are as they were."""

    @property
    def words(self) -> str:
        """The same in words for whoever took it back."""
        said = "It is taken back, and they can sign in."
        if not self.all_places:
            said += " A group filled meanwhile: find them another place."
        elif self.had_places:
            said += " They have their place again."
        if self.companions:
            comes = "comes" if len(self.companions) == 1 else "come"
            said += f" {' and '.join(self.companions)} {comes} with them again, by the link they had."
        return said


@dataclass(frozen=True)
class Ended:
    """A place that ended, and who came to its sessions beside the person and knew that they were booked."""

    place: Enrolment
    ending: PlaceEnding
    beside: tuple[Person, ...]


def record_death(db: Db, *, whose: Whose, told_by: str, actor: Actor, now: datetime) -> list[Ended]:
    """Stop everything for the person: all their places end, nothing is sent any more, and nobody signs in as them.

    Who sits beside them in a session is put out too. Returns the places that ended: the caller tells who was beside
    them that their booking is over. Who told us is kept with a place that ended, or, where they held none, as a note.
    Raises DeathKnown when it is recorded already.
    """
    authorise(actor, "place.change", whose)
    if not told_by.strip():
        raise Invalid("Write who told you, and when.", "words")
    check_words(told_by)
    person = held_person(db, whose)
    if person.died_at is not None:
        raise DeathKnown(already_recorded(db, person, now))
    held, ended = held_places(db, person), []
    if not held:
        words = f"{HAS_DIED} {told_by.strip()}"
        notes.add(db, whose, thread=new_id(), version=1, text=words, actor=actor, now=now)
    for place in held:
        hold(db, place)
        before = place.state
        if before not in rules.HOLDS_A_PLACE:
            continue
        change_state(db, enrolment=place, to=EnrolmentState.DIED, actor=actor, now=now)
        ending = PlaceEnding(
            service_id=place.service_id,
            enrolment_id=place.id,
            kind=EndKind.DIED,
            state_before=before,
            words=told_by.strip(),
            at=now,
            by=actor.id,
        )
        db.add(ending)
        if before in rules.MAY_JOIN:
            ended.append(Ended(place, ending, tuple(who_knows(db, companions_of(db, place.id)))))
    beside = list(db.exec(select(Person).where(Person.beside_id == person.id, col(Person.active).is_(True))))
    person.died_at = now
    for each in (person, *beside):
        each.active = False
    sign_out(db, [each.id for each in (person, *beside)], now)
    delivery.drop_waiting(db, person_ids=[each.id for each in (person, *beside)], urgent=True)
    audit.record(db, actor=actor, action="death_recorded", subject_type="person", subject_id=person.id, now=now)
    return ended


def held_person(db: Db, whose: Whose) -> Person:
    """The person as they stand now, while nobody else changes their place, or, where they have none, themselves."""
    if isinstance(whose, Enrolment):
        hold(db, whose)
    without = isinstance(whose, Unplaced)
    return db.get_one(Person, whose.person_id, populate_existing=True, with_for_update=without or None)


def already_recorded(db: Db, person: Person, now: datetime) -> str:
    """By whom and when it was recorded that this person has died; without a name where no place of theirs ended so."""
    ends = select(PlaceEnding).join(Enrolment, col(Enrolment.id) == col(PlaceEnding.enrolment_id))
    theirs = ends.where(
        Enrolment.person_id == person.id,
        PlaceEnding.kind == EndKind.DIED,
        col(PlaceEnding.taken_back_at).is_(None),
    )
    ending = db.exec(theirs.order_by(col(PlaceEnding.at).desc())).first()
    who = db.get(Person, ending.by) if ending is not None else None
    by = f", by {isolated(who.full_name)}" if who is not None else ""
    at, zone = person.died_at, db.get_one(Service, person.service_id).zone
    when = f", {near_day(at, zone, now)}" if at is not None else ""
    return f"It is recorded already that {isolated(person.full_name)} has died{when}{by}. Nothing was changed."


def held_places(db: Db, person: Person) -> list[Enrolment]:
    """In the order of their groups, so that two who hold the same locks never wait for each other."""
    wanted = select(Enrolment).where(Enrolment.person_id == person.id, col(Enrolment.state).in_(rules.HOLDS_A_PLACE))
    return list(db.exec(wanted.order_by(col(Enrolment.cohort_id))))


def sign_out(db: Db, person_ids: Collection[str], now: datetime) -> None:
    """End every sign-in, link and remembered device of these people."""
    db.flush()
    for kind, ended in ((SignedIn, "ended_at"), (SignInLink, "spent_at"), (RememberedDevice, "revoked_at")):
        column = getattr(kind, ended)
        db.execute(update(kind).where(kind.person_id.in_(person_ids), column.is_(None)).values({ended: now}))  # type: ignore[attr-defined]


def take_back_death(db: Db, *, whose: Whose, actor: Actor, now: datetime) -> LivesOn:
    """The person lives: their places are as they were, where there is room, and who came with them comes again.

    A place in a group that filled meanwhile stays ended, as one that they left. Raises Conflict for somebody who is
    not recorded as having died.
    """
    authorise(actor, "death.take_back", whose)
    person = held_person(db, whose)
    if person.died_at is None:
        raise Conflict(f"{isolated(person.full_name)} is not recorded as having died. Nothing was changed.")
    beside, came_back = bring_back_companions(db, person, person.died_at), []
    person.died_at, person.active = None, True
    died = select(Enrolment).where(Enrolment.person_id == person.id, Enrolment.state == EnrolmentState.DIED)
    places, all_back = db.exec(died.order_by(col(Enrolment.cohort_id))).all(), True
    for place in places:
        cohort = hold(db, place)
        ending = open_ending(db, place, EndKind.DIED)
        room = places_taken(db, [cohort.id]).get(cohort.id, 0) < cohort.capacity
        to = ending.state_before if ending is not None and room else EnrolmentState.WITHDRAWN
        if ending is not None:
            ending.taken_back_at, ending.taken_back_by = now, actor.id
        change_state(db, enrolment=place, to=to, actor=actor, now=now, reason=rules.TAKEN_BACK)
        all_back = all_back and to is not EnrolmentState.WITHDRAWN
        if to is not EnrolmentState.WITHDRAWN:
            came_back.append(place)
    audit.record(db, actor=actor, action="death_taken_back", subject_type="person", subject_id=person.id, now=now)
    again = {each.id for each in came_back if each.state in rules.MAY_JOIN}
    comes = [each for each in beside if not each.whole_course or each.beside_place_id in again]
    return LivesOn(bool(places), all_back, tuple(isolated(each.full_name) for each in comes), tuple(came_back))


def bring_back_companions(db: Db, person: Person, died_at: datetime) -> list[Person]:
    """Who was switched off with the person can come again by the link they had, to where the person comes.

    They are those whose link ended in the moment in which the death was recorded: whoever was cancelled before that
    had theirs ended then, and stays cancelled.
    """
    ended = (
        select(SignInLink, Person)
        .join(Person, col(Person.id) == col(SignInLink.person_id))
        .where(
            Person.beside_id == person.id,
            col(Person.active).is_(False),
            SignInLink.purpose == LinkPurpose.JOIN,
            SignInLink.spent_at == died_at,
        )
    )
    found: dict[str, Person] = {}
    for link, companion in db.exec(ended.order_by(col(Person.created_at), col(Person.id))).all():
        link.spent_at, companion.active = None, True
        found[companion.id] = companion
    return list(found.values())


def deaths_near(db: Db, *, actor: Actor, now: datetime) -> list[Death]:
    """Who has died these weeks, of those whose record the actor may read, the newest first. One statement."""
    if not may(actor, "patient.read", actor) or not may(actor, "place.read", actor):
        return []
    wanted = (
        select(PlaceEnding, Enrolment, Person, Cohort)
        .join(Enrolment, col(Enrolment.id) == col(PlaceEnding.enrolment_id))
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
        .where(
            PlaceEnding.service_id == actor.service_id,
            PlaceEnding.kind == EndKind.DIED,
            col(PlaceEnding.taken_back_at).is_(None),
            col(PlaceEnding.at) > now - TOLD_FOR,
        )
    )
    found = db.exec(wanted.order_by(col(PlaceEnding.at).desc())).all()
    return [
        Death(place.id, person, cohort, ending.at)
        for ending, place, person, cohort in found
        if may(actor, "place.read", place)
    ]
