"""What is written in the room: to everyone, in a small group to that group, or to the facilitators only.

Facilitators read all of it. Nobody writes to one patient in secret.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NotRequired, TypedDict

from sqlalchemy import and_, or_
from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db
from backtolife.errors import Invalid, NotFound, NotPermitted
from backtolife.people.access import Actor
from backtolife.sessions.room.models import Audience, ChatMessage, GroupSession, Seat
from backtolife.sessions.room.store import milliseconds
from backtolife.sessions.state.rules import SeatRole

LONGEST = 1000
KEPT_IN_VIEW = 100
MOST_BYTES = 12_000
"""How much of the chat a page gets when it comes in, so that a full room stays light on a phone."""


@dataclass(frozen=True)
class NewMessage:
    """What somebody wrote and for whom. `small` is the small group it is for, `readers` the seats in it."""

    text: str
    audience: Audience
    client_id: str
    small: str = ""
    readers: Sequence[str] = ()


class ShownMessage(TypedDict):
    """A message as a page gets it; who wrote it is a seat, whose name is in the room's state."""

    id: str
    seat: str
    audience: Literal["group", "facilitators"]
    small: NotRequired[str]
    """The small group it was written in."""
    text: str
    at_ms: int
    client_id: str
    """What the writer's page calls it, so that a second try is known as one."""


def earlier(db: Db, *, seat: Seat, client_id: str) -> ChatMessage | None:
    """The message that this page has sent before, when it sends it again because it never heard of it."""
    return db.exec(
        select(ChatMessage).where(ChatMessage.seat_id == seat.id, ChatMessage.client_id == client_id)
    ).first()


def write(db: Db, *, group_session: GroupSession, seat: Seat, new: NewMessage, now: datetime) -> ChatMessage:
    """Keep one message. Raises Invalid."""
    words = new.text.strip()
    if not words:
        raise Invalid("Write something first.", "text")
    if len(words) > LONGEST:
        raise Invalid(f"Please use at most {LONGEST} characters.", "text")
    message = ChatMessage(
        service_id=seat.service_id,
        group_session_id=group_session.id,
        seat_id=seat.id,
        audience=new.audience,
        small=new.small,
        readers=" ".join(sorted(new.readers)),
        client_id=new.client_id,
        text=words,
        at=now,
    )
    db.add(message)
    db.flush()
    return message


def take_back(
    db: Db, *, group_session: GroupSession, seat: Seat, message_id: str, actor: Actor, now: datetime
) -> ChatMessage:
    """Take a message off every page: one's own, or anybody's for a facilitator. Doing it twice changes nothing.

    Raises NotFound for a message of another session, NotPermitted for somebody else's.
    """
    message = db.get(ChatMessage, message_id)
    if message is None or message.group_session_id != group_session.id:
        raise NotFound("This message is not from your session.")
    if message.seat_id != seat.id and seat.role is not SeatRole.FACILITATOR:
        raise NotPermitted("You can take back only what you wrote. Ask a facilitator about the rest.")
    if message.taken_back_at is None:
        message.taken_back_at, message.taken_back_by = now, actor.id
        db.flush()
        audit.record(
            db, actor=actor, action="chat_taken_back", subject_type="chat_message", subject_id=message.id, now=now
        )
    return message


def taken_back_in(db: Db, group_session_id: str) -> list[str]:
    """The messages that no page may show any more, for a page that was away meanwhile."""
    wanted = select(ChatMessage.id).where(
        ChatMessage.group_session_id == group_session_id, col(ChatMessage.taken_back_at).is_not(None)
    )
    return list(db.exec(wanted))


def shown(message: ChatMessage) -> ShownMessage:
    """The message as a page gets it."""
    payload: ShownMessage = {
        "id": message.id,
        "seat": message.seat_id,
        "audience": message.audience.value,
        "text": message.text,
        "at_ms": milliseconds(message.at),
        "client_id": message.client_id,
    }
    if message.small:
        payload["small"] = message.small
    return payload


def visible_to(db: Db, *, seat: Seat) -> list[ShownMessage]:
    """The newest messages that this seat may read, oldest first; at most `MOST_BYTES` of them."""
    wanted = select(ChatMessage).where(
        ChatMessage.group_session_id == seat.group_session_id, col(ChatMessage.taken_back_at).is_(None)
    )
    if seat.role is not SeatRole.FACILITATOR:
        to_all = and_(col(ChatMessage.audience) == Audience.GROUP, col(ChatMessage.small) == "")
        wanted = wanted.where(
            or_(to_all, col(ChatMessage.readers).contains(seat.id), col(ChatMessage.seat_id) == seat.id)
        )
    newest = db.exec(wanted.order_by(col(ChatMessage.at).desc(), col(ChatMessage.id)).limit(KEPT_IN_VIEW)).all()
    found, weight = [], 0
    for message in newest:
        payload = shown(message)
        weight += len(json.dumps(payload, ensure_ascii=False).encode())
        if weight > MOST_BYTES:
            break
        found.append(payload)
    return found[::-1]
