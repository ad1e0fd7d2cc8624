"""Whether anything that the evidence rests on has changed: a few sums, far cheaper than the data."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, true
from sqlmodel import col

from backtolife.content.models import Watching
from backtolife.database.session import Db, Row
from backtolife.outcomes.forms.models import Reopening
from backtolife.outcomes.models import AdoptedInstrument, InstrumentResponse, Score
from backtolife.people.models import Background, Kind, Person, Service
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange, PlaceMove, SessionDate
from backtolife.programme.practice.models import PracticeEntry
from backtolife.reporting.dataset.rows import utc_text
from backtolife.reporting.models import Comparator, FixedMargin
from backtolife.sessions.records.models import AttendanceCorrection
from backtolife.sessions.room.models import AttendanceSpan, GroupSession
from backtolife.sessions.trial.models import TrialRun

Sums = tuple[tuple[type[Row], tuple[Any, ...]], ...]


def sums() -> Sums:
    """For each table what changes when a row is added, and when one that counts is changed."""
    every = func.count()
    return (
        (Enrolment, (every,)),
        (EnrolmentChange, (every, func.max(col(EnrolmentChange.at)))),
        (PlaceMove, (every,)),
        # A try may begin with asking for a call; what it finds then fills the same row.
        (TrialRun, (every, *(func.count(col(each)) for each in (TrialRun.camera, TrialRun.sound, TrialRun.network)))),
        (GroupSession, (func.count(col(GroupSession.started_at)), func.max(col(GroupSession.ended_at)))),
        (
            AttendanceSpan,
            (every, func.count(col(AttendanceSpan.left_at)), func.max(col(AttendanceSpan.left_at))),
        ),
        (AttendanceCorrection, (every, func.max(col(AttendanceCorrection.at)))),
        (
            Watching,
            (
                func.count(col(Watching.finished_at)),
                func.max(col(Watching.finished_at)),
                func.count(col(Watching.read_at)),
            ),
        ),
        # Of an entry of a diary its day, its minutes and whether it stands may change.
        (
            PracticeEntry,
            (
                every,
                func.sum(col(PracticeEntry.edit)),
                func.sum(col(PracticeEntry.minutes)),
                func.count(col(PracticeEntry.taken_out_at)),
            ),
        ),
        # A form that is sent is scored at that moment, and one that is opened again leaves a row that says so. Counted
        # too: of two sent at once, the one with the earlier moment may be kept last.
        (InstrumentResponse, (func.count(col(InstrumentResponse.completed_at)),)),
        (Score, (func.max(col(Score.scored_at)),)),
        (Reopening, (every, func.max(col(Reopening.at)))),
        (SessionDate, (func.aggregate_strings(utc_text(SessionDate.starts_at), ","),)),
        (Background, (every, func.max(col(Background.updated_at)))),
        (AdoptedInstrument, (every,)),
        (FixedMargin, (every, func.max(col(FixedMargin.fixed_at)))),
        (Comparator, (every, func.max(col(Comparator.imported_at)))),
        (Person, (every.filter(col(Person.kind) == Kind.PATIENT),)),
    )


def sums_together(service_id: str) -> Select[Any]:
    """One row with all of them: each table is one way to the database less."""
    first, *rest = [
        select(*(each.label(f"of_{number}") for number, each in enumerate(wanted)))
        .select_from(table)
        .where(col(table.service_id) == service_id)
        .subquery()
        for table, wanted in sums()
    ]
    together = select(*first.c, *(one for each in rest for one in each.c)).select_from(first)
    for each in rest:
        together = together.join(each, true())
    return together


def version_of(db: Db, *, service_id: str, now: datetime) -> str:
    """A fingerprint of the service's data. It also changes with the hour, because groups end as time goes by."""
    db.flush()
    run = db.connection().execute
    found: list[object] = [now.strftime("%Y-%m-%dT%H"), tuple(run(sums_together(service_id)).one())]
    named = select(col(Cohort.id), col(Cohort.name), col(Cohort.first_day)).where(col(Cohort.service_id) == service_id)
    found.append([tuple(row) for row in run(named.order_by(col(Cohort.id)))])
    found.append(tuple(run(select(col(Service.name), col(Service.zone)).where(col(Service.id) == service_id)).one()))
    return hashlib.sha256(repr(found).encode()).hexdigest()
