"""How many sessions somebody came to, and a place that follows when their attendance is put right."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy.orm import aliased
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from backtolife.audit import Acting
from backtolife.database.asked_together import ask_together
from backtolife.database.session import Db
from backtolife.people.access import Actor
from backtolife.programme.cohorts.enrolment import hold
from backtolife.programme.cohorts.models import Cohort, Enrolment, PlaceMove, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.discharge.services import settle
from backtolife.programme.places.leaving import left_as, left_before_starting
from backtolife.programme.places.transfer import arrived_at, brought_along, who_was_in
from backtolife.sessions.records import corrections
from backtolife.sessions.records.attendance import attendance_of, came_at_each
from backtolife.sessions.records.closing import GRACE
from backtolife.sessions.records.models import AttendanceCorrection
from backtolife.sessions.room.models import AttendanceSpan, GroupSession, GroupStatus, Seat
from backtolife.sessions.state.rules import SeatRole

LOOKS_BACK = timedelta(days=1)
"""A scheduler that was away for longer leaves it to the end of the group."""


def came_to(db: Db, cohort: Cohort, now: datetime) -> dict[str, int]:
    """How many sessions each person of a group came to, by the person's id; who came to none is left out."""
    return dict(Counter(each.person_id for each in attendance_of(db, cohort, now=now)))


def came_to_each(db: Db, cohort_ids: Collection[str], now: datetime) -> dict[str, Counter[str]]:
    """The same of many groups at once, by group. Five statements, however many there are."""
    brought, held = brought_along(db, cohort_ids), held_in_each(db, cohort_ids)
    sessions = [each for those in held.values() for each in those]
    ask_together(db, lambda: came_at_each(db, sessions, now=now))
    came = came_at_each(db, sessions, now=now)
    found: dict[str, Counter[str]] = {}
    for cohort_id in cohort_ids:
        known = {(person_id, each.number) for each in held.get(cohort_id, ()) for person_id in came[each.id]}
        for person_id, group, moved_at in brought.get(cohort_id, ()):
            for each in held.get(group, ()):
                if person_id in came[each.id] and (each.started_at or moved_at) < moved_at:
                    known.add((person_id, each.number))
        found[cohort_id] = Counter(person_id for person_id, _ in known)
    return found


def held_in_each(db: Db, cohort_ids: Collection[str]) -> dict[str, list[GroupSession]]:
    """The sessions that began in these groups, and in those from which somebody moved here, by group. One statement."""
    before = (
        select(PlaceMove.from_cohort_id)
        .join(Enrolment, col(Enrolment.id) == col(PlaceMove.enrolment_id))
        .where(col(Enrolment.cohort_id).in_(cohort_ids))
    )
    wanted = select(GroupSession).where(
        or_(col(GroupSession.cohort_id).in_(cohort_ids), col(GroupSession.cohort_id).in_(before)),
        col(GroupSession.started_at).is_not(None),
    )
    found: dict[str, list[GroupSession]] = {}
    for each in db.exec(wanted):
        found.setdefault(each.cohort_id, []).append(each)
    return found


def settle_let_in(db: Db, *, actor: Acting, now: datetime) -> int:
    """Whoever was let into a session and never was connected has not started by it, also when they have left since; who
    was connected has. Said in each group of the actor's service as soon as the end can be undone no more. Returns how
    many places are looked at.

    A session in which nobody was connected says something of the media engine, and nothing of its people.
    """
    found = {
        place.id: place for wanted in (never_connected(actor, now), connected(actor, now)) for place in db.exec(wanted)
    }
    for place in sorted(found.values(), key=lambda each: (each.cohort_id, each.id)):
        follow(db, place=place, actor=actor, now=now)
    return len(found)


