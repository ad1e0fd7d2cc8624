"""What staff write about one patient: notes of their own, and whom they rang with what outcome."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint
from sqlmodel import Field

from backtolife.database.closed import ClosedText
from backtolife.database.session import Row, UTCDateTime, choice, new_id


class PatientNote(Row, table=True):
    """One row: one version of a note. The newest of a `thread` counts; older ones are never changed."""

    __tablename__ = "patient_note"
    __table_args__ = (UniqueConstraint("thread", "version"),)

    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    """The patient it is about."""
    thread: str = Field(sa_type=String(32))
    """The same for every version of one note."""
    version: int
    text: str = Field(sa_type=ClosedText("patient_note.text"))
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)


class CallOutcome(StrEnum):
    """How a call ended."""

    SPOKE = "spoke"
    LEFT_WORD = "left_word"
    NO_ANSWER = "no_answer"
    WRONG_NUMBER = "wrong_number"
    THEY_RANG = "they_rang"


class PhoneCall(Row, table=True):
    """One row: staff rang a patient, or were rung by them. A call that was put right or taken back stays, with when.

    `message_id`: the message that was to be told in it. `person_id` is empty only where that was to nobody we know.
    """

    __tablename__ = "phone_call"
    __table_args__ = (Index("ix_phone_call_person_id_at", "person_id", "at"),)

    person_id: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    message_id: str | None = Field(
        default=None, foreign_key="outgoing_message.id", ondelete="SET NULL", index=True, sa_type=String(32)
    )
    outcome: CallOutcome = Field(sa_type=choice(CallOutcome, "call_outcome"))
    words: str = Field(default="", sa_type=ClosedText("phone_call.words"))
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
    """Who rang, and when: the same also in what was put right later."""
    thread: str = Field(default_factory=new_id, sa_type=String(32))
    """The same for every version of one call."""
    number: str = Field(default="", sa_type=String(40))
    """Their number as we had it then."""
    replaced_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """Since when it does not stand: another row of the thread does, or the call was taken back."""
    replaced_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
