"""Offers as they are looked through: a patient's own, those to be reminded of, and whom to call about theirs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, literal, or_
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.mail.delivery import OutgoingMessage
from backtolife.people.access import Actor, may
from backtolife.people.asked import Asked, has_words
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of, named_staff
from backtolife.programme.places.models import OfferAnswer, PlaceOffer
from backtolife.programme.places.offers import dates_stamp, first_session, invitation_key
from backtolife.programme.places.rules import Said, remind_at


@dataclass(frozen=True)
class OwnOffer:
    """An offer as its patient reads it."""

    enrolment: Enrolment
    cohort: Cohort
    answer_by: datetime
    dates: list[SessionDate]
    minutes: int
    staff: list[str]

    @property
    def stamp(self) -> str:
        """Names the dates, for the form that answers to them."""
        return dates_stamp(self.cohort)


@dataclass(frozen=True)
class OpenOffer:
    """An offer that waits. `call_because` says why somebody should ring; empty while there is time to answer."""

    enrolment: Enrolment
    person: Person
    cohort: Cohort
    offered_at: datetime
    answer_by: datetime
    call_because: str


def own_offers(db: Db, *, actor: Actor, now: datetime) -> list[OwnOffer]:
    """The offers that the acting patient has not answered, the oldest first."""
    wanted = (
        select(PlaceOffer, Enrolment, Cohort)
        .join(Enrolment, col(Enrolment.id) == col(PlaceOffer.enrolment_id))
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
        .where(Enrolment.person_id == actor.id, Enrolment.state == EnrolmentState.INVITED)
    )
    return [
        OwnOffer(
            place,
            cohort,
            made.answer_by,
            to_come(dates_of(db, cohort.id), now),
            programme_of(db, cohort).group.session_minutes,
            [isolated(person.shown_name) for person in named_staff(db, cohort.id)],
        )
        for made, place, cohort in db.exec(wanted.order_by(col(PlaceOffer.offered_at)))
    ]


def had_one_taken_back(db: Db, *, actor: Actor) -> bool:
    """Whether the newest place of the acting patient was an offer that staff took back."""
    newest = select(Enrolment.state).where(Enrolment.person_id == actor.id)
    return db.exec(newest.order_by(col(Enrolment.enrolled_at).desc())).first() is EnrolmentState.OFFER_TAKEN_BACK


def to_come(dates: Sequence[SessionDate], now: datetime) -> list[SessionDate]:
    """The sessions that somebody comes to who says yes now; none where the group meets no more."""
    first = first_session(dates, now)
    return [each for each in dates if first and each.starts_at >= first and each.left_out_at is None]


SORTS = {"call": "Who to call first", "name": "By name", "group": "By group", "until": "By the last day to answer"}


def open_offers(db: Db, *, actor: Actor, now: datetime, asked: Asked | None = None) -> list[OpenOffer]:
    """What waits for an answer in the actor's groups, whom to call first or as `asked`. Two statements, however many
    there are.
    """
    asked = asked or Asked(sort="call")
    name = (func.lower(Person.full_name), col(PlaceOffer.id))
    order = {
        "name": name,
        "group": (col(Cohort.name), *name),
    }.get(asked.sort, (col(PlaceOffer.answer_by), *name))
    wanted = (
        select(PlaceOffer, Enrolment, Person, Cohort)
        .join(Enrolment, col(Enrolment.id) == col(PlaceOffer.enrolment_id))
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
        .where(
            PlaceOffer.service_id == actor.service_id,
            col(Enrolment.state).in_((EnrolmentState.INVITED, EnrolmentState.DECLINED)),
            has_words(asked.words, col(Person.full_name), col(Cohort.name)),
        )
        .order_by(*order)
    )
    rows = [row for row in db.exec(wanted) if may(actor, "place.read", row[1])]
    changed = changed_minds(db, [place.id for _, place, _, _ in rows if place.state is EnrolmentState.DECLINED])
    found = []
    for made, place, person, cohort in rows:
        waits = place.state is EnrolmentState.INVITED
        because = "No answer" if waits and made.answer_by < now else ""
        if place.id in changed:
            because = "Said yes after the offer had ended"
        if waits or because:
            found.append(OpenOffer(place, person, cohort, made.offered_at, made.answer_by, because))
    return sorted(found, key=lambda each: not each.call_because) if asked.sort == "call" else found


def changed_minds(db: Db, enrolment_ids: Collection[str]) -> set[str]:
    """Those of these places whose newest answer is a yes that came too late to count."""
    if not enrolment_ids:
        return set()
    newest: dict[str, OfferAnswer] = {}
    wanted = select(OfferAnswer).where(
        col(OfferAnswer.enrolment_id).in_(enrolment_ids), col(OfferAnswer.taken_back_at).is_(None)
    )
    for each in db.exec(wanted.order_by(col(OfferAnswer.at))):
        newest[each.enrolment_id] = each
    return {key for key, each in newest.items() if each.said is Said.YES and not each.counted}


@dataclass(frozen=True)
class ToldOf:
    """An offer that can still be answered, and when its invitation was put in line; None where there is none any more.

    There is none once its dates were no longer true before it went, or it went to a wrong address.
    """

    made: PlaceOffer
    place: Enrolment
    person: Person
    invited_at: datetime | None

    @property
    def due_at(self) -> datetime:
        """They are told of it at once, and reminded when half the time to answer is over since they were."""
        return self.made.offered_at if self.invited_at is None else remind_at(self.invited_at, self.made.answer_by)


def to_write_about(db: Db, *, service_ids: Collection[str], now: datetime, by: datetime | None = None) -> list[ToldOf]:
    """Offers without an answer of which there is something to write, at `now` or until `by`. One statement."""
    due_by = by or now
    invited = and_(
        col(OutgoingMessage.service_id) == col(PlaceOffer.service_id),
        col(OutgoingMessage.key) == literal(invitation_key("")) + col(PlaceOffer.enrolment_id),
    )
    wanted = (
        select(PlaceOffer, Enrolment, Person, OutgoingMessage.queued_at)
        .join(Enrolment, col(Enrolment.id) == col(PlaceOffer.enrolment_id))
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .join(OutgoingMessage, invited, isouter=True)
        .where(
            col(PlaceOffer.service_id).in_(service_ids),
            or_(col(PlaceOffer.remind_at) <= due_by, col(OutgoingMessage.id).is_(None)),
            col(PlaceOffer.answer_by) > now,
            Enrolment.state == EnrolmentState.INVITED,
        )
    )
    return [each for each in (ToldOf(*row) for row in db.exec(wanted)) if each.due_at <= due_by]
