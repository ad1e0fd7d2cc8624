"""Calls to people whom no message of ours reaches."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import String
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice


class CallOutcome(StrEnum):
    SPOKE = "spoke"
    LEFT_WORD = "left_word"
    NO_ANSWER = "no_answer"


class MessageCall(Row, table=True):
    """One row: somebody rang in place of a message. Only ever added to."""

    __tablename__ = "message_call"

    message_id: str = Field(foreign_key="outgoing_message.id", ondelete="CASCADE", index=True, sa_type=String(32))
    outcome: CallOutcome = Field(sa_type=choice(CallOutcome, "call_outcome"))
    words: str = Field(default="", sa_type=String(300))
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
