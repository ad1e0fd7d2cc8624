"""Who has or had a place in a group, and what became of one place."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.cohorts.enrolment import find_enrolment
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange, PlaceMove
from backtolife.programme.cohorts.state_words import STATE_WORDS, words_of
from backtolife.programme.places.models import OfferAnswer, PlaceEnding, PlaceOffer
from backtolife.programme.places.offers import offer_of
from backtolife.programme.places.rules import ANSWERS

IN_ORDER = tuple(STATE_WORDS)


@dataclass(frozen=True)
class Listed:
    """One place of a group. `since` is when it came to where it stands."""

    enrolment: Enrolment
    person: Person
    since: datetime
    why: str = ""
    """The reason that was kept with that change."""

    @property
    def words(self) -> str:
        return words_of(self.enrolment.state, self.why)


@dataclass(frozen=True)
class Step:
    """One change of a place, with the name of whoever made it; empty where it was a part of the product."""

    words: str
    at: datetime
    by: str
    taken_back: str = ""
    """Who said that it had been written down by mistake; empty where it stands."""
    why: str = ""
    """In the words of whoever wrote them, for who may change the place."""


@dataclass(frozen=True)
class PlacePage:
    """Everything the page of one place shows. `ending` is why it ended, where it did and nobody took that back."""

    enrolment: Enrolment
    person: Person
    cohort: Cohort
    words: str
    history: list[Step]
    ending: PlaceEnding | None
    ended_by: str
    offer: PlaceOffer | None
    answers: list[Step]
    """What they said to the offer."""


def places_in(db: Db, cohort_id: str) -> list[Listed]:
    """Everybody who has or had a place in the group: who is in it first, then who left, by name. One statement."""
    since = (
        select(func.max(EnrolmentChange.at)).where(EnrolmentChange.enrolment_id == col(Enrolment.id)).scalar_subquery()
    )
    why = (
        select(EnrolmentChange.reason)
        .where(EnrolmentChange.enrolment_id == col(Enrolment.id))
        .order_by(col(EnrolmentChange.at).desc())
        .limit(1)
        .scalar_subquery()
    )
    wanted = select(Enrolment, Person, since, why).join(Person, col(Person.id) == col(Enrolment.person_id))
    rows = db.exec(wanted.where(Enrolment.cohort_id == cohort_id)).all()
    found = [Listed(place, person, at or place.enrolled_at, reason or "") for place, person, at, reason in rows]
    return sorted(found, key=lambda each: (IN_ORDER.index(each.enrolment.state), each.person.full_name.casefold()))


def place_page(db: Db, *, enrolment_id: str, actor: Actor, now: datetime) -> PlacePage:
    """The page of one place; looking leaves a trace. Raises NotFound for one out of reach."""
    enrolment = find_enrolment(db, actor=actor, enrolment_id=enrolment_id, action="place.read")
    audit.record(db, actor=actor, action="place_seen", subject_type="enrolment", subject_id=enrolment.id, now=now)
    made = select(EnrolmentChange, Person).join(Person, col(Person.id) == col(EnrolmentChange.by), isouter=True)
    steps = db.exec(made.where(EnrolmentChange.enrolment_id == enrolment.id).order_by(col(EnrolmentChange.at))).all()
    ends = select(PlaceEnding).where(PlaceEnding.enrolment_id == enrolment.id, col(PlaceEnding.taken_back_at).is_(None))
    ending = db.exec(ends.order_by(col(PlaceEnding.at).desc())).first()
    who = db.get(Person, ending.by) if ending is not None else None
    changes = [
        Step(words_of(step.state, step.reason), step.at, person.full_name if person else "") for step, person in steps
    ]
    return PlacePage(
        enrolment=enrolment,
        person=db.get_one(Person, enrolment.person_id),
        cohort=db.get_one(Cohort, enrolment.cohort_id),
        words=words_of(enrolment.state, steps[-1][0].reason if steps else ""),
        history=sorted([*changes, *moves_of(db, enrolment)], key=lambda each: each.at),
        ending=ending,
        ended_by=who.full_name if who is not None else "",
        offer=offer_of(db, enrolment),
        answers=answers_to(db, enrolment),
    )


def moves_of(db: Db, enrolment: Enrolment) -> list[Step]:
    """Each move of this place from one group to another, with why."""
    before, after = aliased(Cohort), aliased(Cohort)
    made = (
        select(PlaceMove, before.name, after.name, Person)
        .join(before, col(before.id) == col(PlaceMove.from_cohort_id))
        .join(after, col(after.id) == col(PlaceMove.to_cohort_id))
        .join(Person, col(Person.id) == col(PlaceMove.by), isouter=True)
    )
    rows = db.exec(made.where(PlaceMove.enrolment_id == enrolment.id).order_by(col(PlaceMove.at))).all()
    return [
        Step(
            f"Moved from {isolated(old)} to {isolated(new)}",
            move.at,
            person.full_name if person is not None else "",
            why=move.words,
        )
        for move, old, new, person in rows
    ]


def answers_to(db: Db, enrolment: Enrolment) -> list[Step]:
    """Everything that was said to the offer of this place, with who wrote it down where staff did."""
    corrected_by = aliased(Person)
    said = (
        select(OfferAnswer, Person, corrected_by)
        .join(Person, col(Person.id) == col(OfferAnswer.by), isouter=True)
        .join(corrected_by, col(corrected_by.id) == col(OfferAnswer.taken_back_by), isouter=True)
    )
    rows = db.exec(said.where(OfferAnswer.enrolment_id == enrolment.id).order_by(col(OfferAnswer.at))).all()
    return [
        Step(
            ANSWERS[each.said],
            each.at,
            person.full_name if person is not None and each.by_telephone else "",
            "" if each.taken_back_at is None else corrector.full_name if corrector is not None else "us",
        )
        for each, person, corrector in rows
    ]
