"""What is written in the room: to everyone, in a small group to that group, or to the facilitators only.

Facilitators read all of it. Nobody writes to one patient in secret.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_
from sqlmodel import col, select

from backtolife.db import Db
from backtolife.errors import Invalid
from backtolife.sessions.models import Audience, ChatMessage, GroupSession, Seat
from backtolife.sessions.room import milliseconds
from backtolife.sessions.rules import SeatRole

LONGEST = 1000
KEPT_IN_VIEW = 100
MOST_BYTES = 12_000
"""How much of the chat a page gets when it comes in, so that a full room stays light on a phone."""


@dataclass(frozen=True)
class Letter:
    """What somebody wrote and for whom. `small` is the small group it is for, `readers` the seats in it."""

    text: str
    audience: Audience
    client_id: str
    small: str = ""
    readers: Sequence[str] = ()


def earlier(db: Db, *, seat: Seat, client_id: str) -> ChatMessage | None:
    """The message that this page has sent before, when it sends it again because it never heard of it."""
    return db.exec(
        select(ChatMessage).where(ChatMessage.seat_id == seat.id, ChatMessage.client_id == client_id)
    ).first()


def write(db: Db, *, group_session: GroupSession, seat: Seat, letter: Letter, now: datetime) -> ChatMessage:
    """Keep one message. Raises Invalid."""
    words = letter.text.strip()
    if not words:
        raise Invalid("Write something first.", "text")
    if len(words) > LONGEST:
        raise Invalid(f"Please use at most {LONGEST} letters.", "text")
    message = ChatMessage(
        service_id=seat.service_id,
        group_session_id=group_session.id,
        seat_id=seat.id,
        audience=letter.audience,
        small=letter.small,
        readers=" ".join(sorted(letter.readers)),
        client_id=letter.client_id,
        text=words,
        at=now,
    )
    db.add(message)
    db.flush()
    return message


def shown(message: ChatMessage) -> dict[str, Any]:
    """The message as a page gets it; names come from the room's state."""
    return {
        "id": message.id,
        "seat": message.seat_id,
        "audience": message.audience.value,
        **({"small": message.small} if message.small else {}),
        "text": message.text,
        "at_ms": milliseconds(message.at),
        "client_id": message.client_id,
    }


def visible_to(db: Db, *, seat: Seat) -> list[dict[str, Any]]:
    """The newest messages that this seat may read, oldest first; at most `MOST_BYTES` of them."""
    wanted = select(ChatMessage).where(ChatMessage.group_session_id == seat.group_session_id)
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
