"""What goes into a person's calendar: the sessions of their group, in words that say nothing about health."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from backtolife.people.models import Person, Service
from backtolife.programme.calendars.calendar_file import Entry, Mailbox, Method, calendar_file
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.plan.message_text import HEALTH_WORDS


@dataclass(frozen=True)
class Sender:
    """Who we are to a calendar: the site's address, and the mailbox that our mail comes from."""

    site: str
    mail_from: str

    def mailbox(self, service: Service) -> Mailbox:
        return Mailbox(neutral(service.short_name), parseaddr(self.mail_from)[1])


def neutral(words: str) -> str:
    """The words, or nothing where they name what somebody is treated for."""
    return "" if HEALTH_WORDS.search(words) else words


def entry_of(date: SessionDate, cohort: Cohort, *, link: str, person: Person, gone: bool = False) -> Entry:
    """One session. Staff, who have several groups, read which one it is. `gone`: not for this person any more. Who
    shares an address has entries of their own: what leaves the calendar with one of the two stays for the other.
    So has a companion, who may keep one calendar with their patient, and whose link is a key: it stands in no calendar.

    What takes it out of one person's calendar changes the session for nobody, so it counts no change: its later
    stamp is what tells a calendar that it is the newer word.
    """
    group = neutral(cohort.name) if person.is_staff else ""
    own = f"-{person.id}" if person.shares_address or person.is_guest else ""
    return Entry(
        uid=f"{date.id}{own}@backtolife",
        sequence=date.sequence,
        title=f"Online group, session {date.number}" + (f": {group}" if group else ""),
        starts_at=date.starts_at,
        ends_at=date.ends_at,
        link="" if person.is_guest else link,
        cancelled=gone or date.left_out_at is not None,
        zone=cohort.zone,
    )


def same_for_all(person: Person, dates: Collection[SessionDate]) -> bool:
    """Whether the file about these dates says nothing of its own to this person."""
    return len(dates) != 1 and person.is_patient and not person.shares_address


def invitation(
    dates: Collection[SessionDate],
    *,
    cohort: Cohort,
    service: Service,
    person: Person,
    links: Mapping[str, str],
    sender: Sender,
    now: datetime,
    gone: bool = False,
) -> str:
    """The file that goes with a message about these dates; empty without any.

    `links` says where each date is joined, by its id. One session is an invitation, or its end; several, which no
    invitation may hold, are published. `gone`: they leave the person's calendar.
    """
    entries = [entry_of(each, cohort, link=links.get(each.id, sender.site), person=person, gone=gone) for each in dates]
    if not entries:
        return ""
    method = Method.PUBLISH
    if len(entries) == 1:
        method = Method.CANCEL if entries[0].cancelled else Method.REQUEST
    return calendar_file(
        entries,
        method=method,
        organiser=sender.mailbox(service),
        attendee=None if method is Method.PUBLISH else Mailbox(neutral(person.shown_name), person.mail_to),
        made_at=now,
    ).decode()
