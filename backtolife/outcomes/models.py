"""Questionnaires in the database: the wording a service uses, who answered what, the scores, the safety tasks."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, String, Text, UniqueConstraint, text
from sqlmodel import Field

from backtolife.database.closed import ClosedText
from backtolife.database.session import Row, UTCDateTime, choice


class AdoptedInstrument(Row, table=True):
    """One row: a service asks this instrument version in this wording. Neither ever changes: both are hashed."""

    __tablename__ = "adopted_instrument"
    __table_args__ = (
        UniqueConstraint("service_id", "instrument", "instrument_hash", "wording_hash"),
        CheckConstraint("(signed_by IS NULL) = (signed_at IS NULL)", name="signed_by_and_when"),
    )

    instrument: str = Field(sa_type=String(40))
    version: str = Field(sa_type=String(20))
    instrument_hash: str = Field(sa_type=String(64))
    wording: str = Field(sa_type=String(120))
    """The name under which the wording is shown, such as “Mood questions, in-house, scored as PHQ-9”."""
    wording_version: str = Field(sa_type=String(20))
    wording_hash: str = Field(sa_type=String(64))
    in_house: bool = True
    adopted_at: datetime = Field(sa_type=UTCDateTime)
    signed_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    """The clinical lead who answers for in-house wording. In production nothing is asked without."""
    signed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Mode(StrEnum):
    """How the answers reached us."""

    SELF = "self"
    TELEPHONE = "telephone"
    PAPER = "paper"


BY_STAFF = text("entered_at IS NOT NULL")
"""Few forms are written in by staff, and results look these up among all."""


class InstrumentResponse(Row, table=True):
    """One row: one patient's form at one milestone, on the wording it was opened with.

    The times are UTC: opened is when the form was first shown, started the first answer, completed the sending.
    """

    __tablename__ = "instrument_response"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "milestone_id", "instrument"),
        Index("ix_instrument_response_sent", "service_id", "completed_at"),
        Index("ix_instrument_response_entered", "service_id", sqlite_where=BY_STAFF, postgresql_where=BY_STAFF),
        CheckConstraint("completed_at IS NULL OR started_at IS NOT NULL", name="started_before_completed"),
        CheckConstraint("mode = 'self' OR entered_by IS NOT NULL", name="staff_entry_names_who"),
    )

    enrolment_id: str = Field(foreign_key="enrolment.id", index=True, sa_type=String(32))
    milestone_id: str = Field(sa_type=String(40))
    instrument: str = Field(sa_type=String(40))
    adopted_id: str = Field(foreign_key="adopted_instrument.id", sa_type=String(32))
    """Pins instrument version and wording, each with its hash."""
    opened_at: datetime = Field(sa_type=UTCDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    completed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    mode: Mode = Field(default=Mode.SELF, sa_type=choice(Mode, "response_mode"))
    entered_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    entered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When staff entered the answers; `completed_at` is then when the patient gave them."""
    proxy: str = Field(default="", sa_type=String(60))
    """Who answered in the patient's place, such as “daughter”; empty where they answered themselves."""
    summary: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
    """What it came to, as JSON (`outcomes.summary`), from its sending until it is opened again; empty otherwise."""


class Answer(Row, table=True):
    """One row: the answer to one question as it stands, as a whole number or as words. Neither means taken back."""

    __table_args__ = (
        UniqueConstraint("response_id", "item"),
        CheckConstraint("value IS NULL OR words = ''", name="number_or_words"),
    )

    response_id: str = Field(foreign_key="instrument_response.id", index=True, sa_type=String(32))
    item: str = Field(sa_type=String(40))
    value: int | None = Field(default=None, sa_type=Integer)
    words: str = Field(default="", sa_type=Text)
    answered_at: datetime = Field(sa_type=UTCDateTime)
    client_key: str = Field(sa_type=String(64))
    """The key of the `given_answer` that it came from."""


class GivenAnswer(Row, table=True):
    """One row: an answer as it arrived. Only ever added to; the key makes a second arrival of the same one harmless."""

    __tablename__ = "given_answer"
    __table_args__ = (UniqueConstraint("response_id", "client_key"),)

    response_id: str = Field(foreign_key="instrument_response.id", index=True, sa_type=String(32))
    item: str = Field(sa_type=String(40))
    value: int | None = Field(default=None, sa_type=Integer)
    words: str = Field(default="", sa_type=Text)
    client_key: str = Field(sa_type=String(64))
    answered_at: datetime = Field(sa_type=UTCDateTime)
    arrived_at: datetime = Field(sa_type=UTCDateTime)
    used: bool = True
    """False when a newer answer stood already, or the form was closed or sent: kept, but it does not count."""


