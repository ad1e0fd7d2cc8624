"""Who may not be in a session any more, and could still hear it: they are put out of sound and picture too.

A page is not asked for: sound and picture have a connection of their own, which may outlive the page.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog
from sqlalchemy import Engine, and_, func, or_
from sqlmodel import Session, col, select

from backtolife.database.session import Db, reading
from backtolife.people.models import Kind, Person, Role, SignedIn
from backtolife.people.roles import holding
from backtolife.programme.cohorts.models import CohortStaff, Enrolment, SessionCover
from backtolife.programme.cohorts.rules import IN_THE_GROUP
from backtolife.programme.consent.asking import said_no
from backtolife.sessions.broadcast.hub import GONE, Live
from backtolife.sessions.room.media_client import MediaAway
from backtolife.sessions.room.models import GroupSession, GroupStatus, Seat
from backtolife.sessions.state import breakout_rules

log = structlog.get_logger(__name__)
LONGEST = timedelta(days=1)
"""Seats taken longer ago are in no session that still goes on."""


class Unwelcome(NamedTuple):
    """A seat whose person may not be there. `signed_in_at` is when they last signed in: a later one is a new case."""

    group_session_id: str
    seat_id: str
    signed_in_at: datetime | None


def seats(db: Db, now: datetime) -> list[Unwelcome]:
    """In all sessions that go on, by one statement: whose account is closed, who is signed out everywhere, who left
    the group, whose invitation was taken back, who took back a yes that the room needs. A companion is there for their
    patient: they go when the patient may not be there.

    A sign-in that ran out since they came is no end: nobody is cut off in the middle of a group.
    """
    own = SignedIn.person_id == Person.id
    patient = func.coalesce(col(Person.beside_id), col(Person.id))
    signed_in = select(SignedIn.id).where(
        own, col(SignedIn.ended_at).is_(None), col(SignedIn.expires_at) > col(Seat.lobby_at)
    )
    enrolled = select(Enrolment.id).where(
        col(Enrolment.person_id) == patient,
        Enrolment.cohort_id == GroupSession.cohort_id,
        col(Enrolment.state).in_(IN_THE_GROUP),
    )
    staff = select(CohortStaff.id).where(
        CohortStaff.person_id == Person.id, CohortStaff.cohort_id == GroupSession.cohort_id
    )
    cover = select(SessionCover.id).where(
        SessionCover.person_id == Person.id, SessionCover.session_date_id == GroupSession.session_date_id
    )
    in_group = enrolled.correlate(Person, GroupSession).exists()
    invited = col(Person.invited_to) == col(GroupSession.id)
    belongs = or_(
        and_(col(Person.kind) == Kind.PATIENT, in_group),
        and_(col(Person.kind) == Kind.STAFF, holding(Role.FACILITATOR), staff.correlate(Person, GroupSession).exists()),
        and_(col(Person.kind) == Kind.STAFF, holding(Role.FACILITATOR), cover.correlate(Person, GroupSession).exists()),
        and_(col(Person.kind) == Kind.OBSERVER, invited),
        and_(col(Person.kind) == Kind.COMPANION, invited, in_group),
    )
    newest = select(func.max(SignedIn.started_at)).where(own).correlate(Person).scalar_subquery()
    found = (
        select(Seat.group_session_id, Seat.id, newest)
        .join(GroupSession, col(GroupSession.id) == col(Seat.group_session_id))
        .join(Person, col(Person.id) == col(Seat.person_id))
        .where(
            col(GroupSession.status).in_((GroupStatus.OPEN, GroupStatus.RUNNING)),
            col(Seat.status).not_in(GONE),
            col(Seat.lobby_at) > now - LONGEST,
            or_(
                col(Person.active).is_(False),
                ~signed_in.correlate(Person, Seat).exists(),
                ~belongs,
                said_no(patient),
            ),
        )
    )
    return [Unwelcome(*row) for row in db.exec(found)]


def put_out(here: Live, engine: Engine, now: datetime) -> None:
    """Out of sound and picture with whoever may not be there any more: once for each time they had signed in."""
    with Session(reading(engine)) as db:
        found = {one.seat_id: one for one in seats(db, now)}
    here.put_out = {seat: when for seat, when in here.put_out.items() if seat in found}
    for one in found.values():
        if one.seat_id not in here.put_out or here.put_out[one.seat_id] != one.signed_in_at:
            here.to_put_out.setdefault(one.group_session_id, set()).add(one.seat_id)
    for group_session_id in list(here.to_put_out):
        done = cut_off(here, group_session_id)
        here.put_out |= {seat: found[seat].signed_in_at for seat in done if seat in found}


def cut_off(here: Live, group_session_id: str, seat_ids: Iterable[str] = ()) -> set[str]:
    """End sound and picture of these seats, and of those that are still owed, wherever in the session they are.

    Returns whom the engine has cut off: nobody while it cannot be reached, and then they stay owed.
    """
    wanted = here.to_put_out.pop(group_session_id, set()) | set(seat_ids)
    try:
        with here.connections.media_at_a_time(group_session_id):
            for where in (group_session_id, *breakout_rules.every_room(group_session_id)):
                here.engine.remove(where, wanted)
    except MediaAway:
        log.warning("media_away")
        here.to_put_out.setdefault(group_session_id, set()).update(wanted)
        return set()
    return wanted
