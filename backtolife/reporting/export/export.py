"""Taking data away: who, what and why go on record first, then the file is written piece by piece."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from backtolife import audit
from backtolife.database.session import Db, reading
from backtolife.errors import Invalid
from backtolife.people.access import Actor, authorise
from backtolife.programme.adopted.services import in_use
from backtolife.reporting.export.form_layout.slots import asked_by
from backtolife.reporting.export.registry import CSV, KINDS, File, Kind
from backtolife.reporting.export.source import Source

SHORTEST_REASON, LONGEST_REASON = 5, 300
SIGN_IN_AGAIN = "Enter your password once more, because these are people's answers."
NOT_INSTALLED = (
    "This kind of file cannot be made here yet: your administrator has to install the extra “exports”. "
    "The CSV files hold the same data."
)


@dataclass(frozen=True)
class Export:
    """A permitted download: its file name and what it holds."""

    kind: Kind
    name: str
    service_id: str
    at: datetime


def permit(db: Db, *, actor: Actor, file: str, reason: str, confirmed: bool, now: datetime) -> Export:
    """Put the download on record.

    `confirmed` says that the person has signed in again just now. Raises Invalid without that, without a reason, or
    for a file that does not exist or cannot be made here.
    """
    authorise(actor, "report.export", actor)
    if file not in set(File):
        raise Invalid("Choose one of the files.", "file")
    kind = KINDS[File(file)]
    if not kind.ready:
        raise Invalid(NOT_INSTALLED, "file")
    why = reason.strip()
    if len(why) < SHORTEST_REASON:
        raise Invalid("Say in a few words what you need the data for.", "reason")
    if len(why) > LONGEST_REASON:
        raise Invalid(f"Please use at most {LONGEST_REASON} characters.", "reason")
    if not confirmed:
        raise Invalid(SIGN_IN_AGAIN, "password")
    audit.record(
        db,
        actor=actor,
        action="exported",
        subject_type="service",
        subject_id=actor.service_id,
        now=now,
        file=file,
        why=why,
    )
    return Export(kind, f"back-to-life-{file}-{now:%Y-%m-%d}.{kind.extension}", actor.service_id, now)


def written(engine: Engine, export: Export, *, excel: bool = False) -> Iterator[bytes]:
    """The file, piece by piece, from one look at the database.

    With `excel` a CSV file begins with the mark by which Excel knows, on a double click, that it is UTF-8.
    """
    if excel and export.kind.mimetype == CSV:
        yield BOM_UTF8
    with Session(reading(engine)) as db:
        asked = asked_by(db, service_id=export.service_id, plans=in_use(db, export.service_id), now=export.at)
        for piece in export.kind.write(Source(db, export.service_id, export.at, asked)):
            yield piece.encode() if isinstance(piece, str) else piece
