"""Who is still to be asked: at the door of the live room, on a patient's home, and for the staff of a group."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, and_
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.models import Person, Service
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import IN_THE_GROUP, EnrolmentState
from backtolife.programme.consent.answering import Standing, asked_of, standing_answers
from backtolife.programme.consent.models import ConsentAnswer, ConsentText
from backtolife.programme.consent.rules import NEEDED, ConsentKind, Stand, may_wait_until, shuts
from backtolife.programme.consent.texts import texts_of


@dataclass(frozen=True)
class ToAgree:
    """What somebody is still to answer. `until`: up to when they come in all the same, where there is such a moment."""

    open: list[Standing]
    shuts: list[Standing]
    """What keeps them out of the live room now."""
    until: datetime | None

    @property
    def needed(self) -> bool:
        """Whether something is open without which they cannot come in, now or soon."""
        return any(each.needed for each in self.open)

    @property
    def refused(self) -> bool:
        """Whether a no of theirs keeps them out of the live room."""
        return any(each.how is Stand.REFUSED for each in self.shuts)


NOTHING = ToAgree([], [], None)


def to_agree(db: Db, *, person_id: str, cohort: Cohort, now: datetime) -> ToAgree:
    """What this patient is still to answer for their place in the cohort. Two statements."""
    place = place_and_start(db, person_id=person_id, cohort_id=cohort.id)
    return to_agree_in(db, *place, now=now) if place is not None else NOTHING


def to_agree_in(db: Db, place: Enrolment, began_at: datetime, *, now: datetime) -> ToAgree:
    """The same for a place in a group whose first session began, or begins, at `began_at`. One statement."""
    asked = {each.standing.kind: each for each in asked_of(db, place)}
    standings = [each.standing for each in asked.values()]
    unsettled = [each for each in standings if each.how is Stand.OPEN or (each.needed and each.how is Stand.REFUSED)]
    waits = {each.kind: until_of(each, place, asked[each.kind].began_before or began_at) for each in unsettled}
    shut = [each for each in unsettled if shuts(each.kind, each.how, until=waits[each.kind], now=now)]
    ends = [until for kind, until in waits.items() if until is not None and kind in NEEDED]
    return ToAgree(
        [each for each in unsettled if each.how is Stand.OPEN], shut, min(ends) if ends and not shut else None
    )


def until_of(standing: Standing, enrolment: Enrolment, began_at: datetime) -> datetime | None:
    """Up to when somebody comes in without an answer. `began_at` is of the group in which they were when they were
    asked: who has moved since was in the middle there, or was not.
    """
    if standing.asked is None:
        return None
    published_at = standing.asked.asking.published_at
    return may_wait_until(published_at=published_at, began_at=began_at, enrolled_at=enrolment.enrolled_at)


def place_and_start(db: Db, *, person_id: str, cohort_id: str) -> tuple[Enrolment, datetime] | None:
    """Somebody's place in the cohort, and when its first session began or begins."""
    wanted = select(Enrolment, SessionDate.starts_at).join(
        SessionDate, col(SessionDate.cohort_id) == col(Enrolment.cohort_id)
    )
    mine = wanted.where(
        Enrolment.person_id == person_id,
        Enrolment.cohort_id == cohort_id,
        col(Enrolment.state).in_(IN_THE_GROUP),
    )
    return db.exec(mine.order_by(col(SessionDate.number)).limit(1)).first()


def lacking(db: Db, *, person_ids: Collection[str], service_id: str) -> dict[str, Stand]:
    """Who of these people has not agreed to everything that the live room needs: open, or refused. Two statements."""
    texts = {kind: asked for kind, asked in texts_of(db, service_id).items() if kind in NEEDED}
    if not texts:
        return {}
    answers = standing_answers(db, person_ids)
    found: dict[str, Stand] = {}
    for person_id in person_ids:
        stands = {Standing(kind, asked, answers.get((person_id, kind))).how for kind, asked in texts.items()}
        if stands != {Stand.AGREED}:
            found[person_id] = Stand.REFUSED if Stand.REFUSED in stands else Stand.OPEN
    return found


