"""Everybody of a group is told that its dates changed: patients, who is booked beside them, and staff, once for each
change.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from backtolife.database.session import Db
from backtolife.people.models import Person, Service
from backtolife.programme.calendars.feeds import address_for_text
from backtolife.programme.calendars.invitations import Sender, invitation
from backtolife.programme.changes.first_session import first_of
from backtolife.programme.changes.models import DatesChange
from backtolife.programme.changes.moving import as_before, meetings_of, read_back
from backtolife.programme.changes.rules import Meeting, when
from backtolife.programme.cohorts.covering import teams_on
from backtolife.programme.cohorts.enrolment import enrolled_in
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.cohorts.rules import MAY_JOIN
from backtolife.programme.cohorts.services import dates_of, staff_of
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.companions.booked import companions_in
from backtolife.programme.companions.coming_again import book_unaware
from backtolife.programme.companions.letters import who_knows
from backtolife.text.dates_in_words import clock_time, short_day

Moved = tuple[Meeting, Meeting]
NOT_HELD = "does not take place"
NEAR = timedelta(hours=16)


def tell_everybody(
    db: Db, *, cohort: Cohort, change: DatesChange, around: Surroundings, sender: Sender, now: datetime
) -> int:
    """Queue the message about a change. Returns how many people are told: nobody of what is over either way.

    Who has only been offered a place is told by `around` where the first session is another one now.
    """
    if not still_to_come(change, now):
        return 0
    dates = dates_of(db, cohort.id)
    meetings = meetings_of(dates, {})
    told = 0
    if first_of(as_before(meetings, change), now) != first_of(meetings, now):
        told += around.tell_offered(db, cohort, change.id, sender.site, now)
    told += book_unaware(db, companions_in(db, cohort.id), around=around, sender=sender, now=now)
    were = {old.number: old.starts_at for old, _ in still_to_come(change, now)}
    changed = changed_of(dates, change, now)
    told += around.tell_guests(db, [(each, were[each.number]) for each in changed], change.id, sender.site, now)
    people = recipients(db, cohort, changed)
    return told + tell_people(db, people, cohort=cohort, change=change, around=around, sender=sender, now=now)


def tell_people(
    db: Db,
    people: Sequence[Person],
    *,
    cohort: Cohort,
    change: DatesChange,
    around: Surroundings,
    sender: Sender,
    now: datetime,
) -> int:
    """Queue the message about a change to these people. Returns how many are told."""
    moved, dates = still_to_come(change, now), changed_of(dates_of(db, cohort.id), change, now)
    links, service = around.addresses(db, dates), db.get_one(Service, cohort.service_id)
    values = values_for(cohort, moved, links.get(dates[0].id, sender.site), sender.site)
    told = 0
    for person in people:
        template = template_to(person, moved)
        key = f"{template}:{change.id}:{person.id}"
        file = invitation(dates, cohort=cohort, service=service, person=person, links=links, sender=sender, now=now)
        told += tell(
            db,
            person=person,
            cohort=cohort,
            template=template,
            key=key,
            values=values,
            now=now,
            calendar=file,
            calendar_link=address_for_text(db, person=person, site=sender.site, now=now),
            at_once=near(moved, now),
        )
    return told


def changed_of(dates: Sequence[SessionDate], change: DatesChange, now: datetime) -> list[SessionDate]:
    """The dates of the sessions of which somebody must know."""
    numbers = {new.number for _, new in still_to_come(change, now)}
    return [each for each in dates if each.number in numbers]


def still_to_come(change: DatesChange, now: datetime) -> list[Moved]:
    """The sessions of a change of which somebody must know: as they were, and as they are."""
    pairs = [
        (read_back(number, change.before[number]), read_back(number, change.after[number])) for number in change.before
    ]
    coming = [(old, new) for old, new in pairs if new.ends_at > now]
    return sorted(coming, key=lambda pair: pair[1].number)


def near(moved: list[Moved], now: datetime) -> bool:
    """Whether somebody would come in vain if they read it in the morning."""
    return min(each.starts_at for pair in moved for each in pair) < now + NEAR


def template_for(moved: list[Moved]) -> str:
    old, new = moved[0]
    if len(moved) > 1:
        return "cohort-dates-moved"
    if new.left_out:
        return "session-left-out"
    return "session-on-again" if old.left_out else "cohort-moved"


TO_COMPANIONS = {
    "cohort-moved": "companion-moved",
    "cohort-dates-moved": "companion-dates-moved",
    "session-left-out": "companion-left-out",
    "session-on-again": "companion-on-again",
}
"""What tells a companion what this one tells a patient."""


def template_to(person: Person, moved: list[Moved]) -> str:
    """Which message tells this person of it."""
    if person.is_staff:
        return "staff-dates-changed"
    return template_for(moved) if person.is_patient else TO_COMPANIONS[template_for(moved)]


def values_for(cohort: Cohort, moved: list[Moved], link: str, site: str) -> dict[str, str]:
    """What fills the gaps. One session's link is where it is joined; of several, where all dates are."""
    (old, new), zone = moved[0], cohort.zone
    about_one = len(moved) == 1 and not new.left_out
    lines = [f"Session {each.number}: {when(each, zone)}" for _, each in moved if not each.left_out]
    changes = [
        f"Session {each.number}: {NOT_HELD if each.left_out else when(each, zone)} (was: {when(was, zone)})"
        for was, each in moved
    ]
    return {
        "old_date": short_day(old.starts_at, zone),
        "date": short_day(new.starts_at, zone),
        "time": clock_time(new.starts_at, zone),
        "dates": "\n".join(lines),
        "changed_dates": "\n".join(changes),
        "link": link if about_one else site,
    }


def recipients(db: Db, cohort: Cohort, dates: Sequence[SessionDate] = ()) -> list[Person]:
    """Who comes to the group's sessions: its patients, who is booked beside them and knows it, its staff, and who
    stands in on these dates.
    """
    patients = [person for enrolment, person in enrolled_in(db, cohort.id) if enrolment.state in MAY_JOIN]
    teams = [person for team in teams_on(db, dates).values() for person in team.values()]
    staff = {each.id: each for each in (*(person for _, person in staff_of(db, cohort.id)), *teams)}
    beside = who_knows(db, companions_in(db, cohort.id))
    return [*patients, *beside, *(each for each in staff.values() if each.active)]
