"""Changing a group's dates: what it would look like, what stands against it, keeping it, undoing it."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.clock import in_zone
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Clashes, Conflict
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import Person, Service
from backtolife.people.names import isolated
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.changes import clashes, rules
from backtolife.programme.changes.models import ChangeKind, DatesChange
from backtolife.programme.changes.rules import Meeting, Meetings
from backtolife.programme.changes.wishes import Wish, wished
from backtolife.programme.cohorts.covering import teams_on
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.cohorts.timetable import elsewhere

DAY = timedelta(days=1)
CHANGED_MEANWHILE = "Somebody else changed the dates of this group since you opened the page. See what they are now."


@dataclass(frozen=True)
class Proposal:
    """What a wish would do. `agreed` names exactly this: a yes to anything else does not count."""

    changes: Sequence[tuple[Meeting, Meeting]]
    refusals: Sequence[str]
    doubts: Sequence[str]
    version: int

    @property
    def agreed(self) -> str:
        said = repr((self.version, self.doubts, [new for _, new in self.changes]))
        return hashlib.sha256(said.encode()).hexdigest()[:32]


def meetings_of(dates: Sequence[SessionDate], held: Mapping[int, bool]) -> Meetings:
    """The group's dates as the rules know them. `held` names the sessions that have begun."""
    return tuple(
        Meeting(each.number, each.starts_at, each.ends_at, each.left_out_at is not None, each.number in held)
        for each in dates
    )


def propose(db: Db, *, cohort: Cohort, wish: Wish, actor: Actor, around: Surroundings, now: datetime) -> Proposal:
    """What the wish would change, and what stands against it; nothing is written. Raises Invalid."""
    authorise(actor, "cohort.change", cohort)
    before = meetings_of(dates_of(db, cohort.id), around.held(db, cohort.id))
    if wish.kind is ChangeKind.UNDONE:
        after = as_before(before, newest_of(db, cohort))
    else:
        offsets = programme_of(db, cohort).schedule(cohort.schedule).day_offsets
        after = wished(before, wish, day_offsets=offsets, zone=cohort.zone)
    return judged(db, cohort=cohort, before=before, after=after, actor=actor, around=around, now=now)


def judged(
    db: Db, *, cohort: Cohort, before: Meetings, after: Meetings, actor: Actor, around: Surroundings, now: datetime
) -> Proposal:
    changed, held = rules.changes(before, after), around.held(db, cohort.id)
    moments = [each.starts_at for _, each in changed] or [now]
    others = elsewhere.elsewhere(
        db,
        people=clashes.people_of(db, cohort, actor=actor),
        but=cohort.id,
        first=min(moments) - DAY,
        last=max(moments) + DAY,
    )
    running = {number for number, on in held.items() if on}
    days = {in_zone(each, cohort.zone).date() for each in moments}
    return Proposal(
        changed,
        rules.refusals(before, after, running=running, elsewhere=others, zone=cohort.zone, now=now),
        rules.doubts(
            before,
            after,
            off=around.days_off(db, db.get_one(Service, cohort.service_id), days),
            away=away_of(db, cohort, [each for _, each in changed], around),
            waiting=waiting_at(db, cohort, actor, around),
            closing=around.closing(db, cohort, starts_of(before), starts_of(after), now),
            zone=cohort.zone,
            now=now,
        ),
        cohort.version,
    )


def dates_changed(db: Db, cohort: Cohort, proposal: Proposal) -> list[SessionDate]:
    """The sessions that would be on another date, or would not take place."""
    numbers = {each.number for _, each in proposal.changes}
    return [each for each in dates_of(db, cohort.id) if each.number in numbers]


def away_of(db: Db, cohort: Cohort, moved: Collection[Meeting], around: Surroundings) -> dict[date, list[str]]:
    """The names of who leads or spots one of these sessions and is on leave on its day: of whoever stands in, if so."""
    numbers = {each.number for each in moved}
    teams = teams_on(db, [each for each in dates_of(db, cohort.id) if each.number in numbers])
    by_number = {each.number: teams[each.id] for each in dates_of(db, cohort.id) if each.id in teams}
    names = {person.id: isolated(person.full_name) for team in teams.values() for person in team.values()}
    days = {each.number: in_zone(each.starts_at, cohort.zone).date() for each in moved}
    away = around.away(db, names, set(days.values()))
    found: dict[date, list[str]] = {}
    for number, day in days.items():
        there = [person.id for person in by_number[number].values()]
        found[day] = [*found.get(day, []), *(names[who] for who in there if who in away.get(day, ()))]
    return {day: list(dict.fromkeys(people)) for day, people in found.items() if people}


