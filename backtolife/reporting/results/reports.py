"""Reports: made with one press, kept as a snapshot, shown again the same."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, new_id
from backtolife.errors import NotFound
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.reporting.dataset.loading import load
from backtolife.reporting.figures.batches import batches_of
from backtolife.reporting.figures.scope import scopes_of
from backtolife.reporting.models import Report
from backtolife.reporting.results.report_page import pack, page_of, sha256

NEWEST = 20


def make(db: Db, *, actor: Actor, wanted: str, now: datetime) -> Report:
    """The report on `wanted`: service:, quarter:2026-Q2 or cohort:ID. Raises NotFound for what has not ended."""
    authorise(actor, "report.make", actor)
    data = load(db, service_id=actor.service_id, now=now)
    scopes = scopes_of(data.service, batches_of(data).counted)
    scope = next((each for each in scopes if f"{each.kind}:{each.subject}" == wanted), None)
    if scope is None:
        raise NotFound("There is nothing to report on that yet. Choose from the list.")
    snapshot = pack({"data": data.as_plain(), "scope": asdict(scope)})
    report = Report(
        id=new_id(),
        service_id=actor.service_id,
        scope=scope.kind,
        subject=scope.subject,
        title=scope.title,
        made_at=now,
        made_by=actor.id,
        snapshot=snapshot,
        snapshot_hash=sha256(snapshot),
        html_hash=sha256(page_of(snapshot).encode()),
    )
    db.add(report)
    audit.record(
        db, actor=actor, action="report_made", subject_type="report", subject_id=report.id, now=now, scope=scope.kind
    )
    return report


def find(db: Db, *, actor: Actor, report_id: str) -> Report:
    """One report of the actor's service. Raises NotFound."""
    report = db.get(Report, report_id)
    if report is None:
        raise NotFound("We could not find that report.")
    authorise(actor, "report.read", report)
    return report


def look(db: Db, *, actor: Actor, report: Report, now: datetime) -> str:
    """The report's page, made again from its snapshot; looking goes on record."""
    audit.record(db, actor=actor, action="report_read", subject_type="report", subject_id=report.id, now=now)
    return page_of(report.snapshot)


def newest(db: Db, *, actor: Actor) -> Sequence[tuple[Report, str]]:
    """The newest reports with who made them."""
    authorise(actor, "report.read", actor)
    wanted = select(Report, Person.full_name).join(Person, col(Person.id) == col(Report.made_by))
    rows = db.exec(
        wanted.where(Report.service_id == actor.service_id).order_by(col(Report.made_at).desc()).limit(NEWEST)
    )
    return [(report, name) for report, name in rows]
