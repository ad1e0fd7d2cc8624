"""How many sessions somebody came to, and a place that follows when their attendance is put right."""

from collections import Counter
from datetime import datetime

from sqlmodel import col, select

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import IN_THE_GROUP
from backtolife.programme.discharge.services import settle
from backtolife.sessions.records import corrections
from backtolife.sessions.records.attendance import attendance_of
from backtolife.sessions.records.models import AttendanceCorrection
from backtolife.sessions.room.models import GroupSession


def came_to(db: Db, cohort: Cohort, now: datetime) -> dict[str, int]:
    """How many sessions each person of a group came to, by the person's id; who came to none is left out."""
    return dict(Counter(each.person_id for each in attendance_of(db, cohort, now=now)))


def put_right(
    db: Db, *, group_session: GroupSession, person_id: str, minutes: int, reason: str, actor: Actor, now: datetime
) -> AttendanceCorrection:
    """Correct attendance as `corrections.correct` does, and let the place follow: started, completed or neither."""
    made = corrections.correct(
        db, group_session=group_session, person_id=person_id, minutes=minutes, reason=reason, actor=actor, now=now
    )
    db.flush()
    held = select(Enrolment).where(
        Enrolment.cohort_id == group_session.cohort_id,
        Enrolment.person_id == person_id,
        col(Enrolment.state).in_(IN_THE_GROUP),
    )
    place = db.exec(held).first()
    if place is not None:
        came = came_to(db, db.get_one(Cohort, group_session.cohort_id), now)
        settle(db, place=place, came=came, actor=actor, now=now)
    return made
