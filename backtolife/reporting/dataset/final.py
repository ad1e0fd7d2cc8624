"""What counts of a group is what stood on a last day: what comes later changes no figure that was shown."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select as columns
from sqlalchemy import tuple_
from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.outcomes.forms.models import Reopening
from backtolife.outcomes.models import InstrumentResponse
from backtolife.programme.cohorts.models import Enrolment
from backtolife.reporting.dataset.shape import Group

Forms = dict[str, dict[str, Any] | None]
"""What some of an enrolment's forms came to, by milestone and wording with a space between; None does not count."""


@dataclass(frozen=True)
class Finals:
    """The last days of every group."""

    groups: Mapping[str, Group]
    zones: Mapping[str, str]
    known: dict[tuple[str, str], datetime | None] = field(default_factory=dict)
    """When each of them was over, as far as it was asked for."""

    def counts(self, cohort: str, at: datetime, milestone: str = "end") -> bool:
        """Whether it was there on the last day of the milestone, or of the end where that came later."""
        key = cohort, milestone
        if key not in self.known:
            self.known[key] = self.over(cohort, milestone)
        over = self.known[key]
        return over is None or at < over

    def over(self, cohort: str, milestone: str) -> datetime | None:
        """The first moment of the day after; None where the end is never asked."""
        final = self.groups[cohort].final
        last = max(final.get(milestone, ""), final.get("end", ""))
        if not last:
            return None
        after = date.fromisoformat(last) + timedelta(days=1)
        return datetime.combine(after, time(), ZoneInfo(self.zones[cohort])).astimezone(UTC)


class Version(NamedTuple):
    """A form as it was sent once. `until` is when it was opened again; `came_to` is None where it still stands."""

    sent: datetime | None
    until: datetime | None
    came_to: dict[str, Any] | None


def forms_as_counted(db: Db, service_id: str, finals: Finals) -> dict[str, Forms]:
    """By enrolment the forms that do not count as they are now: those written in or sent too late, or changed since.

    Only staff can bring a form in late: they write it in themselves, or open its questions again.
    """
    found: dict[str, Forms] = {}
    before = versions_before(db, service_id)
    for response, cohort, enrolment, milestone, adopted, completed, entered in touched_by_staff(db, service_id):
        now = Version(entered or completed if completed else None, None, None)
        standing = [
            each
            for each in (*before.get(response, ()), now)
            if each.sent is not None
            and finals.counts(cohort, each.sent, milestone)
            and (each.until is None or not finals.counts(cohort, each.until, milestone))
        ]
        if now not in standing:
            forms = found.setdefault(enrolment, {})
            forms[f"{milestone} {adopted}"] = standing[-1].came_to if standing else None
    return found


def touched_by_staff(db: Db, service_id: str) -> Iterable[Any]:
    """The forms that staff wrote in, and those of questions that they opened again."""
    response = InstrumentResponse
    wanted = (
        columns(
            col(response.id),
            col(Enrolment.cohort_id),
            col(response.enrolment_id),
            col(response.milestone_id),
            col(response.adopted_id),
            col(response.completed_at),
            col(response.entered_at),
        )
        .join(Enrolment, col(Enrolment.id) == col(response.enrolment_id))
        .where(col(response.service_id) == service_id)
    )
    questions = columns(col(Reopening.enrolment_id), col(Reopening.milestone_id))
    opened = questions.where(col(Reopening.service_id) == service_id)
    # Two questions to the database: for one with “or” it would go through every form there is.
    both = (
        col(response.entered_at).is_not(None),
        tuple_(col(response.enrolment_id), col(response.milestone_id)).in_(opened),
    )
    return {row[0]: row for one in both for row in db.connection().execute(wanted.where(one))}.values()


def versions_before(db: Db, service_id: str) -> dict[str, list[Version]]:
    """What each form had come to when it was opened again, the oldest first."""
    found: dict[str, list[Version]] = {}
    wanted = select(Reopening).where(Reopening.service_id == service_id, col(Reopening.response_id).is_not(None))
    for row in db.exec(wanted.order_by(col(Reopening.at))):
        known = {scale: value for scale, value in row.scores_before.items() if value is not None}
        came_to = json.loads(row.summary_before) if row.summary_before else known
        found.setdefault(row.response_id or "", []).append(Version(row.sent_before, row.at, came_to))
    return found
