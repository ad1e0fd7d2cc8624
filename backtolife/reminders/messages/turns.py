"""Which groups a page of what goes out next is about: some at once, those that meet next first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backtolife.database.session import Db
from backtolife.people.access import Actor, may_everywhere
from backtolife.programme.adopted.services import passed_over, programme_of
from backtolife.programme.cohorts.models import Cohort
from backtolife.programme.discharge.forgotten import forgotten_groups
from backtolife.reminders.letters.busy import Held, busy, calendar_of
from backtolife.reminders.letters.loading import is_near

A_PAGE = 6


@dataclass(frozen=True)
class Turn:
    """The groups of one page, of `pages`, and how many there are on all."""

    near: list[Cohort]
    """Those that may be written to by their dates."""
    ends: list[Cohort]
    """Those that are over, and in which the programme's rule discharges people."""
    soon: list[str]
    """The sessions of those near by about which a message may go, by the ids of their dates."""
    page: int
    pages: int
    groups: int


def turn_of(db: Db, *, actor: Actor, page: int, now: datetime, by: datetime) -> Turn:
    """The groups with something due until `by` that the actor may see, `A_PAGE` at once; a page that is not there is
    the last one.
    """
    here = [actor.service_id]
    calendar = calendar_of(db, here, now)
    near = set(busy(db, service_ids=here, now=now, by=by, calendar=calendar))
    ends = set(forgotten_groups(db, service_ids=here, now=by))
    everywhere, seen = may_everywhere(actor, "message.read"), []
    for cohort in calendar.cohorts:
        if cohort.id in near | ends and (everywhere or cohort.id in actor.cohort_ids):
            with passed_over(cohort_id=cohort.id):
                programme_of(db, cohort)
                seen.append(cohort)
    seen.sort(key=lambda each: (meets_next(calendar.held[each.id], now) or by, each.name, each.id))
    pages = max(1, -(-len(seen) // A_PAGE))
    page = min(page, pages)
    those = seen[(page - 1) * A_PAGE : page * A_PAGE]
    by_date = [each for each in those if each.id in near]
    return Turn(
        near=by_date,
        soon=[held.id for each in by_date for held in calendar.held[each.id] if is_near(held, now, by)],
        ends=[each for each in those if each.id in ends],
        page=page,
        pages=pages,
        groups=len(seen),
    )


def meets_next(dates: Sequence[Held], now: datetime) -> datetime | None:
    on = (each for each in dates if each.left_out_at is None and not each.ended)
    return min((each.starts_at for each in on if each.ends_at > now), default=None)
