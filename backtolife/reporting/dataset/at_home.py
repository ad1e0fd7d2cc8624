"""What people wrote in their practice diaries while it counted: how often they practised at home, and how long."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy import select as columns
from sqlmodel import col

from backtolife.database.session import Db
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.practice.models import PracticeEntry
from backtolife.reporting.dataset.final import Finals


@dataclass(frozen=True, slots=True)
class AtHome:
    """What one place's diary holds. Minutes are the sum of those that were given; None where none were."""

    times: int
    minutes: int | None


def at_home_by(db: Db, service_id: str, finals: Finals, cohort_of: Mapping[str, str]) -> dict[str, AtHome]:
    """By enrolment, of the days from the group's first on; who wrote nothing is not in it.

    Counts what reached us by the last day on which the group's numbers could change. What somebody takes out or puts
    right afterwards counts as they want it. Only few write on after that day: those are looked at entry by entry.
    """
    found: dict[str, AtHome] = {}
    late = []
    newest = func.max(col(PracticeEntry.arrived_at))
    together = written(func.count(), func.sum(col(PracticeEntry.minutes)), newest).where(
        col(PracticeEntry.service_id) == service_id
    )
    for enrolment, times, minutes, last in db.connection().execute(together.group_by(col(PracticeEntry.enrolment_id))):
        if enrolment not in cohort_of:
            continue
        if finals.counts(cohort_of[enrolment], last):
            found[enrolment] = AtHome(times, minutes)
        else:
            late.append(enrolment)
    if late:
        each = written(col(PracticeEntry.minutes), col(PracticeEntry.arrived_at))
        rows = db.connection().execute(each.where(col(PracticeEntry.enrolment_id).in_(late)))
        found |= in_time(((one, minutes, at) for one, minutes, at in rows), finals, cohort_of)
    return found


def at_home_in(db: Db, cohort_id: str) -> dict[str, AtHome]:
    """The same of one group as it stands now, whenever it reached us."""
    wanted = written(func.count(), func.sum(col(PracticeEntry.minutes))).where(col(Enrolment.cohort_id) == cohort_id)
    rows = db.connection().execute(wanted.group_by(col(PracticeEntry.enrolment_id)))
    return {enrolment: AtHome(times, minutes) for enrolment, times, minutes in rows}


def written(*wanted: Any) -> Select[*tuple[Any, ...]]:
    """A question about the entries that stand, of days on which the group had begun."""
    entry = PracticeEntry
    return (
        columns(col(entry.enrolment_id), *wanted)
        .join(Enrolment, col(Enrolment.id) == col(entry.enrolment_id))
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
        .where(col(entry.taken_out_at).is_(None), col(entry.what) != "", col(entry.day) >= col(Cohort.first_day))
    )


def in_time(
    rows: Iterable[tuple[str, int | None, datetime]], finals: Finals, cohort_of: Mapping[str, str]
) -> dict[str, AtHome]:
    kept: dict[str, list[int | None]] = {}
    for enrolment, minutes, at in rows:
        if finals.counts(cohort_of[enrolment], at):
            kept.setdefault(enrolment, []).append(minutes)
    return {
        enrolment: AtHome(len(each), sum(given) if (given := [one for one in each if one is not None]) else None)
        for enrolment, each in kept.items()
    }
