"""Putting attendance right by hand: who joined by phone, who used another's screen. Nothing measured is lost."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotFound
from backtolife.people.access import Actor, authorise
from backtolife.programme.places.transfer import who_was_in
from backtolife.sessions.records.models import AttendanceCorrection
from backtolife.sessions.room.models import GroupSession

MOST_MINUTES = 240


def newest_by_person(db: Db, group_session: GroupSession) -> dict[str, AttendanceCorrection]:
    """The correction that counts for each person who has one."""
    return newest_of_each(db, [group_session.id]).get(group_session.id, {})


def newest_of_each(db: Db, group_session_ids: Collection[str]) -> dict[str, dict[str, AttendanceCorrection]]:
    """The same of many sessions, by session. One statement."""
    found: dict[str, dict[str, AttendanceCorrection]] = {}
    rows = select(AttendanceCorrection).where(col(AttendanceCorrection.group_session_id).in_(group_session_ids))
    for each in db.exec(rows.order_by(col(AttendanceCorrection.version))):
        found.setdefault(each.group_session_id, {})[each.person_id] = each
    return found


def correct(
    db: Db, *, group_session: GroupSession, person_id: str, minutes: int, reason: str, actor: Actor, now: datetime
) -> AttendanceCorrection:
    """Say how many minutes (0 to 240) a patient of the group was there, and why. From now on this is what counts, also
    in the group that they have moved to since.

    Raises NotFound for somebody who was not in the group, Conflict before the session has started, Invalid otherwise.
    """
    authorise(actor, "attendance.correct", group_session)
    if group_session.started_at is None:
        raise Conflict("The session has not started yet, so there is nothing to correct.")
    if person_id not in {person.id for _, person in who_was_in(db, group_session.cohort_id, group_session.started_at)}:
        raise NotFound("This person is not in the group.")
    if not 0 <= minutes <= MOST_MINUTES:
        raise Invalid(f"Enter the minutes as a whole number from 0 to {MOST_MINUTES}", "minutes")
    if not reason.strip():
        raise Invalid("Say why you are correcting this", "reason")
    one_at_a_time(db, f"attendance:{group_session.id}")
    earlier = newest_by_person(db, group_session).get(person_id)
    correction = AttendanceCorrection(
        service_id=group_session.service_id,
        group_session_id=group_session.id,
        person_id=person_id,
        version=earlier.version + 1 if earlier else 1,
        minutes=minutes,
        reason=reason.strip()[:300],
        by=actor.id,
        at=now,
    )
    db.add(correction)
    audit.record(
        db,
        actor=actor,
        action="attendance_corrected",
        subject_type="group_session",
        subject_id=group_session.id,
        now=now,
        person=person_id,
        minutes=minutes,
    )
    return correction
