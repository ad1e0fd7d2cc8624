"""How many sessions somebody came to, and a place that follows when their attendance is put right."""

from collections import Counter
from datetime import datetime

from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.discharge.services import settle
from backtolife.programme.places.transfer import who_was_in
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
    # Who has moved on brought along what they came to here: their place in the other group follows.
    was_in = who_was_in(db, group_session.cohort_id, group_session.started_at or now)
    place = next((place for place, person in was_in if person.id == person_id), None)
    if place is not None:
        came = came_to(db, db.get_one(Cohort, place.cohort_id), now)
        settle(db, place=place, came=came, actor=actor, now=now)
    return made
