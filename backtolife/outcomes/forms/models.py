"""The wording a service loaded, the questions it chose for each milestone, and forms that were opened again."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, String, Text, UniqueConstraint
from sqlmodel import Field

from backtolife.database.session import Row, UTCDateTime


class ImportedForm(Row, table=True):
    """One row: the official wording of one instrument version, as a service loaded it. It never changes.

    `source` is the FHIR Questionnaire as it came, `form` the same in the shape of our own wording files, and
    `form_hash` the SHA-256 that every response on it pins.
    """

    __tablename__ = "imported_form"
    __table_args__ = (
        UniqueConstraint("service_id", "instrument", "form_hash"),
        UniqueConstraint("service_id", "url", "version"),
        CheckConstraint("copyright <> ''", name="copyright_given"),
    )

    instrument: str = Field(sa_type=String(40))
    instrument_version: str = Field(sa_type=String(20))
    url: str = Field(sa_type=String(300))
    version: str = Field(sa_type=String(60))
    title: str = Field(sa_type=String(120))
    copyright: str = Field(sa_type=Text)
    licence_holder: str = Field(default="", sa_type=String(200))
    licence_reference: str = Field(default="", sa_type=String(200))
    licence_expires_on: date | None = Field(default=None, sa_type=Date)
    """The last day on which new forms may be opened on this wording; None where no licence is needed."""
    cross_check: str = Field(default="", sa_type=Text)
    """A formula that came in the file. It is shown beside our scoring rule and never computes a score."""
    source: str = Field(sa_type=Text)
    form: str = Field(sa_type=Text)
    form_hash: str = Field(sa_type=String(64))
    links: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, sa_column_kwargs={"server_default": "{}"})
    """How the file names questions and answers (`import_links.Links`); empty for one loaded before they were kept."""
    imported_by: str = Field(sa_type=String(64))
    imported_at: datetime = Field(sa_type=UTCDateTime)


class ChosenBattery(Row, table=True):
    """One row: from `chosen_at` on, windows that open ask these instruments at this milestone. Only ever added to."""

    __tablename__ = "chosen_battery"

    milestone_id: str = Field(sa_type=String(40))
    instruments: list[str] = Field(sa_type=JSON)
    """In the order they are asked."""
    chosen_by: str = Field(foreign_key="person.id", sa_type=String(32))
    chosen_at: datetime = Field(sa_type=UTCDateTime)


class Reopening(Row, table=True):
    """One row: somebody on the staff let a patient answer again, or late, and said why."""

    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)

    enrolment_id: str = Field(foreign_key="enrolment.id", index=True, sa_type=String(32))
    milestone_id: str = Field(sa_type=String(40))
    response_id: str | None = Field(default=None, foreign_key="instrument_response.id", sa_type=String(32))
    """The sent form that was opened again; None when the whole milestone was, after its window."""
    reason: str = Field(sa_type=String(300))
    by: str = Field(foreign_key="person.id", sa_type=String(32))
    at: datetime = Field(sa_type=UTCDateTime)
    until: datetime = Field(sa_type=UTCDateTime)
    sent_before: datetime | None = Field(default=None, sa_type=UTCDateTime)
    """When the form had been sent, and `scores_before` and `summary_before` what it had come to."""
    scores_before: dict[str, float | None] = Field(default_factory=dict, sa_type=JSON)
    summary_before: str = Field(default="", sa_type=Text, sa_column_kwargs={"server_default": ""})
