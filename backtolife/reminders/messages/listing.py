"""The messages that a member of staff may see: searched, filtered and cut into pages in the database."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, func, or_, select

from backtolife.database.session import Db
from backtolife.errors import NotFound
from backtolife.mail.channels import Channel
from backtolife.mail.delivery import MessageState, OutgoingMessage
from backtolife.people.access import Actor, authorise, may_everywhere
from backtolife.people.models import Person
from backtolife.people.numbers import dialled
from backtolife.programme.cohorts.models import Enrolment
from backtolife.programme.companions import booked as companions
from backtolife.programme.patients.calling.shown import nearest_place

A_PAGE = 50
NO_MESSAGE = "We could not find this message. It may belong to another group."


def to_call() -> ColumnElement[bool]:
    """A call that nobody has made yet."""
    return and_(OutgoingMessage.channel == Channel.TELEPHONE, OutgoingMessage.state == MessageState.WAITING)


def needs_somebody() -> ColumnElement[bool]:
    """What goes no further by itself."""
    stuck = (MessageState.HELD, MessageState.FAILED)
    return or_(col(OutgoingMessage.state).in_(stuck), to_call())


def alive() -> ColumnElement[bool]:
    """Of a message with the person it is for: nobody does anything for somebody who has died."""
    return col(Person.died_at).is_(None)


SHOWN = {
    "open": "Need somebody",
    "waiting": "On their way",
    "out": "Went out",
    "all": "All messages",
}
SORTS = {"newest": "The newest first", "oldest": "The oldest first", "name": "By name"}
CHANNELS = {Channel.EMAIL.value: "E-mail", Channel.SMS.value: "Text", Channel.TELEPHONE.value: "Call"}


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. `page` counts from 1; `words` is a piece of a name, an address or a number."""

    shown: str = "open"
    channel: str = ""
    words: str = ""
    page: int = 1
    sort: str = "newest"


@dataclass(frozen=True)
class Found:
    """One page of messages with whom each is for, and how many there are on all pages."""

    rows: Sequence[tuple[OutgoingMessage, Person | None]]
    count: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // A_PAGE))


def reach_of(actor: Actor) -> list[ColumnElement[bool]]:
    """The messages of the actor's service; of a facilitator those to the patients of their groups, and to who is booked
    beside them.
    """
    own = [OutgoingMessage.service_id == actor.service_id]
    if may_everywhere(actor, "message.read"):
        return own  # type: ignore[return-value]
    theirs = select(Enrolment.person_id).where(col(Enrolment.cohort_id).in_(actor.cohort_ids))
    places = select(Enrolment.id).where(col(Enrolment.cohort_id).in_(actor.cohort_ids))
    beside = select(Person.id).where(col(Person.beside_place_id).in_(places))
    to = col(OutgoingMessage.person_id)
    return [*own, or_(to.in_(theirs), to.in_(beside))]  # type: ignore[list-item]


def conditions(actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    where = reach_of(actor)
    if wanted.shown == "open":
        where += [needs_somebody(), alive()]
    elif wanted.shown == "waiting":
        where += [col(OutgoingMessage.state) == MessageState.WAITING, OutgoingMessage.channel != Channel.TELEPHONE]  # type: ignore[list-item]
    elif wanted.shown == "out":
        where.append(col(OutgoingMessage.state) == MessageState.SENT)
    if wanted.channel in CHANNELS:
        where.append(col(OutgoingMessage.channel) == Channel(wanted.channel))
    if words := wanted.words.strip():
        number = dialled(words)
        where.append(
            or_(
                col(Person.full_name).icontains(words, autoescape=True),
                col(OutgoingMessage.address).icontains(words, autoescape=True),
                col(OutgoingMessage.address).contains(number, autoescape=True) if number else False,
            )
        )
    return where


def messages_for(db: Db, *, actor: Actor, wanted: Wanted) -> Found:
    """One page of what the actor may see, the newest first or as wanted. Two statements."""
    where = conditions(actor, wanted)
    joined = col(Person.id) == col(OutgoingMessage.person_id)
    counted = select(func.count()).select_from(OutgoingMessage).join(Person, joined, isouter=True).where(*where)
    rows = select(OutgoingMessage, Person).join(Person, joined, isouter=True).where(*where)
    at = col(OutgoingMessage.queued_at)
    name = func.lower(func.coalesce(col(Person.full_name), col(OutgoingMessage.address)))
    order = {"oldest": (at,), "name": (name, at.desc())}.get(wanted.sort, (at.desc(),))
    part = rows.order_by(*order, col(OutgoingMessage.id)).limit(A_PAGE).offset((wanted.page - 1) * A_PAGE)
    return Found(db.exec(part).all(), db.exec(counted).one())


def messages_to(db: Db, *, person: Person, most: int = 100) -> Sequence[OutgoingMessage]:
    """What was ever meant for one person, the newest first."""
    theirs = select(OutgoingMessage).where(OutgoingMessage.person_id == person.id)
    return db.exec(theirs.order_by(col(OutgoingMessage.queued_at).desc()).limit(most)).all()


def open_ones(db: Db, *, actor: Actor, most: int = A_PAGE) -> Found:
    """What needs somebody, the oldest first, and how much there is in all. Two statements."""
    joined = col(Person.id) == col(OutgoingMessage.person_id)
    where = conditions(actor, Wanted("open"))
    counted = select(func.count()).select_from(OutgoingMessage).join(Person, joined, isouter=True).where(*where)
    rows = select(OutgoingMessage, Person).join(Person, joined, isouter=True).where(*where)
    oldest = rows.order_by(col(OutgoingMessage.queued_at), col(OutgoingMessage.id)).limit(most)
    return Found(db.exec(oldest).all(), db.exec(counted).one())


def find_message(db: Db, *, actor: Actor, message_id: str, action: str, lock: bool = False) -> OutgoingMessage:
    """The message, when the actor may do `action` with it; `lock` holds its row. Raises NotFound otherwise."""
    message = db.get(OutgoingMessage, message_id, with_for_update=lock, populate_existing=lock)
    if message is None:
        raise NotFound(NO_MESSAGE)
    place = place_of(db, message, actor)
    authorise(actor, action, place or message)
    return message


def place_of(db: Db, message: OutgoingMessage, actor: Actor) -> Enrolment | None:
    """The place of the person it is for that lies nearest to the actor, of a companion that of their patient.

    None where it is of another service.
    """
    if message.service_id != actor.service_id:
        return None
    person = db.get(Person, message.person_id) if message.person_id else None
    beside = companions.place_of(db, person) if person is not None else None
    return beside or nearest_place(db, message.person_id, actor)
