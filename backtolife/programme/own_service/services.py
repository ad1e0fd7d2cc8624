"""Changing what a service says of itself: who may change what, kept version by version."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from backtolife import audit
from backtolife.clock import known_zone, years_later
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Conflict, Invalid, NotPermitted
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import Person, Service
from backtolife.people.names import clean_name, isolated
from backtolife.people.numbers import phone_kept
from backtolife.programme.cohorts.models import Cohort, SessionDate
from backtolife.programme.own_service.models import ServiceChange
from backtolife.programme.own_service.rules import check_years, colour_kept
from backtolife.text.countries import countries

CHANGED_MEANWHILE = "Somebody changed this page while you had it open. It is shown as it is now."
NEEDED = {"name": "Enter the name of the service", "short_name": "Enter a short name, as text messages show it"}
WORDS = {
    "name": "Name",
    "short_name": "Short name",
    "phone": "Phone number",
    "zone": "Time zone",
    "country": "Country",
    "colour": "Colour",
    "keep_years": "Years that records are kept",
    "course_first": "Course signed before somebody leads",
}
CLINICAL = frozenset({"phone", "country", "keep_years", "course_first"})
"""What a clinical lead may change too: how people reach the team, by which days off its deadlines count, how long a
record stays, and what is asked of who leads.
"""


@dataclass(frozen=True)
class About:
    """What a service says of itself, as somebody types it."""

    name: str
    short_name: str
    phone: str
    zone: str
    country: str
    colour: str
    keep_years: int
    course_first: bool = False

    def kept(self) -> "About":
        """The same as we keep it. Raises Invalid, naming the field, for what cannot be kept."""
        if self.country and self.country not in countries():
            raise Invalid("Choose a country from the list.", "country")
        if not self.phone.strip():
            raise Invalid("Enter the number on which people reach you", "phone")
        return About(
            name=clean_name(self.name, field="name", empty=NEEDED["name"]),
            short_name=clean_name(self.short_name, field="short_name", empty=NEEDED["short_name"]),
            phone=phone_kept(self.phone),
            zone=known_zone(self.zone).key,
            country=self.country,
            colour=colour_kept(self.colour),
            keep_years=check_years(self.keep_years),
            course_first=self.course_first,
        )


@dataclass(frozen=True)
class Version:
    """One change of the page, with who made it: each field with what it said before and after."""

    row: ServiceChange
    by: str
    fields: Sequence[tuple[str, str, str]]


def about(service: Service) -> About:
    """What the service says of itself now."""
    return About(**{each.name: getattr(service, each.name) for each in fields(About)})


def may_change(actor: Actor, service: Service) -> frozenset[str]:
    """The fields of the page that the actor may change."""
    if may(actor, "service.change", service):
        return frozenset(WORDS)
    return CLINICAL if may(actor, "service.change_clinical", service) else frozenset()


def change(db: Db, *, service: Service, wanted: About, seen: int, actor: Actor, now: datetime) -> list[str]:
    """Keep what somebody changed. Returns the names of the fields that are different now.

    `seen` is the version that their page showed. Raises Invalid for what cannot be kept, Conflict where somebody else
    was faster, NotPermitted for a field that is not theirs.
    """
    authorise(actor, "service.read", service)
    one_at_a_time(db, f"service:{service.id}")
    db.refresh(service)
    if service.version != seen:
        raise Conflict(CHANGED_MEANWHILE)
    was, new = about(service), wanted.kept()
    changed = [name for name in WORDS if getattr(was, name) != getattr(new, name)]
    if not changed:
        return []
    if not set(changed) <= may_change(actor, service):
        raise NotPermitted("An administrator changes this. Ask them, or change what is open to you.")
    for name in changed:
        setattr(service, name, getattr(new, name))
    service.version += 1
    made = ServiceChange(
        service_id=service.id,
        version=service.version,
        at=now,
        by=actor.id,
        before={name: said(getattr(was, name)) for name in changed},
        after={name: said(getattr(new, name)) for name in changed},
    )
    db.add(made)
    audit.record(
        db,
        actor=actor,
        action="service_changed",
        subject_type="service",
        subject_id=service.id,
        now=now,
        fields=" ".join(changed),
        version=service.version,
    )
    db.flush()
    return changed


def said(value: str | int) -> str:
    """A value as the list of changes shows it."""
    return ("Yes" if value else "No") if isinstance(value, bool) else str(value)


def versions(db: Db, service: Service) -> list[Version]:
    """Every change of the page, the newest first. One statement."""
    wanted = select(ServiceChange, Person).join(Person, col(Person.id) == col(ServiceChange.by))
    rows = db.exec(wanted.where(ServiceChange.service_id == service.id).order_by(col(ServiceChange.version).desc()))
    return [
        Version(row, isolated(by.full_name), [(WORDS[each], row.before[each], row.after[each]) for each in row.after])
        for row, by in rows
    ]


def groups_to_forget(db: Db, service: Service, now: datetime) -> int:
    """How many groups ended so long ago that their records need not be kept any more. One statement."""
    last = select(func.max(col(SessionDate.ends_at))).where(SessionDate.cohort_id == Cohort.id).scalar_subquery()
    before = years_later(now, -service.keep_years)
    wanted = select(func.count()).select_from(Cohort).where(col(Cohort.service_id) == service.id, last < before)
    return db.exec(wanted).one()
