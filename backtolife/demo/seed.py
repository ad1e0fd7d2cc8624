"""Fill an empty database with the demo's service: staff, a group that meets now, and one half-way through."""

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.config import Settings
from backtolife.content.services import adopt_scripts
from backtolife.database.sealing import Sealing, ours
from backtolife.database.session import Db
from backtolife.demo import consents, cover, earlier, elsewhere, history, service_life
from backtolife.demo.cast import (
    EVERYONE,
    LEFT,
    NEW_GROUP,
    NOT_AGREED,
    OLD_GROUP,
    PASSWORD,
    Member,
    phone_of,
)
from backtolife.people import services as people
from backtolife.people.access import System
from backtolife.people.identity.identifiers import keep_numbers
from backtolife.people.identity.person import Identity
from backtolife.people.identity.systems import nhs_number
from backtolife.people.models import Person, Role, Service
from backtolife.people.roles import acting_as
from backtolife.people.signing_in.passwords import hash_password
from backtolife.programme.cohorts import services as cohorts
from backtolife.programme.cohorts.enrolment import enrol
from backtolife.programme.cohorts.models import Cohort, SessionDate, StaffPlace
from backtolife.sessions.room.models import GroupSession, GroupStatus
from backtolife.sessions.room.services import schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "Midtown Community Health"
ZONE = "Europe/London"
STARTS_SOON = timedelta(minutes=10)
WEEKS_BEHIND = 4
TOLD_BEFORE = timedelta(weeks=3)
ANSWERED_BEFORE = timedelta(days=5)
PLANNED_AHEAD = timedelta(weeks=3, days=1)
ANOTHER_DAY = timedelta(days=2, hours=-3)


def fill(db: Db, *, settings: Settings, now: datetime) -> bool:
    """Make what is missing. A group that can be joined right now is made anew when the last one's session is over.

    Returns whether anything was made.
    """
    service = db.exec(select(Service).where(Service.name == NAME)).first()
    if service is not None:
        if can_be_joined(db, service, now):
            return False
        make_group(db, service, free_name(db, service), NEW_GROUP, now + STARTS_SOON, now=now)
        return True
    service = people.open_service(db, name=NAME, short_name="NHS Midtown", phone="01632 960000", zone=ZONE, now=now)
    password_hash = hash_password(PASSWORD)
    for number, member in enumerate(EVERYONE, start=101):
        person = add(db, service, member, number, now)
        if person.is_patient:
            tell_who_they_are(db, person, number, ours(), now)
        if person.is_staff:
            person.password_hash = password_hash
    adopt_scripts(db, service=service, actor=System("demo", service.id), now=now)
    long_ago = now - timedelta(weeks=WEEKS_BEHIND) + ANOTHER_DAY
    known = {member.key: find(db, service, member.key) for member in EVERYONE}
    consents.publish_all(db, actor=acting_as(db, known["grace"]), now=earlier.began(now))
    earlier.groups_that_ended(db, service, known, now)
    older = make_group(db, service, "Group A", OLD_GROUP + LEFT, long_ago, now=long_ago - TOLD_BEFORE)
    history.live_through(db, cohort=older, now=now)
    make_group(db, service, "Group B", NEW_GROUP, now + STARTS_SOON, now=now)
    planned = make_group(db, service, "Group C", (), now + PLANNED_AHEAD, now=now)
    consents.agree(
        db,
        people=[known[each.key] for each in (*OLD_GROUP, *LEFT, *NEW_GROUP) if each.key not in NOT_AGREED],
        now=long_ago - ANSWERED_BEFORE,
    )
    service_life.live(db, older=older, planned=planned, people=known, settings=settings, now=now)
    cover.fill_rota(db, service, known, now)
    elsewhere.list_help(db, lead=known["jo"], now=now)
    elsewhere.open_another(db, both=known["grace"], password_hash=password_hash, zone=ZONE, now=now)
    return True


def add(db: Db, service: Service, member: Member, number: int, now: datetime) -> Person:
    person = people.add_person(
        db,
        actor=System("demo", service.id),
        roles=member.roles,
        email=member.email,
        full_name=member.full_name,
        shown_name=member.shown_name,
        phone=phone_of(number),
        job=member.job,
        now=now,
    )
    if Role.PATIENT in member.roles:
        person.emergency_name, person.emergency_phone = "A friend", phone_of(number + 100)
    return person


def tell_who_they_are(db: Db, person: Person, number: int, sealing: Sealing, now: datetime) -> None:
    """Date of birth, address, GP, and a number from the range that the NHS keeps for trying things out."""
    Identity(
        date_of_birth=date(1950 + number * 7 % 45, number % 12 + 1, number % 28 + 1),
        address=f"{number} Mill Lane, Midtown MT1 {number % 9}AB",
        clinician="Dr Asha Rao, Midtown Surgery",
        clinician_phone=phone_of(99),
    ).give_to(person)
    keep_numbers(db, person=person, numbers={"nhs_number": trial_number(number)}, sealing=sealing, now=now)


def trial_number(number: int) -> str:
    """A true NHS number of nobody: 999, and digits of which the last follows from the others."""
    for first in range(999_000_000 + number * 100, 999_000_000 + number * 100 + 100):
        for last in range(10):
            with suppress(ValueError):
                return nhs_number(f"{first}{last}")
    raise AssertionError(number)


def find(db: Db, service: Service, key: str) -> Person:
    wanted = select(Person).where(Person.service_id == service.id, col(Person.email).startswith(f"{key}@"))
    return db.exec(wanted).one()


def make_group(
    db: Db, service: Service, name: str, members: "Sequence[Member]", starts_at: datetime, *, now: datetime
) -> Cohort:
    """A cohort whose first session starts at `starts_at`, to the next five minutes by the wall clock."""
    local = in_zone(starts_at, ZONE)
    local += timedelta(minutes=-local.minute % 5)
    plan = cohorts.CohortPlan(
        name=name,
        schedule="weekly",
        first_day=local.date(),
        weekdays=(local.weekday(),),
        wall_time=time(local.hour, local.minute),
        zone=ZONE,
        capacity=12,
    )
    lead = acting_as(db, find(db, service, "jo"))
    cohort = cohorts.create_cohort(db, actor=lead, plan=plan, now=now)
    for key, place in (("priya", StaffPlace.LEAD), ("tom", StaffPlace.SPOTTER)):
        cohorts.staff_cohort(db, actor=lead, cohort=cohort, person=find(db, service, key), place=place, now=now)
    admin = acting_as(db, find(db, service, "sam"))
    for member in members:
        enrol(db, patient=find(db, service, member.key), cohort=cohort, actor=admin, now=now)
    schedule(db, cohort=cohort)
    return cohort


def can_be_joined(db: Db, service: Service, now: datetime) -> bool:
    """Whether some group's first session can be joined now or in the next minutes. One that was ended cannot."""
    ended = select(GroupSession.session_date_id).where(GroupSession.status == GroupStatus.ENDED)
    first = select(SessionDate).where(
        SessionDate.service_id == service.id, SessionDate.number == 1, col(SessionDate.id).not_in(ended)
    )
    return any(each.opens_at <= now < each.closes_at for each in db.exec(first))


def free_name(db: Db, service: Service) -> str:
    count = len(db.exec(select(Cohort.id).where(Cohort.service_id == service.id)).all())
    return f"Group {chr(ord('A') + count)}" if count < 26 else f"Group {count + 1}"
