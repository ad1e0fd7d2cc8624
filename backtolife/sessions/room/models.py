"""A live session in the database: the room and its state, who has a seat in it, what was said, who was there."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, String, Text, UniqueConstraint
from sqlmodel import Field

from backtolife.database.closed import ClosedText
from backtolife.database.session import Row, UTCDateTime, choice
from backtolife.sessions.state.rules import Camera, SeatRole, SeatStatus


class GroupStatus(StrEnum):
    """How far a group session has come."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    """Somebody has taken a seat; the facilitator has not started yet."""
    RUNNING = "running"
    ENDED = "ended"


class Audience(StrEnum):
    """Who reads a chat message."""

    GROUP = "group"
    FACILITATORS = "facilitators"


class GroupSession(Row, table=True):
    """One row: the live room of one date of a cohort. `state` is what everybody in the room sees, `version` counts
    its changes; both live here so that a web process that dies takes nothing with it.
    """

    __tablename__ = "group_session"
    __table_args__ = (CheckConstraint("version >= 0", name="version_counts_up"),)

    session_date_id: str = Field(foreign_key="session_date.id", unique=True, sa_type=String(32))
    cohort_id: str = Field(foreign_key="cohort.id", index=True, sa_type=String(32))
    number: int
    join_code: str = Field(unique=True, sa_type=String(16))
    """The end of the address in a reminder. It names the session and lets nobody in by itself."""
    status: GroupStatus = Field(default=GroupStatus.SCHEDULED, sa_type=choice(GroupStatus, "group_status"))
    state: Mapping[str, object] = Field(default_factory=dict, sa_type=JSON)
    """Read through `store.state_of`, which says what it holds."""
    version: int = 0
    started_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    lead_id: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    spotter_id: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))


class Seat(Row, table=True):
    """One row: a person's place in one group session, with what they told us before they came in.

    Where they are, whom to ring and what is new are deleted when the session is over, unless help was called for.
    """

    __table_args__ = (UniqueConstraint("group_session_id", "person_id"),)

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    cohort_id: str = Field(foreign_key="cohort.id", sa_type=String(32))
    person_id: str = Field(foreign_key="person.id", index=True, sa_type=String(32))
    role: SeatRole = Field(sa_type=choice(SeatRole, "seat_role"))
    status: SeatStatus = Field(sa_type=choice(SeatStatus, "seat_status"))
    camera: Camera = Field(sa_type=choice(Camera, "camera"))
    place: str = Field(default="", sa_type=ClosedText("seat.place"))
    phone: str = Field(default="", sa_type=ClosedText("seat.phone"))
    emergency_name: str = Field(default="", sa_type=ClosedText("seat.emergency_name"))
    emergency_phone: str = Field(default="", sa_type=ClosedText("seat.emergency_phone"))
    space_ready: list[str] = Field(default_factory=list, sa_type=JSON)
    flags: list[str] = Field(default_factory=list, sa_type=JSON)
    """Which of the programme's groups of warning signs they ticked: ids of `warning_signs`."""
    news: str = Field(default="", sa_type=ClosedText("seat.news"))
    """Anything new since last time, in the person's own words; for the facilitators."""
    lobby_at: datetime = Field(sa_type=UTCDateTime)
    admitted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    @property
    def owner_id(self) -> str:
        return self.person_id


class ChatMessage(Row, table=True):
    """One row: something written in the room. `client_id` comes from the page, so that sending again never doubles."""

    __tablename__ = "chat_message"
    __table_args__ = (UniqueConstraint("seat_id", "client_id"),)

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    seat_id: str = Field(foreign_key="seat.id", sa_type=String(32))
    audience: Audience = Field(sa_type=choice(Audience, "audience"))
    small: str = Field(default="", sa_type=String(8))
    """The small group it was written in; "" for what was written to everyone."""
    readers: str = Field(default="", sa_type=Text)
    """The seats that were in that small group then, with a space between. Staff read it without being named here."""
    client_id: str = Field(sa_type=String(40))
    text: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UTCDateTime)
    taken_back_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """From then on no page shows it. The words stay in the row, for whoever has to look into it."""
    taken_back_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))


class HelpAlert(Row, table=True):
    """One row: somebody pressed "I need help". Never deleted; it is the incident's record."""

    __tablename__ = "help_alert"

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    seat_id: str = Field(foreign_key="seat.id", index=True, sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
    reason: str = Field(default="", sa_type=String(40))
    escalated_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the duty contact was told because nobody had taken it."""
    taken_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    taken_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by: str | None = Field(default=None, foreign_key="person.id", sa_type=String(32))
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class SectionEntered(Row, table=True):
    """One row: the group was in this section of the script from `entered_at` to `left_at`. Going back adds a row."""

    __tablename__ = "section_entered"

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    section_id: str = Field(sa_type=String(60))
    entered_at: datetime = Field(sa_type=UTCDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class MediaEvent(Row, table=True):
    """One row: a webhook of the media engine that we have taken. Its own id makes a repeated delivery count once."""

    __tablename__ = "media_event"

    event_id: str = Field(unique=True, sa_type=String(64))
    kind: str = Field(sa_type=String(40))
    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)


class AttendanceSpan(Row, table=True):
    """One row: one connection of a seat to the media engine. Spans may overlap (two tabs); minutes count once."""

    __tablename__ = "attendance_span"

    group_session_id: str = Field(foreign_key="group_session.id", index=True, sa_type=String(32))
    seat_id: str = Field(foreign_key="seat.id", index=True, sa_type=String(32))
    connection: str = Field(unique=True, sa_type=String(64))
    place: str = Field(default="", sa_type=String(8))
    """The small group whose media room it was; "" for the whole group's."""
    joined_at: datetime = Field(sa_type=UTCDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