def never_connected(actor: Acting, now: datetime) -> SelectOfScalar[Enrolment]:
    """The places that say they started, by a session in which only others were connected. Who is in a room now is asked
    about once that is over.
    """
    own, anybody, here, running = aliased(Seat), aliased(Seat), aliased(Seat), aliased(GroupSession)
    others = (
        select(AttendanceSpan.id)
        .join(anybody, col(anybody.id) == col(AttendanceSpan.seat_id))
        .where(anybody.group_session_id == GroupSession.id, anybody.role == SeatRole.PATIENT)
    )
    in_a_room = (
        select(here.id)
        .join(running, col(running.id) == col(here.group_session_id))
        .where(here.person_id == Enrolment.person_id, running.status == GroupStatus.RUNNING)
    )
    return at_sessions_over(own, actor, now).where(
        or_(Enrolment.state == EnrolmentState.STARTED, left_as(EnrolmentState.STARTED).exists()),
        col(GroupSession.ended_at) >= now - LOOKS_BACK,
        ~select(AttendanceSpan.id).where(AttendanceSpan.seat_id == own.id).exists(),
        others.exists(),
        ~in_a_room.exists(),
    )


def connected(actor: Acting, now: datetime) -> SelectOfScalar[Enrolment]:
    """The places that do not say they started, although their person was connected while a session ran and nobody put
    that right: however long ago, as nothing else would ever find them.
    """
    own = aliased(Seat)
    during = select(AttendanceSpan.id).where(
        AttendanceSpan.seat_id == own.id,
        col(AttendanceSpan.joined_at) < col(GroupSession.ended_at),
        or_(col(AttendanceSpan.left_at).is_(None), col(AttendanceSpan.left_at) > col(GroupSession.started_at)),
    )
    corrected = select(AttendanceCorrection.id).where(
        AttendanceCorrection.group_session_id == GroupSession.id,
        AttendanceCorrection.person_id == Enrolment.person_id,
    )
    return at_sessions_over(own, actor, now).where(
        Enrolment.state == EnrolmentState.ENROLLED,
        col(GroupSession.ended_at) > col(Enrolment.enrolled_at),
        during.exists(),
        ~corrected.exists(),
    )


def at_sessions_over(own: type[Seat], actor: Acting, now: datetime) -> SelectOfScalar[Enrolment]:
    """The places with a seat (`own`) in a session of their group whose end can be undone no more: see `closing`."""
    return (
        select(Enrolment)
        .join(own, (col(own.person_id) == Enrolment.person_id) & (col(own.cohort_id) == Enrolment.cohort_id))
        .join(GroupSession, col(GroupSession.id) == col(own.group_session_id))
        .join(SessionDate, col(SessionDate.id) == col(GroupSession.session_date_id))
        .where(
            Enrolment.service_id == actor.service_id,
            GroupSession.status == GroupStatus.ENDED,
            col(GroupSession.ended_at) <= now - GRACE,
            SessionDate.ends_at <= now,
        )
        .distinct()
    )


def follow(db: Db, *, place: Enrolment, actor: Acting, now: datetime) -> None:
    """Let the place say what attendance says. It is held first: nobody's attendance is put right meanwhile."""
    hold(db, place)
    came = came_to(db, db.get_one(Cohort, place.cohort_id), now)
    settle(db, place=place, came=came, actor=actor, now=now)
    if not came.get(place.person_id):
        left_before_starting(db, place=place, actor=actor)


def put_right(
    db: Db, *, group_session: GroupSession, person_id: str, minutes: int, reason: str, actor: Actor, now: datetime
) -> AttendanceCorrection:
    """Correct attendance as `corrections.correct` does, and let the place follow: started, completed or neither."""
    made = corrections.correct(
        db, group_session=group_session, person_id=person_id, minutes=minutes, reason=reason, actor=actor, now=now
    )
    db.flush()
    # Who has moved on brought along what they came to here: their place in the other group follows.
    at = group_session.started_at or now
    theirs = [place for place, person in who_was_in(db, group_session.cohort_id, at) if person.id == person_id]
    since = arrived_at(db, theirs)
    # Of two places the one that was in this group then: another may have come here since.
    theirs.sort(key=lambda each: each.cohort_id == group_session.cohort_id and since[each.id] > at)
    if theirs:
        follow(db, place=theirs[0], actor=actor, now=now)
    return made
