"""When each place came to each step, and why somebody left, as far as it was recorded before a group stood still."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.programme.cohorts.models import Enrolment, EnrolmentChange, PlaceMove
from backtolife.programme.cohorts.place_dates import Change, place_dates
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.places.models import EndKind, PlaceEnding
from backtolife.reporting.dataset.final import Finals
from backtolife.sessions.trial.models import TrialRun

NAMES: Mapping[EnrolmentState, str] = {
    EnrolmentState.INVITED: "offered",
    EnrolmentState.ENROLLED: "accepted",
    EnrolmentState.DECLINED: "declined",
    EnrolmentState.STARTED: "started",
    EnrolmentState.COMPLETED: "completed",
    EnrolmentState.WITHDRAWN: "withdrawn",
    EnrolmentState.DIED: "died",
}


def dates_by_place(db: Db, service_id: str, finals: Finals, cohort_of: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The day of each step, by enrolment, on the wall clock of its group. Three statements, however many."""
    wanted = select(EnrolmentChange.enrolment_id, EnrolmentChange.state, EnrolmentChange.at, EnrolmentChange.reason)
    kept: dict[str, list[Change]] = defaultdict(list)
    for place, state, at, reason in db.exec(wanted.where(EnrolmentChange.service_id == service_id)):
        if place in cohort_of and finals.counts(cohort_of[place], at):
            kept[place].append((EnrolmentState(state), at, reason))
    found = {
        place: {
            NAMES[state]: day_in(finals, cohort_of[place], at)
            for state, at in place_dates(changes).items()
            if state in NAMES
        }
        for place, changes in kept.items()
    }
    moves = select(PlaceMove.enrolment_id, PlaceMove.at).where(PlaceMove.service_id == service_id)
    for place, at in db.exec(moves.order_by(col(PlaceMove.at))):
        if place in found and finals.counts(cohort_of[place], at):
            found[place]["moved"] = day_in(finals, cohort_of[place], at)
    for place, at in tried_at(db, service_id):
        if place in found and finals.counts(cohort_of[place], at):
            found[place]["tried"] = day_in(finals, cohort_of[place], at)
    return found


def tried_at(db: Db, service_id: str) -> Iterable[tuple[str, datetime]]:
    """When somebody first tried camera, sound or network after they had each place. What came of it is not asked.

    Who only asked for a call has not tried.
    """
    first = (
        select(Enrolment.id, func.min(TrialRun.at))
        .join(TrialRun, col(TrialRun.person_id) == col(Enrolment.person_id))
        .where(Enrolment.service_id == service_id, col(TrialRun.at) >= col(Enrolment.enrolled_at))
        .where(or_(*(col(each).is_not(None) for each in (TrialRun.camera, TrialRun.sound, TrialRun.network))))
    )
    return db.exec(first.group_by(col(Enrolment.id)))


def day_in(finals: Finals, cohort: str, at: datetime) -> str:
    return in_zone(at, finals.zones[cohort]).date().isoformat()


def reasons_by_place(db: Db, service_id: str, finals: Finals, cohort_of: Mapping[str, str]) -> dict[str, str]:
    """Why whoever left did so, by enrolment. One statement."""
    endings = select(PlaceEnding).where(PlaceEnding.service_id == service_id, PlaceEnding.kind == EndKind.WITHDRAWN)
    found: dict[str, str] = {}
    for each in db.exec(endings.order_by(col(PlaceEnding.at))):
        cohort = cohort_of.get(each.enrolment_id)
        if cohort is None or each.reason is None or not finals.counts(cohort, each.at):
            continue
        if each.taken_back_at is None or not finals.counts(cohort, each.taken_back_at):
            found[each.enrolment_id] = each.reason.value
    return found
