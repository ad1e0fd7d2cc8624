"""Who leads, spots or stands in from now on is told, and who no longer does, with the dates for their calendar."""

from datetime import datetime

from backtolife.clock import in_zone
from backtolife.database.session import Db, new_id
from backtolife.people.models import Person, Service
from backtolife.programme.calendars.invitations import Sender, invitation
from backtolife.programme.cohorts.models import Cohort, SessionDate, StaffPlace
from backtolife.programme.cohorts.surroundings import Surroundings
from backtolife.programme.cohorts.telling import tell
from backtolife.text.dates_in_words import clock_time, day, short_day


def tell_staff(
    db: Db,
    *,
    cohort: Cohort,
    person: Person,
    place: StaffPlace,
    dates: list[SessionDate],
    around: Surroundings,
    sender: Sender,
    now: datetime,
    relieved: bool = False,
) -> bool:
    """Queue the message to who takes a place on these dates, or is `relieved` of it. Returns whether one was queued:
    not without a date.

    Asked at short notice it is urgent: somebody waits for it.
    """
    if not dates:
        return False
    links, service, zone = around.addresses(db, dates), db.get_one(Service, cohort.service_id), cohort.zone
    first, template = dates[0], "staff-relieved" if relieved else "staff-place"
    values = {
        "staff_place": "lead" if place is StaffPlace.LEAD else "spot in",
        "date": short_day(first.starts_at, zone),
        "time": clock_time(first.starts_at, zone),
        "dates": "\n".join(
            f"Session {each.number}: {day(each.starts_at, zone)} {in_zone(each.starts_at, zone).year}, "
            f"{clock_time(each.starts_at, zone)}"
            for each in dates
        ),
        "link": links.get(first.id, sender.site),
    }
    file = invitation(
        dates, cohort=cohort, service=service, person=person, links=links, sender=sender, now=now, gone=relieved
    )
    key = f"{template}:{first.id}:{place}:{person.id}:{new_id()[:8]}"
    return tell(
        db, person=person, cohort=cohort, template=template, key=key, values=values, now=now, urgent=True, calendar=file
    )
