"""Renaming a group, changing its places, closing it to new patients, putting it away."""

from datetime import datetime

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import Actor, authorise
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts import rules
from backtolife.programme.cohorts.enrolment import places_taken
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.cohorts.services import dates_of, free_name, next_date


def edit(db: Db, *, cohort: Cohort, name: str, capacity: int, actor: Actor, now: datetime) -> None:
    """Another name or number of places.

    Raises Invalid for a name or number that cannot be, Conflict for a name that is taken.
    """
    authorise(actor, "cohort.change", cohort)
    one_at_a_time(db, f"cohort:{cohort.id}")
    name = free_name(db, name, service_id=cohort.service_id, but=cohort.id)
    rules.check_capacity(capacity, largest=programme_of(db, cohort).group.patients_max)
    taken = places_taken(db, [cohort.id]).get(cohort.id, 0)
    if capacity < taken:
        raise Invalid(f"{taken} places are taken. Choose {taken} or more, or free a place first.", "capacity")
    if (cohort.name, cohort.capacity) == (name, capacity):
        return
    renamed = cohort.name != name
    cohort.name, cohort.capacity = name, capacity
    trace(db, actor, "cohort_edited", cohort, now, renamed=renamed, capacity=capacity)


def close(db: Db, *, cohort: Cohort, closed: bool, actor: Actor, now: datetime) -> None:
    """Take no new patients from now on, or take them again. Who is in it goes on."""
    authorise(actor, "cohort.change", cohort)
    if closed == (cohort.closed_at is not None):
        return
    cohort.closed_at = now if closed else None
    trace(db, actor, "cohort_closed" if closed else "cohort_opened", cohort, now)


def archive(db: Db, *, cohort: Cohort, archived: bool, actor: Actor, now: datetime) -> None:
    """Put the group away, out of the list, or take it out again. Raises Conflict while sessions are to come."""
    authorise(actor, "cohort.change", cohort)
    if archived == (cohort.archived_at is not None):
        return
    coming = next_date(dates_of(db, cohort.id), now)
    if archived and coming is not None:
        raise Conflict(f"Session {coming.number} is still to come. Put the group away after its last session.")
    cohort.archived_at = now if archived else None
    if archived and cohort.closed_at is None:
        cohort.closed_at = now
    trace(db, actor, "cohort_archived" if archived else "cohort_unarchived", cohort, now)


def trace(db: Db, actor: Actor, action: str, cohort: Cohort, now: datetime, **detail: object) -> None:
    audit.record(db, actor=actor, action=action, subject_type="cohort", subject_id=cohort.id, now=now, **detail)
