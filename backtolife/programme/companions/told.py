"""What a companion was told last, in words for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, func, or_, select

from backtolife.database.session import Db
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.companions.letters import BACK, BOOKED, ENDED, GROUP, OF_BEFORE, by_hand
from backtolife.text.dates_in_words import near_day

ABOUT = {
    OF_BEFORE: "given the link",
    BOOKED: "given the link",
    GROUP: "told of the other group",
    ENDED: "told that the booking is over",
    BACK: "told that they are booked again",
    "companion-moved": "told of the new date",
    "companion-dates-moved": "told of the new dates",
    "companion-left-out": "told of the session that is cancelled",
    "companion-on-again": "told of the session that takes place after all",
}
NOWHERE = "we can write to them nowhere, so you tell them what changes"
NOTHING = "nothing was sent to them yet"


@dataclass(frozen=True)
class Beside:
    """Somebody who is, or was, booked beside a patient, and what they were told last."""

    name: str
    told: str


def beside_of(db: Db, place_id: str, *, zone: str, now: datetime) -> list[Beside]:
    """Who is booked beside the patient of this place, and whose booking ended with word of it. Two statements."""
    wanted = select(Person).where(Person.beside_place_id == place_id)
    people = db.exec(wanted.order_by(col(Person.created_at), col(Person.id))).all()
    told = told_of_each(db, people, zone=zone, now=now)
    ended = ABOUT[ENDED]
    return [Beside(isolated(each.full_name), told[each.id]) for each in people if each.active or ended in told[each.id]]


def told_of_each(db: Db, people: Sequence[Person], *, zone: str, now: datetime) -> dict[str, str]:
    """What each of these was told last, by their id. One statement, none without people."""
    last = newest_to(db, [each.id for each in people]) if people else {}
    return {each.id: in_words(each, last.get(each.id), zone, now) for each in people}


def newest_to(db: Db, person_ids: Sequence[str]) -> dict[str, OutgoingMessage]:
    kinds = or_(*(col(OutgoingMessage.key).startswith(f"{kind}:") for kind in ABOUT))
    theirs = select(
        col(OutgoingMessage.id),
        func.row_number()
        .over(
            partition_by=col(OutgoingMessage.person_id),
            order_by=(col(OutgoingMessage.queued_at).desc(), col(OutgoingMessage.id)),
        )
        .label("place"),
    ).where(col(OutgoingMessage.person_id).in_(person_ids), kinds, OutgoingMessage.state != MessageState.DROPPED)
    ranked = theirs.subquery()
    newest = select(OutgoingMessage).join(ranked, ranked.c.id == col(OutgoingMessage.id)).where(ranked.c.place == 1)
    return {str(each.person_id): each for each in db.exec(newest)}


def in_words(person: Person, last: OutgoingMessage | None, zone: str, now: datetime) -> str:
    """Such as “told of the new date, today at 10am”."""
    if last is None:
        return NOWHERE if by_hand(person) else NOTHING
    about = ABOUT[last.key.partition(":")[0]]
    if last.state is MessageState.SENT:
        return f"{about}, {near_day(last.sent_at or last.queued_at, zone, now)}"
    if last.state is MessageState.FAILED:
        return f"could not be {about}: the message did not arrive"
    if last.channel is Channel.TELEPHONE:
        return f"still to be {about}: somebody has to tell them"
    return f"about to be {about}"
