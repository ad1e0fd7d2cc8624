"""A service gets another time zone while groups meet: they stay as they are, or keep the hour on the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict
from backtolife.people.access import Actor
from backtolife.people.models import Service
from backtolife.people.names import isolated
from backtolife.programme.calendars.invitations import Sender
from backtolife.programme.changes import moving, news, rules
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.cohorts.timetable.elsewhere import one_timetable_at_a_time

STAY, FOLLOW = "stay", "follow"


@dataclass(frozen=True)
class Ahead:
    """A group with sessions to come in the zone that the service had, and its next session."""

    cohort: Cohort
    coming: SessionDate
    sessions: int


def groups_ahead(db: Db, service: Service, zone: str, now: datetime) -> list[Ahead]:
    """The groups by the clock of `zone` that still meet, the next to meet first. One statement."""
    wanted = (
        select(Cohort, SessionDate)
        .join(SessionDate, col(SessionDate.cohort_id) == col(Cohort.id))
        .where(
            Cohort.service_id == service.id,
            Cohort.zone == zone,
            SessionDate.starts_at > now,
            col(SessionDate.left_out_at).is_(None),
        )
    )
    found: dict[str, list[tuple[Cohort, SessionDate]]] = {}
    for cohort, date in db.exec(wanted.order_by(col(SessionDate.starts_at))):
        found.setdefault(cohort.id, []).append((cohort, date))
    return [Ahead(rows[0][0], rows[0][1], len(rows)) for rows in found.values()]


def follow(
    db: Db, *, ahead: Sequence[Ahead], zone: str, actor: Actor, around: Surroundings, sender: Sender, now: datetime
) -> int:
    """Let these groups meet at the same hour by the clock of the new zone, and tell their people. Returns how many are
    told. Raises Conflict where a session would be in the past.
    """
    told = 0
    one_timetable_at_a_time(db, actor.service_id)
    for each in sorted(ahead, key=lambda one: one.cohort.id):
        cohort = each.cohort
        one_at_a_time(db, f"cohort:{cohort.id}")
        db.refresh(cohort)
        before = moving.meetings_of(dates_of(db, cohort.id), around.held(db, cohort.id))
        after = tuple(on_new_clock(meeting, cohort.zone, zone, now) for meeting in before)
        past = next((new for old, new in rules.changes(before, after) if new.starts_at <= now), None)
        if past is not None:
            raise Conflict(
                f"Session {past.number} of {isolated(cohort.name)} would be in the past by the new clock. Change the "
                "time zone after it."
            )
        cohort.zone = zone
        proposal = moving.Proposal(rules.changes(before, after), (), (), cohort.version)
        change = moving.keep(
            db, cohort=cohort, kind=ChangeKind.MOVED_ALL, proposal=proposal, actor=actor, around=around, now=now
        )
        db.flush()
        told += news.tell_everybody(db, cohort=cohort, change=change, around=around, sender=sender, now=now)
    return told


def on_new_clock(meeting: rules.Meeting, old: str, new: str, now: datetime) -> rules.Meeting:
    """The meeting at the same date and hour by the other clock; what has begun or is past stays what it was."""
    if meeting.held or meeting.starts_at <= now:
        return meeting
    local = in_zone(meeting.starts_at, old)
    return rules.at_clock(meeting, local.date(), local.time().replace(fold=0, tzinfo=None), new)
