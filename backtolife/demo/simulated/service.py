"""A whole made-up service with a past: groups that have ended, people who stayed or left, what they answered."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.config import Settings
from backtolife.content.models import VideoPackage
from backtolife.content.services import adopt_scripts
from backtolife.database.session import Db
from backtolife.demo.consents import publish_all
from backtolife.demo.simulated.lives import lives
from backtolife.demo.simulated.rows import Rows, tell_clinicians
from backtolife.errors import Conflict
from backtolife.outcomes.asking.schedule import asks_of
from backtolife.outcomes.catalogue.shipped import load_instrument
from backtolife.outcomes.forms.adoption import adopt
from backtolife.outcomes.models import AdoptedInstrument
from backtolife.people import services as people
from backtolife.people.access import Actor, System
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import acting_as
from backtolife.programme.cohorts import services as cohorts
from backtolife.programme.cohorts.models import Cohort, StaffPlace
from backtolife.programme.consent.texts import texts_of
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.room.services import schedule

ZONE = "Europe/London"
FITS_NONE = "!"
"""Kept for a password by staff who are made up: they count as at work, and no password signs in as one of them."""
OFFICIAL = {
    "rmdq-24": "Roland-Morris Disability Questionnaire",
    "phq-9": "Patient Health Questionnaire 9",
    "phq-8": "Patient Health Questionnaire 8",
    "gad-7": "Generalised Anxiety Disorder 7",
}
"""These stand for official forms that a service has imported; everything else is asked in our own words."""
STAFF = (
    ("lead", Role.SERVICE_LEAD, "Jo Bell"),
    ("clinical", Role.CLINICAL_LEAD, "Grace Adeyemi"),
    ("duty", Role.DUTY_CLINICIAN, "Dan Okoro"),
    ("facilitator", Role.FACILITATOR, "Priya Nair"),
    ("spotter", Role.FACILITATOR, "Tom Ellis"),
    ("admin", Role.ADMINISTRATOR, "Sam Reid"),
)


@dataclass(frozen=True)
class Size:
    """How large a made-up service is. `apart` is days from one group's start to the next, `since` from the last's."""

    groups: int = 6
    patients: int = 70
    waiting: int = 14
    apart: int = 45
    since: int = 200
    seed: int = 20261


def refuse_in_production(settings: Settings) -> None:
    """Raises Conflict where real people are."""
    if settings.production:
        raise Conflict("This is a production system. Made-up people belong on another one.")


def long_before(size: Size, now: datetime) -> datetime:
    """Before anything that happened in these groups."""
    return now - timedelta(days=size.since + size.apart * (size.groups - 1) + 70)


def simulate(db: Db, *, name: str, size: Size, now: datetime, domain: str = "simulated.example") -> Service:
    """Make the service `name` with `size.groups` weekly groups that share the patients as evenly as can be."""
    first = long_before(size, now)
    service = people.open_service(db, name=name, short_name=name[:18], phone="01632 960000", zone=ZONE, now=first)
    staff = {
        key: worker(db, service, key, role=role, full_name=full, domain=domain, now=first) for key, role, full in STAFF
    }
    adopt_scripts(db, service=service, actor=System("demo", service.id), now=first)
    publish_all(db, actor=acting_as(db, staff["clinical"]), now=first)
    rows = lived(db, service, staff, size=size, official=OFFICIAL, now=now, domain=domain)
    tell_clinicians(db, rows, System("demo", service.id))
    return service


def lived(
    db: Db,
    service: Service,
    staff: Mapping[str, Person],
    *,
    size: Size,
    official: Mapping[str, str],
    now: datetime,
    domain: str,
    called: Sequence[str] = (),
) -> Rows:
    """Groups of `service` with their past. `official`: names of the forms that it asks in words that are not ours;
    `called`: the patients' names, where they have any. Returns the rows, for who goes on with them.
    """
    dice = random.Random(size.seed)  # noqa: S311 - made-up people
    first = long_before(size, now)
    packages = list(
        db.exec(select(VideoPackage).where(VideoPackage.service_id == service.id).order_by(col(VideoPackage.id)))
    )
    pen = random.Random(f"{size.seed} in words")  # noqa: S311 - made-up people
    texts = [asked.newest for asked in texts_of(db, service.id).values()]
    rows = Rows(
        dice,
        pen,
        random.Random(f"{size.seed} at home"),  # noqa: S311 - made-up people
        service.id,
        wordings_of(db, service, official, first),
        [(each.video_id, each.id) for each in packages],
        domain,
        texts=texts,
        called=called,
    )
    for place in range(size.groups):
        starts = now - timedelta(days=size.since + size.apart * (size.groups - 1 - place))
        cohort = group_of(db, service, staff, name=f"Group {place + 1}", starts=starts, now=first)
        people_here = size.patients // size.groups + (place < size.patients % size.groups)
        asks = [ask for ask in asks_of(db, cohort) if ask.opens_at <= now]
        dated = list(zip(cohorts.dates_of(db, cohort.id), schedule(db, cohort=cohort), strict=True))
        rows.group(cohort, dated, asks, lives(dice, people_here), now=now)
        rows.write(db)
    rows.waiting(lives(dice, size.waiting), first + timedelta(days=30), now - timedelta(days=size.since))
    rows.write(db)
    return rows


def worker(db: Db, service: Service, key: str, *, role: Role, full_name: str, domain: str, now: datetime) -> Person:
    person = people.add_person(
        db,
        actor=System("demo", service.id),
        roles={role},
        email=f"{key}@{domain}",
        full_name=full_name,
        shown_name=full_name.split(maxsplit=1)[0],
        job=key,
        now=now,
    )
    person.password_hash = FITS_NONE
    return person


def group_of(
    db: Db, service: Service, staff: Mapping[str, Person], *, name: str, starts: datetime, now: datetime
) -> Cohort:
    day = in_zone(starts, ZONE).date()
    plan = cohorts.CohortPlan(
        name=name,
        schedule="weekly",
        first_day=day,
        weekdays=(day.weekday(),),
        wall_time=time(10),
        zone=ZONE,
        capacity=14,
    )
    lead = Actor(staff["lead"].id, service.id, frozenset({Role.SERVICE_LEAD}))
    cohort = cohorts.create_cohort(db, actor=lead, plan=plan, now=now)
    for key, place in (("facilitator", StaffPlace.LEAD), ("spotter", StaffPlace.SPOTTER)):
        cohorts.staff_cohort(db, actor=lead, cohort=cohort, person=staff[key], place=place, now=now)
    return cohort


def wordings_of(db: Db, service: Service, official: Mapping[str, str], now: datetime) -> dict[str, AdoptedInstrument]:
    """What the service asks: official words where a service would have imported them, else our own."""
    found = {}
    for instrument in sorted({*shipped().instrument_ids, *shipped().instrument_fallback.values()}):
        if instrument in official:
            measure = load_instrument(instrument)
            found[instrument] = AdoptedInstrument(
                service_id=service.id,
                instrument=instrument,
                version=measure.version,
                instrument_hash=measure.hash,
                wording=official[instrument],
                wording_version="simulated",
                wording_hash=f"simulated-{instrument}",
                in_house=False,
                adopted_at=now,
            )
            db.add(found[instrument])
        else:
            found[instrument] = adopt(db, service_id=service.id, instrument=instrument, now=now)
    db.flush()
    return found