def not_agreed(
    db: Db, *, members: Collection[tuple[Enrolment, Person]], service_id: str
) -> list[tuple[Enrolment, Person, Stand]]:
    """The same for the members of a group, in their order."""
    found = lacking(db, person_ids=[person.id for _, person in members], service_id=service_id)
    return [(place, person, found[person.id]) for place, person in members if person.id in found]


def shut_out(db: Db, *, person_ids: Collection[str], cohort: Cohort, now: datetime) -> set[str]:
    """Whom of these people something they have yet to agree to keeps out of the live room now."""
    lacks = lacking(db, person_ids=person_ids, service_id=cohort.service_id)
    return {each for each in lacks if to_agree(db, person_id=each, cohort=cohort, now=now).shuts}


def said_yes_before(db: Db, cohort_ids: Collection[str]) -> list[tuple[Enrolment, Person, ConsentAnswer]]:
    """Who left one of these groups, said that we may ask later, and has not answered the newer words that ask that
    again. One statement.
    """
    newer = (
        select(ConsentText.id)
        .where(
            ConsentText.service_id == ConsentAnswer.service_id,
            ConsentText.kind == ConsentKind.LATER,
            col(ConsentText.asks_again).is_(True),
            ConsentText.version > ConsentAnswer.version,
        )
        .correlate(ConsentAnswer)
        .exists()
    )
    wanted = (
        select(Enrolment, Person, ConsentAnswer)
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .join(ConsentAnswer, col(ConsentAnswer.person_id) == col(Person.id))
        .where(
            col(Enrolment.cohort_id).in_(cohort_ids),
            Enrolment.state == EnrolmentState.WITHDRAWN,
            col(Person.died_at).is_(None),
            ConsentAnswer.kind == ConsentKind.LATER,
            col(ConsentAnswer.agreed).is_(True),
            col(ConsentAnswer.replaced_at).is_(None),
            newer,
        )
    )
    return list(db.exec(wanted.order_by(col(Enrolment.id))).all())


def said_no(person_id: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Within a statement: whether this person says no to words without which nobody is in the live room."""
    words = and_(
        col(ConsentText.kind) == col(ConsentAnswer.kind), col(ConsentText.service_id) == col(ConsentAnswer.service_id)
    )
    return (
        select(ConsentAnswer.id)
        .join(ConsentText, words)
        .where(
            col(ConsentAnswer.person_id) == person_id,
            col(ConsentAnswer.kind).in_(NEEDED),
            col(ConsentAnswer.agreed).is_(False),
            col(ConsentAnswer.replaced_at).is_(None),
        )
        .correlate_except(ConsentAnswer, ConsentText)
        .exists()
    )


def taken_back_words(db: Db, person_id: str) -> str:
    """What a patient reads who is in the live room and says no to what it needs; empty for everybody else.

    Of a no that somebody else wrote down, or that came with another record of theirs, it is not said that they did it.
    """
    wanted = select(Service.phone).join(Person, col(Person.service_id) == col(Service.id))
    phone = db.exec(wanted.where(Person.id == person_id, said_no(col(Person.id)))).first()
    if phone is None:
        return ""
    own = select(ConsentAnswer.id).where(
        ConsentAnswer.person_id == person_id,
        ConsentAnswer.by == person_id,
        col(ConsentAnswer.kind).in_(NEEDED),
        col(ConsentAnswer.agreed).is_(False),
        col(ConsentAnswer.replaced_at).is_(None),
    )
    if db.exec(own).first() is None:
        return (
            "We have a no from you to something that the room needs. So the room is closed to you for now. "
            f"We keep your place. If you want to say yes, try to join again. Or call us on {phone}."
        )
    return (
        "You took a yes back, and that is all right. Until you say yes again, the room is closed to you. "
        f"We keep your place. To come back in, try to join again and say yes. Or call us on {phone}."
    )
