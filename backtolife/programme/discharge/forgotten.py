"""Groups that ended and whose people nobody discharged: told to staff, and in the end done by the programme's rule.

Figures must not hang on whether somebody remembers to press a button.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from backtolife.audit import Acting
from backtolife.database.session import Db, one_at_a_time
from backtolife.people.access import Actor, may
from backtolife.programme.cohorts.enrolment import change_state
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange, SessionDate
from backtolife.programme.cohorts.rules import TAKEN_BACK, EnrolmentState
from backtolife.programme.discharge.models import PlaceDischarge
from backtolife.programme.discharge.services import TOOK_PART, Came, end_held, over_at

WAITS_FOR_STAFF = timedelta(days=10)
"""So long after the last session the programme's rule is used, well before the results of a group stand still."""
TICK = timedelta(microseconds=1)


def undecided(before: datetime) -> SelectOfScalar[Cohort]:
    """The groups over since `before` with somebody who took part and whom nobody discharged, nor took that back."""
    to_come = select(SessionDate.id).where(
        SessionDate.cohort_id == Cohort.id, SessionDate.ends_at > before, col(SessionDate.left_out_at).is_(None)
    )
    people = select(Enrolment.id).where(
        Enrolment.cohort_id == Cohort.id, col(Enrolment.state).in_(TOOK_PART), ~decided().exists()
    )
    return select(Cohort).where(people.exists(), ~to_come.exists()).order_by(col(Cohort.first_day), col(Cohort.id))


def decided() -> SelectOfScalar[str]:
    """Of a statement about places: the discharges that somebody made, also those that staff took back.

    One that went with the last session somebody came to decides nothing: once their attendance is put right again, the
    end of the programme is as open for them as for everybody.
    """
    with_attendance = select(EnrolmentChange.id).where(
        EnrolmentChange.enrolment_id == PlaceDischarge.enrolment_id,
        EnrolmentChange.state == EnrolmentState.ENROLLED,
        EnrolmentChange.reason == TAKEN_BACK,
        EnrolmentChange.at == PlaceDischarge.taken_back_at,
    )
    return select(PlaceDischarge.id).where(PlaceDischarge.enrolment_id == Enrolment.id, ~with_attendance.exists())


def groups_to_discharge(db: Db, *, actor: Actor, now: datetime) -> list[Cohort]:
    """The groups that have ended and in which the actor should discharge people. One statement."""
    if not may(actor, "place.change", actor):
        return []
    found = db.exec(undecided(now).where(Cohort.service_id == actor.service_id))
    return [each for each in found if may(actor, "place.change", each)]


def forgotten_groups(db: Db, *, service_ids: Collection[str], now: datetime) -> list[str]:
    """The groups for which the programme's rule is due, by id. One statement."""
    wanted = undecided(now - WAITS_FOR_STAFF).where(col(Cohort.service_id).in_(service_ids))
    return [each.id for each in db.exec(wanted)]


def left_to_rule(cohort_ids: Collection[str]) -> tuple[ColumnElement[bool], ...]:
    """What holds of the places of these groups that nobody decided about: of them the rule discharges who came."""
    return (
        col(Enrolment.cohort_id).in_(cohort_ids),
        col(Enrolment.state).in_((EnrolmentState.ENROLLED, *TOOK_PART)),
        ~decided().exists(),
    )


def rule_due_at(dates: Sequence[SessionDate]) -> datetime | None:
    """When the programme's rule is due for a group with these dates; None for one without a session."""
    ends = [each.ends_at for each in dates if each.left_out_at is None]
    return max(ends) + WAITS_FOR_STAFF if ends else None


def by_rule(db: Db, *, cohort: Cohort, came: Came, site: str, actor: Acting, now: datetime) -> int:
    """Discharge everybody of a group whom nobody discharged, as of its last session. Returns how many.

    Somebody who came and was never let in, because a facilitator wrote it down later, has started too. While this
    looks, nobody leaves, moves or is discharged: each is as they stand now.
    """
    one_at_a_time(db, f"cohort:{cohort.id}")
    last, done = over_at(db, cohort), 0
    if last is None:
        return 0
    places = select(Enrolment).where(*left_to_rule([cohort.id]))
    found = db.exec(places.order_by(col(Enrolment.id)), execution_options={"populate_existing": True}).all()
    changed = newest_changes(db, found)
    for place in found:
        at = max(last, changed.get(place.id, place.enrolled_at) + TICK)
        if place.state is EnrolmentState.ENROLLED:
            if not came.get(place.person_id):
                continue
            change_state(db, enrolment=place, to=EnrolmentState.STARTED, actor=actor, now=at)
            at += TICK
        done += end_held(db, cohort, last, place=place, came=came, site=site, actor=actor, at=at, now=now)
    return done


def newest_changes(db: Db, places: Collection[Enrolment]) -> dict[str, datetime]:
    """When each of these places changed last, by place. One statement."""
    wanted = select(EnrolmentChange.enrolment_id, func.max(EnrolmentChange.at))
    theirs = wanted.where(col(EnrolmentChange.enrolment_id).in_([each.id for each in places]))
    return dict(db.exec(theirs.group_by(col(EnrolmentChange.enrolment_id))).all())
