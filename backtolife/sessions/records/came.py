"""How many sessions somebody came to, and a place that follows when their attendance is put right."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy.orm import aliased
from sqlmodel import col, select

from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.discharge.services import settle
from backtolife.programme.places.transfer import who_was_in
from backtolife.sessions.records import corrections
from backtolife.sessions.records.attendance import attendance_of
from backtolife.sessions.records.closing import GRACE
from backtolife.sessions.records.models import AttendanceCorrection
from backtolife.sessions.room.models import AttendanceSpan, GroupSession, GroupStatus, Seat
from backtolife.sessions.state.rules import SeatRole

LOOKS_BACK = timedelta(days=1)
"""A scheduler that was away for longer leaves it to the end of the group."""


def came_to(db: Db, cohort: Cohort, now: datetime) -> dict[str, int]:
    """How many sessions each person of a group came to, by the person's id; who came to none is left out."""
    return dict(Counter(each.person_id for each in attendance_of(db, cohort, now=now)))


def settle_let_in(db: Db, *, actor: Acting, now: datetime) -> int:
    """Whoever was let into a session and never was connected has not started by it: said in each group of the actor's
    service as soon as the end can be undone no more. Returns how many places are looked at.

    A session in which nobody was connected says something of the media engine, and nothing of its people.
    """
    own, anybody = aliased(Seat), aliased(Seat)
    connected = select(AttendanceSpan.id).where(AttendanceSpan.seat_id == own.id)
    others = (
        select(AttendanceSpan.id)
        .join(anybody, col(anybody.id) == col(AttendanceSpan.seat_id))
        .where(anybody.group_session_id == GroupSession.id, anybody.role == SeatRole.PATIENT)
    )
    wanted = (
        select(Enrolment)
        .join(own, (col(own.person_id) == Enrolment.person_id) & (col(own.cohort_id) == Enrolment.cohort_id))
        .join(GroupSession, col(GroupSession.id) == col(own.group_session_id))
        .where(
            Enrolment.service_id == actor.service_id,
            Enrolment.state == EnrolmentState.STARTED,
            GroupSession.status == GroupStatus.ENDED,
            col(GroupSession.ended_at).between(now - LOOKS_BACK, now - GRACE),
            ~connected.exists(),
            others.exists(),
        )
    )
    places = db.exec(wanted.order_by(col(Enrolment.cohort_id), col(Enrolment.id)).distinct()).all()
    for place in places:
        settle(db, place=place, came=came_to(db, db.get_one(Cohort, place.cohort_id), now), actor=actor, now=now)
    return len(places)


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
