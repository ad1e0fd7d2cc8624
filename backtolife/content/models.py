"""Videos in the database: what each session shows, how far a package is, what was watched, what somebody noted."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, String, Text, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime, choice


class Video(Row, table=True):
    """One row: the education video of a session, in one language. What plays is its newest playable package."""

    __table_args__ = (
        UniqueConstraint("service_id", "key"),
        UniqueConstraint("service_id", "session_number", "language"),
        CheckConstraint("session_number BETWEEN 1 AND 9", name="video_of_nine_sessions"),
    )

    key: str = Field(sa_type=String(60))
    """Names the video in addresses, such as v01-how-pain-works."""
    session_number: int
    title: str = Field(sa_type=String(120))
    language: str = Field(default="en-GB", sa_type=String(12))


class PackageKind(StrEnum):
    UPLOAD = "upload"
    """Made from a file that a member of staff gave us."""
    SCRIPT = "script"
    """Made by the product itself from the programme's script: slides and a spoken text."""


class PackageState(StrEnum):
    WAITING = "waiting"
    PACKAGING = "packaging"
    PLAYABLE = "playable"
    """Its lowest rendition can be watched; the others follow."""
    READY = "ready"
    FAILED = "failed"


CAN_PLAY = frozenset({PackageState.PLAYABLE, PackageState.READY})


class VideoPackage(Row, table=True):
    """One row: a source and what has been made of it so far. A newer one takes over once it can be played."""

    __tablename__ = "video_package"
    __table_args__ = (CheckConstraint("progress >= 0 AND progress <= 1", name="progress_is_a_share"),)

    video_id: str = Field(foreign_key="video.id", index=True, sa_type=String(32))
    kind: PackageKind = Field(sa_type=choice(PackageKind, "package_kind"))
    state: PackageState = Field(default=PackageState.WAITING, sa_type=choice(PackageState, "package_state"))
    source: str = Field(default="", sa_type=String(120))
    """The uploaded file, relative to the settings' videos_dir; empty for a script."""
    progress: float = 0.0
    """How much is done, from 0 to 1."""
    trouble: str = Field(default="", sa_type=String(400))
    """What went wrong, for a person to act on; empty when nothing did."""
    duration_ms: int = 0
    renditions: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """`name` and `bytes` of each rendition there is, lowest first, then `audio`, then the one file to keep."""
    chapters: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """`start_ms` and `heading` of each part."""
    transcript: str = Field(default="", sa_type=Text)
    """All the words, in Markdown with a heading a part; empty without captions."""
    requested_by: str = Field(sa_type=String(64))
    requested_at: datetime = Field(sa_type=UTCDateTime)
    claimed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the process that works on it last said so, or dated so that it is tried later; empty when none does."""
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often in a row its next step was begun and not ended, by whichever process."""
    playable_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class CaptionVersion(Row, table=True):
    """One row: captions and parts of a package as somebody saved them. The newest is the draft; patients see the one
    that was published last.
    """

    __tablename__ = "caption_version"
    __table_args__ = (UniqueConstraint("package_id", "number"),)

    package_id: str = Field(foreign_key="video_package.id", index=True, sa_type=String(32))
    number: int
    """Counted from 1 within the package: whoever saves must have seen the newest."""
    words: str = Field(default="", sa_type=Text)
    """The captions as WebVTT."""
    chapters: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """`start_ms` and `heading` of each part."""
    saved_at: datetime = Field(sa_type=UTCDateTime)
    saved_by: str = Field(sa_type=String(64))
    published_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When patients saw it first; empty for one that was only ever a draft."""


class Watching(Row, table=True):
    """One row: what an enrolled patient has seen of a video. Watched again or in two tabs, the parts merge."""

    __table_args__ = (UniqueConstraint("enrolment_id", "video_id"),)

    enrolment_id: str = Field(foreign_key="enrolment.id", index=True, sa_type=String(32))
    video_id: str = Field(foreign_key="video.id", index=True, sa_type=String(32))
    package_id: str = Field(foreign_key="video_package.id", sa_type=String(32))
    """The package whose clock `ranges` and `position_ms` are told by."""
    ranges: list[list[int]] = Field(default_factory=list, sa_type=JSON)
    """From and to in milliseconds, in order, apart from each other."""
    position_ms: int = 0
    share: float = 0.0
    """The part seen at least once, from 0 to 1."""
    updated_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When enough had been seen, or all was read, to count as watched; it stays so when the video is exchanged."""
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When they said that they had read all the words; the same as `finished_at` where that is why it counts."""


class VideoNote(Row, table=True):
    """One row: what a patient wrote beside a video. Nobody else reads it unless the patient shares it."""

    __tablename__ = "video_note"
    __table_args__ = (UniqueConstraint("enrolment_id", "video_id"),)

    enrolment_id: str = Field(foreign_key="enrolment.id", index=True, sa_type=String(32))
    video_id: str = Field(foreign_key="video.id", index=True, sa_type=String(32))
    words: str = Field(default="", sa_type=Text)
    with_team: bool = False
    """Whether the patient lets the facilitators of the cohort read it."""
    with_group: bool = False
    """Whether it is also shown to the group, without a name, when the session talks about the video."""
    updated_at: datetime = Field(sa_type=UTCDateTime)