class Score(Row, table=True):
    """One row: one figure of a sent form. No value means it could not be computed; `status` says why."""

    __table_args__ = (
        UniqueConstraint("response_id", "scale"),
        Index("ix_score_scored", "service_id", "scored_at"),
        CheckConstraint("missing >= 0", name="missing_is_a_count"),
    )

    response_id: str = Field(foreign_key="instrument_response.id", index=True, sa_type=String(32))
    scale: str = Field(sa_type=String(40))
    value: float | None = None
    band: str | None = Field(default=None, sa_type=String(40))
    missing: int
    status: str = Field(sa_type=String(20))
    scored_at: datetime = Field(sa_type=UTCDateTime)


class Level(StrEnum):
    """How soon a clinician must act."""

    URGENT = "urgent"
    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"
    """Somebody asks on the next working day."""
    UNANSWERED = "unanswered"
    """The safety question was left empty on a form that was sent. Empty is never read as 0."""


class TaskState(StrEnum):
    NEW = "new"
    TAKEN = "taken"
    DONE = "done"


OPEN = text("state <> 'done'")


class SafetyTask(Row, table=True):
    """One row: a named clinician has to speak with a patient, about an answer on a form (`response_id`) or about
    warning signs ticked before a live session (`group_session_id`). Only a person ever closes it.
    """

    __tablename__ = "safety_task"
    __table_args__ = (
        ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"]),
        Index("ix_safety_task_one_open", "response_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "ix_safety_task_one_open_for_signs",
            "group_session_id",
            "enrolment_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        CheckConstraint("(response_id IS NULL) <> (group_session_id IS NULL)", name="an_answer_or_a_sign"),
        CheckConstraint("state = 'new' OR acknowledged_by IS NOT NULL", name="taken_by_someone"),
        CheckConstraint("(acknowledged_by IS NULL) = (acknowledged_at IS NULL)", name="taken_by_and_when"),
        CheckConstraint("(state = 'done') = (closed_at IS NOT NULL)", name="done_is_closed"),
        CheckConstraint("state <> 'done' OR (closed_by IS NOT NULL AND contact <> '')", name="closed_with_a_note"),
        CheckConstraint("owner_id <> backup_id", name="backup_is_another_person"),
    )

    enrolment_id: str = Field(index=True, sa_type=String(32))
    response_id: str | None = Field(default=None, foreign_key="instrument_response.id", sa_type=String(32))
    item: str = Field(sa_type=String(40))
    """Of an answer: which question. Empty for warning signs."""
    group_session_id: str | None = Field(default=None, sa_type=String(32))
    """Of warning signs: the live session before which they were ticked."""
    level: Level = Field(sa_type=choice(Level, "task_level"))
    highest: int | None = None
    """The highest answer that was saved; changing it back does not lower this. None when none was given."""
    owner_id: str | None = Field(default=None, foreign_key="person.id", index=True, sa_type=String(32))
    """None while nobody in the service may work on it."""
    backup_id: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    raised_at: datetime = Field(sa_type=UTCDateTime)
    due_at: datetime = Field(sa_type=UTCDateTime, index=True)
    promised_at: datetime = Field(sa_type=UTCDateTime)
    """By when the patient was told that someone will call."""
    escalates_at: datetime = Field(sa_type=UTCDateTime, index=True)
    """When the backup is told, if nobody has taken it."""
    escalated_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    state: TaskState = Field(default=TaskState.NEW, sa_type=choice(TaskState, "task_state"))
    acknowledged_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    acknowledged_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    contact: str = Field(default="", sa_type=ClosedText("safety_task.contact"))
    assessment: str = Field(default="", sa_type=ClosedText("safety_task.assessment"))
    plan: str = Field(default="", sa_type=ClosedText("safety_task.plan"))
    gp_informed: bool | None = None
    closed_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    opened_again: int = Field(default=0, sa_type=Integer, sa_column_kwargs={"server_default": "0"})
    """How often it was opened again after it had been closed; `task_reopening` has each time."""
