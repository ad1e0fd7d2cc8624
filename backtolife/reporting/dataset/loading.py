"""One service's data in a fixed number of queries, however many people there are."""

from collections import defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists
from sqlalchemy import select as columns
from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.db import Db
from backtolife.outcomes.milestones import windows_of
from backtolife.people.models import Background, Person, Role, Service
from backtolife.people.traits import TRAITS
from backtolife.programme.models import Cohort, Enrolment, EnrolmentChange, SessionDate
from backtolife.programme.rules import EnrolmentState
from backtolife.programme.services import programme_of
from backtolife.reporting.dataset.answers import Answered, answered_by
from backtolife.reporting.dataset.attendance import Came, came_by
from backtolife.reporting.dataset.plans import newest_brought, newest_plans
from backtolife.reporting.dataset.shape import Data, Group, Member

Places = list[tuple[str, str, str, str]]
"""(enrolment, cohort, person, code)."""


def load(db: Db, *, service_id: str, now: datetime) -> Data:
    """Everything about the service that its evidence rests on, as it is at `now`."""
    db.flush()
    service = db.get_one(Service, service_id)
    cohorts = list(db.exec(select(Cohort).where(Cohort.service_id == service_id)))
    cohorts.sort(key=lambda cohort: (cohort.first_day, cohort.name))
    places = places_of(db, service_id)
    answered, came = answered_by(db, service_id), came_by(db, service_id, now)
    traits, yes = traits_by_person(db, service_id), said_yes(db, service_id)
    labels = {each.id: each.label for cohort in cohorts[-1:] for each in programme_of(cohort).milestones}
    return Data(
        service=service.name,
        as_of=now.isoformat(),
        milestones=labels,
        groups=tuple(groups_of(db, cohorts, now)),
        members=tuple(
            member_of(
                (code, cohort),
                yes=enrolment in yes,
                came=came.get((cohort, person)),
                traits=traits.get(person, {}),
                answered=answered.get(enrolment),
            )
            for enrolment, cohort, person, code in places
        ),
        waiting=tuple(waiting_of(db, service_id, service.zone, traits)),
        wordings=answered.wordings,
        plans=newest_plans(db, service_id, service.zone),
        brought=newest_brought(db, service_id, service.zone),
    )


def places_of(db: Db, service_id: str) -> Places:
    wanted = select(Enrolment.id, Enrolment.cohort_id, Enrolment.person_id, Enrolment.code)
    rows = db.exec(wanted.where(Enrolment.service_id == service_id).order_by(col(Enrolment.code)))
    return [tuple(row) for row in rows]  # type: ignore[misc]


def member_of(
    place: tuple[str, str],
    *,
    yes: bool,
    came: Came | None,
    traits: dict[str, str],
    answered: Answered | None,
) -> Member:
    answered = answered or Answered()
    came = came or Came(0, 0)
    return Member(
        code=place[0],
        group=place[1],
        # Somebody who came has said yes, whatever the paper trail holds.
        said_yes=yes or came.sessions > 0,
        sessions=came.sessions,
        minutes=came.minutes,
        videos=answered.videos,
        experience=answered.experience,
        traits=traits,
        scores=answered.scores,
        words=answered.words,
    )


def groups_of(db: Db, cohorts: list[Cohort], now: datetime) -> list[Group]:
    """Each cohort with the days its questions open, and those that are closed."""
    starts: dict[str, dict[int, datetime]] = defaultdict(dict)
    if cohorts:
        dates = select(SessionDate.cohort_id, SessionDate.number, SessionDate.starts_at)
        for cohort_id, number, at in db.exec(dates.where(SessionDate.service_id == cohorts[0].service_id)):
            starts[cohort_id][number] = at
    found = []
    for cohort in cohorts:
        zone = ZoneInfo(cohort.zone)
        asked = [each for each in programme_of(cohort).milestones if each.anchor_session in starts[cohort.id]]
        windows = windows_of(asked, starts[cohort.id], zone)
        today = in_zone(now, cohort.zone).date()
        found.append(
            Group(
                id=cohort.id,
                name=cohort.name,
                first_day=cohort.first_day.isoformat(),
                opened={each.milestone.id: each.opens_on.isoformat() for each in windows},
                closed=tuple(each.milestone.id for each in windows if each.closes_on < today),
            )
        )
    return found


def said_yes(db: Db, service_id: str) -> frozenset[str]:
    """The enrolments that went beyond an invitation at some time."""
    wanted = select(EnrolmentChange.enrolment_id).where(
        EnrolmentChange.service_id == service_id, EnrolmentChange.state == EnrolmentState.ENROLLED
    )
    return frozenset(db.exec(wanted))


def traits_by_person(db: Db, service_id: str) -> dict[str, dict[str, str]]:
    names = [each.id for each in TRAITS]
    wanted = columns(col(Background.person_id), *(getattr(Background, name) for name in names))
    rows = db.connection().execute(wanted.where(col(Background.service_id) == service_id)).all()
    return {person: {name: said for name, said in zip(names, told, strict=True) if said} for person, *told in rows}


def waiting_of(
    db: Db, service_id: str, zone: str, traits: dict[str, dict[str, str]]
) -> list[tuple[str, dict[str, str]]]:
    """The days on which patients became known who were never offered a place, with their traits."""
    wanted = select(Person.id, Person.created_at).where(
        Person.service_id == service_id,
        Person.role == Role.PATIENT,
        ~exists().where(col(Enrolment.person_id) == col(Person.id)),
    )
    known = [(day_of(at, zone).isoformat(), person) for person, at in db.exec(wanted)]
    return [(day, traits.get(person, {})) for day, person in sorted(known)]


def day_of(at: datetime, zone: str) -> date:
    return in_zone(at, zone).date()
