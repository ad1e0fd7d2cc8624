"""The margins and the face-to-face results that count: always the newest."""

from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.db import Db
from backtolife.people.models import Person
from backtolife.reporting.dataset.shape import Brought, FaceToFace, Plan
from backtolife.reporting.models import Comparator, ComparatorScore, FixedMargin


def newest_plans(db: Db, service_id: str, zone: str) -> tuple[Plan, ...]:
    """The newest version of each margin, by measure and milestone."""
    wanted = select(FixedMargin, Person.full_name).join(Person, col(Person.id) == col(FixedMargin.fixed_by))
    rows = db.exec(wanted.where(FixedMargin.service_id == service_id).order_by(col(FixedMargin.version)))
    newest = {(row.instrument, row.milestone): (row, name) for row, name in rows}
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
        )
        for _, (row, name) in sorted(newest.items())
    )


def newest_brought(db: Db, service_id: str, zone: str) -> Brought | None:
    """The newest file of face-to-face results; None where there is none."""
    files = select(Comparator).where(Comparator.service_id == service_id)
    file = db.exec(files.order_by(col(Comparator.imported_at).desc(), col(Comparator.id)).limit(1)).first()
    if file is None:
        return None
    score = ComparatorScore
    rows = db.exec(
        select(score).where(score.comparator_id == file.id).order_by(col(score.person), col(score.instrument))
    )
    held = tuple(
        FaceToFace(row.person, row.cohort, row.instrument, row.milestone, row.before, row.after) for row in rows
    )
    return Brought(file.name, file.source, in_zone(file.imported_at, zone).date().isoformat(), held)
