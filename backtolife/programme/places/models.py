"""What is kept of the life of a place beside its states."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, Date, Index, String, UniqueConstraint, text
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.places.rules import DecidedBy, Reason, Said, Way, Wishes


class EndKind(StrEnum):
    WITHDRAWN = "withdrawn"
    DIED = "died"


class PlaceEnding(Row, table=True):
    """One row: at `at` this place ended, because its person left or died. Only ever added to, and taken back once."""

    __tablename__ = "place_ending"

    enrolment_id: str = Field(foreign_key="enrolment.id", index=True, sa_type=String(32))
    kind: EndKind = Field(sa_type=choice(EndKind, "end_kind"))
    state_before: EnrolmentState = Field(sa_type=choice(EnrolmentState, "state_before"))
    """Where the person stood, to which a mistake is taken back."""
    decided_by: DecidedBy | None = Field(default=None, sa_type=choice(DecidedBy, "decided_by"))
    reason: Reason | None = Field(default=None, sa_type=choice(Reason, "leaving_reason"))
    words: str = Field(default="", sa_type=String(500))
    """Why, in words of staff; of a death, who told us."""
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(sa_type=String(64))
    taken_back_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    taken_back_by: str = Field(default="", sa_type=String(64))


class PlaceOffer(Row, table=True):
    """One row: this place was offered at `offered_at`, to be answered until `answer_by`."""

    __tablename__ = "place_offer"
    __table_args__ = (UniqueConstraint("enrolment_id"),)

    enrolment_id: str = Field(foreign_key="enrolment.id", sa_type=String(32))
    offered_at: datetime = Field(sa_type=UTCDateTime)
    offered_by: str = Field(sa_type=String(64))
    answer_by: datetime = Field(sa_type=UTCDateTime)
    remind_at: datetime = Field(sa_type=UTCDateTime, index=True)


class OfferAnswer(Row, table=True):
    """One row: what was answered to an offer at `at`. Every answer is kept, also one that came too late to count."""

    __tablename__ = "offer_answer"

    enrolment_id: str = Field(foreign_key="enrolment.id", index=True, sa_type=String(32))
    said: Said = Field(sa_type=choice(Said, "said"))
    counted: bool
    by_telephone: bool
    """Written down by staff, for whoever said it."""
    at: datetime = Field(sa_type=UTCDateTime)
    by: str = Field(sa_type=String(64))
    taken_back_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When staff said that it had been written down by mistake."""
    taken_back_by: str = Field(default="", sa_type=String(64), sa_column_kwargs={"server_default": ""})


STILL_WAITS = "left_at IS NULL"


class Waiting(Row, table=True):
    """One row: this person waits for a place since `since`, until they were offered one or stopped waiting."""

    __tablename__ = "waiting"
    __table_args__ = (
        Index(
            "uq_waiting_once",
            "person_id",
            unique=True,
            sqlite_where=text(STILL_WAITS),
            postgresql_where=text(STILL_WAITS),
        ),
    )

    person_id: str = Field(foreign_key="person.id", sa_type=String(32))
    since: datetime = Field(sa_type=UTCDateTime)
    times: list[str] = Field(default_factory=list, sa_type=JSON)
    way: Way = Field(sa_type=choice(Way, "way"))
    earliest: date | None = Field(default=None, sa_type=Date)
    words: str = Field(default="", sa_type=String(500))
    by: str = Field(sa_type=String(64))
    left_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    left_because: str = Field(default="", sa_type=String(40))
    """Offered a place, or why they wait no more."""
    enrolment_id: str | None = Field(default=None, foreign_key="enrolment.id", sa_type=String(32))
    """The place that they were offered from the list."""
    jump: str = Field(default="", sa_type=String(500))
    """Why they were offered a place before somebody who fitted it and had waited longer."""

    @property
    def wishes(self) -> Wishes:
        return Wishes(tuple(self.times), self.way, self.earliest, self.words)
