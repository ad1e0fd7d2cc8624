"""Taking data away: who, what and why go on record first, then the file is written line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Engine
from sqlmodel import Session

from backtolife import audit
from backtolife.db import Db, reading
from backtolife.errors import Invalid
from backtolife.people.access import Actor, authorise
from backtolife.programme.loading import shipped
from backtolife.reporting.cells import lines
from backtolife.reporting.codebook import HEADER, codebook_rows
from backtolife.reporting.long import COLUMNS, long_rows
from backtolife.reporting.records import records
from backtolife.reporting.wide import wide_columns, wide_row

SHORTEST_REASON, LONGEST_REASON = 5, 300


class File(StrEnum):
    """What can be taken away."""

    LONG = "long"
    WIDE = "wide"
    CODEBOOK = "codebook"


@dataclass(frozen=True)
class Export:
    """A permitted download: its file name and what it holds."""

    file: File
    name: str
    service_id: str
    at: datetime


def permit(db: Db, *, actor: Actor, file: str, reason: str, now: datetime) -> Export:
    """Put the download on record. Raises Invalid without a reason or for a file that does not exist."""
    authorise(actor, "report.export", actor)
    if file not in set(File):
        raise Invalid("Choose one of the three files.", "file")
    why = reason.strip()
    if len(why) < SHORTEST_REASON:
        raise Invalid("Say in a few words what you need the data for.", "reason")
    if len(why) > LONGEST_REASON:
        raise Invalid(f"Please use at most {LONGEST_REASON} letters.", "reason")
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
    return Export(File(file), f"back-to-life-{file}-{now:%Y-%m-%d}.csv", actor.service_id, now)


def written(engine: Engine, export: Export) -> Iterator[str]:
    """The file, line by line, from one look at the database."""
    plan = shipped()
    if export.file is File.CODEBOOK:
        yield from lines(HEADER, codebook_rows(plan))
        return
    with Session(reading(engine)) as db:
        people = records(db, service_id=export.service_id, now=export.at)
        if export.file is File.LONG:
            header = [column.name for column in COLUMNS]
            yield from lines(header, (row for person in people for row in long_rows(person)))
        else:
            header = [column.name for column in wide_columns(plan)]
            yield from lines(header, (wide_row(person, plan) for person in people))