def waiting_at(db: Db, cohort: Cohort, actor: Actor, around: Surroundings) -> dict[int, list[str]]:
    """Who waits at the door of which session: by name for who may read it, else how many."""
    shown = may(actor, "patient.read", cohort)
    return {
        number: [isolated(each) for each in names] if shown else [in_all(len(names))]
        for number, names in around.waiting(db, cohort.id).items()
    }


def in_all(people: int) -> str:
    return "Somebody" if people == 1 else f"A group of {people} people"


def starts_of(meetings: Meetings) -> dict[int, datetime]:
    return {each.number: each.starts_at for each in meetings}


def change_dates(
    db: Db, *, cohort: Cohort, wish: Wish, agreed: str, actor: Actor, around: Surroundings, now: datetime
) -> DatesChange | None:
    """Keep the dates that the wish leads to, when `agreed` is what somebody said yes to; else None, to be asked.

    Raises Conflict where the dates cannot be, or were changed by somebody else since `agreed` was asked.
    """
    elsewhere.one_timetable_at_a_time(db, cohort.service_id)
    one_at_a_time(db, f"cohort:{cohort.id}")
    db.refresh(cohort)
    proposal = propose(db, cohort=cohort, wish=wish, actor=actor, around=around, now=now)
    if proposal.refusals:
        raise Clashes(proposal.refusals)
    if agreed != proposal.agreed:
        return None
    return keep(db, cohort=cohort, kind=wish.kind, proposal=proposal, actor=actor, around=around, now=now)


def keep(
    db: Db,
    *,
    cohort: Cohort,
    kind: ChangeKind,
    proposal: Proposal,
    actor: Actor,
    around: Surroundings,
    now: datetime,
) -> DatesChange:
    """Keep these dates, and let what hangs on a date that is another one now follow."""
    dates = {each.number: each for each in dates_of(db, cohort.id)}
    for old, new in proposal.changes:
        date_row = dates[new.number]
        date_row.starts_at, date_row.ends_at = new.starts_at, new.ends_at
        date_row.sequence += 1
        if old.left_out != new.left_out:
            date_row.left_out_at = now if new.left_out else None
        if old.starts_at != new.starts_at:
            around.moved(db, date_row, now)
    cohort.version += 1
    cohort.first_day = in_zone(dates[1].starts_at, cohort.zone).date()
    change = DatesChange(
        service_id=cohort.service_id,
        cohort_id=cohort.id,
        version=cohort.version,
        kind=kind,
        at=now,
        by=actor.id,
        before={str(old.number): as_words(old) for old, _ in proposal.changes},
        after={str(new.number): as_words(new) for _, new in proposal.changes},
    )
    db.add(change)
    audit.record(
        db,
        actor=actor,
        action=f"dates_{kind}",
        subject_type="cohort",
        subject_id=cohort.id,
        now=now,
        sessions=[new.number for _, new in proposal.changes],
        version=cohort.version,
    )
    return change


def as_words(meeting: Meeting) -> list[str]:
    return [meeting.starts_at.isoformat(), meeting.ends_at.isoformat(), "out" if meeting.left_out else ""]


def read_back(number: str, words: Sequence[str]) -> Meeting:
    starts, ends, out = words
    return Meeting(int(number), datetime.fromisoformat(starts), datetime.fromisoformat(ends), out == "out")


def as_before(meetings: Meetings, change: DatesChange) -> Meetings:
    """The dates as they were before a change."""
    was = {int(number): read_back(number, words) for number, words in change.before.items()}
    return tuple(replace(was[each.number], held=each.held) if each.number in was else each for each in meetings)


def newest_of(db: Db, cohort: Cohort) -> DatesChange:
    """The newest change of the group's dates. Raises Conflict where nothing was changed."""
    found = next(iter(history(db, cohort.id)), None)
    if found is None:
        raise Conflict("Nothing was changed of these dates yet, so that there is nothing to undo.")
    return found


def history(db: Db, cohort_id: str) -> list[DatesChange]:
    """What was changed of the group's dates, the newest first."""
    wanted = select(DatesChange).where(DatesChange.cohort_id == cohort_id)
    return list(db.exec(wanted.order_by(col(DatesChange.version).desc())))


def who_changed(db: Db, changes: Sequence[DatesChange]) -> dict[str, str]:
    """The names of who made these changes, by id."""
    wanted = select(Person.id, Person.full_name).where(col(Person.id).in_({each.by for each in changes}))
    return {person_id: isolated(name) for person_id, name in db.exec(wanted)}
