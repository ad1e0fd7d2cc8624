"""One service's data in a fixed number of queries, however many people there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import and_, exists
from sqlalchemy import select as columns
from sqlmodel import col, select

from backtolife.clock import in_zone
from backtolife.database.session import Db
from backtolife.outcomes.asking.milestones import Window, windows_of
from backtolife.people.details.traits import TRAITS
from backtolife.people.models import Background, Kind, Person, Service
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.reporting.dataset.answers import Answered, answered_by
from backtolife.reporting.dataset.at_home import AtHome, at_home_by
from backtolife.reporting.dataset.attendance import Came, came_by
from backtolife.reporting.dataset.dates import dates_by_place, reasons_by_place
from backtolife.reporting.dataset.final import Finals
from backtolife.reporting.dataset.plans import brought_for, newest_brought, newest_plans
from backtolife.reporting.dataset.shape import Data, Group, Member

LATE = timedelta(days=14)
"""How long what comes in late, such as answers on paper, still counts."""
Places = list[tuple[str, str, str, str]]
"""(enrolment, cohort, person, code)."""


def load(db: Db, *, service_id: str, now: datetime) -> Data:
    """Everything about the service that its evidence rests on, as it is at `now`."""
    db.flush()
    service = db.get_one(Service, service_id)
    cohorts = list(db.exec(select(Cohort).where(Cohort.service_id == service_id)))
    cohorts.sort(key=lambda cohort: (cohort.first_day, cohort.name))
    groups = groups_of(db, cohorts, now)
    finals = Finals({group.id: group for group in groups}, {cohort.id: cohort.zone for cohort in cohorts})
    places = places_of(db, service_id, finals)
    cohort_of = {enrolment: cohort for enrolment, cohort, _, _ in places}
    answered, came = answered_by(db, service_id, finals, cohort_of), came_by(db, service_id, now, finals)
    traits, dates = traits_by_person(db, service_id), dates_by_place(db, service_id, finals, cohort_of)
    because = reasons_by_place(db, service_id, finals, cohort_of)
    at_home = at_home_by(db, service_id, finals, cohort_of)
    plans = newest_plans(db, service_id, service.zone)
    labels = {each.id: each.label for cohort in cohorts for each in programme_of(db, cohort).milestones}
    return Data(
        service=service.name,
        as_of=now.isoformat(),
        milestones=labels,
        groups=tuple(groups),
        members=tuple(
            member_of(
                (code, cohort),
                dates=dates.get(enrolment, {}),
                because=because.get(enrolment, ""),
                came=came.get((cohort, person)),
                traits=traits.get(person, {}),
                answered=answered.get(enrolment),
                at_home=at_home.get(enrolment),
            )
            for enrolment, cohort, person, code in places
        ),
        waiting=tuple(waiting_of(db, service_id, service.zone, traits)),
        wordings=answered.wordings,
        plans=plans,
        brought=newest_brought(db, service_id, service.zone),
        files=brought_for(db, service_id, service.zone, plans),
    )


def places_of(db: Db, service_id: str, finals: Finals) -> Places:
    """Every place but those given in a group that was over, and those of an offer that was taken back."""
    place, change = Enrolment, EnrolmentChange
    taken_back = and_(col(change.enrolment_id) == col(place.id), col(change.state) == EnrolmentState.OFFER_TAKEN_BACK)
    wanted = (
        columns(
            col(place.id),
            col(place.cohort_id),
            col(place.person_id),
            col(place.code),
            col(place.enrolled_at),
            col(change.at),
        )
        .outerjoin(change, taken_back)
        .where(col(place.service_id) == service_id)
    )
    return [
        (one, cohort, person, code)
        for one, cohort, person, code, at, back in db.connection().execute(wanted.order_by(col(place.code)))
        if finals.counts(cohort, at) and not (back and finals.counts(cohort, back))
    ]


def member_of(
    place: tuple[str, str],
    *,
    dates: Mapping[str, str],
    because: str,
    came: Came | None,
    traits: dict[str, str],
    answered: Answered | None,
    at_home: AtHome | None,
) -> Member:
    answered = answered or Answered()
    came = came or Came(0, 0)
    return Member(
        code=place[0],
        group=place[1],
        sessions=came.sessions,
        minutes=came.minutes,
        videos=answered.videos,
        videos_read=answered.videos_read,
        experience=answered.experience,
        dates=dates,
        left_because=because if "withdrawn" in dates else "",
        traits=traits,
        scores=answered.scores,
        home_times=at_home.times if at_home else None,
        home_minutes=at_home.minutes if at_home else None,
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
        asked = [each for each in programme_of(db, cohort).milestones if each.anchor_session in starts[cohort.id]]
        windows = windows_of(asked, starts[cohort.id], zone)
        today = in_zone(now, cohort.zone).date()
        final = final_days(windows, [day_of(at, cohort.zone) for at in starts[cohort.id].values()])
        found.append(
            Group(
                id=cohort.id,
                name=cohort.name,
                first_day=cohort.first_day.isoformat(),
                opened={each.milestone.id: each.opens_on.isoformat() for each in windows},
                closed=tuple(name for name, day in final.items() if day < today),
                final={name: day.isoformat() for name, day in final.items()},
            )
        )
    return found


def final_days(windows: Iterable[Window], sessions: Iterable[date]) -> dict[str, date]:
    """The last day of each milestone on which what counts of it may change: some days after its questions close, for
    what staff write in or put right. The end waits for the last session too.
    """
    final = {each.milestone.id: each.closes_on + LATE for each in windows}
    if "end" in final:
        final["end"] = max(final["end"], max(sessions) + LATE)
    return final


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
        Person.kind == Kind.PATIENT,
        ~exists().where(
            col(Enrolment.person_id) == col(Person.id), col(Enrolment.state) != EnrolmentState.OFFER_TAKEN_BACK
        ),
    )
    known = [(day_of(at, zone).isoformat(), person) for person, at in db.exec(wanted)]
    return [(day, traits.get(person, {})) for day, person in sorted(known)]


def day_of(at: datetime, zone: str) -> date:
    return in_zone(at, zone).date()
