"""The margins that count, always the newest, each with the face-to-face results it is locked to."""

from collections.abc import Sequence

from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.people.models import Person
from backtolife.reporting.dataset.shape import OWN, Brought, FaceToFace, Plan
from backtolife.reporting.models import Comparator, ComparatorScore, FixedMargin


def newest_plans(db: Db, service_id: str, zone: str) -> tuple[Plan, ...]:
    """The newest version of each margin, by measure and milestone."""
    wanted = select(FixedMargin, Person.full_name).join(Person, col(Person.id) == col(FixedMargin.fixed_by))
    rows = db.exec(wanted.where(FixedMargin.service_id == service_id).order_by(col(FixedMargin.version)))
    newest = {(row.instrument, row.milestone): (row, name) for row, name in rows}
    files = files_of(db, service_id)
    return tuple(
        Plan(
            instrument=row.instrument,
            milestone=row.milestone,
            version=row.version,
            points=row.points,
            sd=row.sd,
            icc=row.icc,
            group_size=row.group_size,
            against=row.against,
            source=row.source,
            fixed_on=in_zone(row.fixed_at, zone).date().isoformat(),
            fixed_by=name,
            file_hash=locked.file_hash if row.against == OWN and (locked := locked_to(row, files)) else "",
        )
        for _, (row, name) in sorted(newest.items())
    )


def files_of(db: Db, service_id: str) -> list[Comparator]:
    """Every file of face-to-face results, the oldest first. They are only ever added to."""
    files = select(Comparator).where(Comparator.service_id == service_id)
    return list(db.exec(files.order_by(col(Comparator.imported_at), col(Comparator.id).desc())))


def locked_to(margin: FixedMargin, files: Sequence[Comparator]) -> Comparator | None:
    """The file a margin judges by for good: the newest there was when it was fixed, or else the first that came."""
    before = [file for file in files if file.imported_at <= margin.fixed_at]
    return before[-1] if before else next(iter(files), None)


def brought_for(db: Db, service_id: str, zone: str, plans: Sequence[Plan]) -> tuple[Brought, ...]:
    """The files that the margins are locked to, each once."""
    wanted = {plan.file_hash for plan in plans if plan.file_hash}
    first = {file.file_hash: file for file in reversed(files_of(db, service_id))}
    return tuple(read(db, file, zone) for name, file in sorted(first.items()) if name in wanted)


def newest_brought(db: Db, service_id: str, zone: str) -> Brought | None:
    """The newest file of face-to-face results; None where there is none."""
    files = files_of(db, service_id)
    return read(db, files[-1], zone) if files else None


def read(db: Db, file: Comparator, zone: str) -> Brought:
    score = ComparatorScore
    rows = db.exec(
        select(score).where(score.comparator_id == file.id).order_by(col(score.person), col(score.instrument))
    )
    held = tuple(
        FaceToFace(row.person, row.cohort, row.instrument, row.milestone, row.before, row.after) for row in rows
    )
    return Brought(file.name, file.source, in_zone(file.imported_at, zone).date().isoformat(), held, file.file_hash)
