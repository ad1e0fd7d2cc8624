"""What a service's own last year says of its list: who came, gave up, said yes, completed, and how long it took.

Numbers of people are told to the nearest 5 and shares to the nearest 5 per cent, as on the results pages.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy import select as columns
from sqlmodel import col

from backtolife.database.session import Db
from backtolife.pathway.planning.rules import LEAST_SPAN_DAYS, Range, over
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.programme.cohorts.models import Cohort, Enrolment, EnrolmentChange, SessionDate
from backtolife.programme.cohorts.place_dates import Change, place_dates
from backtolife.programme.cohorts.rules import EnrolmentState as State
from backtolife.programme.places.models import Waiting
from backtolife.programme.places.queue.listed import OFFERED
from backtolife.programme.places.queue.stopping import STOPPED
from backtolife.reporting.analysis.service.breakdown import nearest
from backtolife.reporting.suppression import SMALLEST_SHOWN

YEAR = timedelta(days=365)
MONTH = YEAR / 12
FEWEST = 20
"""Fewer people than this are no share."""
MISTAKE = "mistake"
GAVE_UP = frozenset(STOPPED) - {MISTAKE}


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """None is what is not known yet. Shares are in per cent; `months` is how long the service was looked at."""

    months: float
    waiting: int
    arrivals: float | None
    gives_up: int | None
    says_yes: int | None
    drops_out: int | None
    groups: float | None
    places: int | None
    waited: Range | None
    """Weeks on the list of those who were offered a place from it."""

    @property
    def nothing(self) -> bool:
        """Whether there is nothing at all to begin from."""
        return self.arrivals is None and self.groups is None and not self.waiting


@dataclass(frozen=True, slots=True)
class Listed:
    """One stay on the list."""

    person: str
    since: datetime
    left_at: datetime | None
    because: str
    died: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One place: when it was given, and the state that its person came to in each step."""

    person: str
    cohort: str
    given: datetime
    steps: frozenset[State]

    @property
    def said_yes(self) -> bool:
        return bool(self.steps & {State.ENROLLED, State.STARTED, State.COMPLETED})

    @property
    def answered(self) -> bool:
        return self.said_yes or State.DECLINED in self.steps


def own_figures(db: Db, *, actor: Actor, now: datetime) -> OwnFigures:
    """The figures of the actor's service. Four statements, however many people."""
    authorise(actor, "capacity.plan", actor)
    listed, places = listed_of(db, actor.service_id), places_of(db, actor.service_id)
    since = now - YEAR
    seen = [each.since for each in listed] + [each.given for each in places]
    begun = min((moment for moment in seen if moment <= now), default=now)
    span = now - max(since, begun)
    long_enough = span >= timedelta(days=LEAST_SPAN_DAYS)
    groups = groups_of(db, actor.service_id)
    begun_lately = [capacity for first, _, capacity in groups.values() if now - span <= first <= now]
    over_lately = {group for group, (_, last, _) in groups.items() if since <= last <= now}
    on_list = {each.person for each in listed}
    came = [each.since for each in listed] + [each.given for each in places if each.person not in on_list]
    new = sum(since < moment <= now for moment in came)
    ended = [each for each in places if each.cohort in over_lately and each.said_yes and State.DIED not in each.steps]
    completed = sum(State.COMPLETED in each.steps for each in ended)
    lately = [each for each in places if since < each.given <= now and each.answered]
    return OwnFigures(
        months=round(span / MONTH, 1),
        waiting=nearest(sum(each.left_at is None and not each.died for each in listed)),
        arrivals=round(nearest(new) / (span / MONTH), 1) if long_enough and new >= SMALLEST_SHOWN else None,
        gives_up=given_up(listed, since, now) if long_enough else None,
        says_yes=share(sum(each.said_yes for each in lately), len(lately)),
        drops_out=share(len(ended) - completed, len(ended)),
        groups=round(len(begun_lately) / (span / MONTH), 1) if long_enough and begun_lately else None,
        places=round(sum(begun_lately) / len(begun_lately)) if begun_lately else None,
        waited=waited(listed, since, now),
    )


def share(some: int, of: int) -> int | None:
    """In per cent, to the nearest 5; None of too few."""
    return nearest(round(100 * some / of)) if of >= FEWEST else None


def given_up(listed: Sequence[Listed], since: datetime, now: datetime) -> int | None:
    """The share of the list that leaves it in a month without a place, in whole per cent."""
    stays = [(max(each.since, since), min(each.left_at or now, now)) for each in listed if not each.died]
    months = sum((end - start) / MONTH for start, end in stays if end > start)
    if months < FEWEST:
        return None
    left = sum(
        each.because in GAVE_UP and since < each.left_at <= now for each in listed if each.left_at and not each.died
    )
    return round(100 * -math.expm1(-left / months))


def waited(listed: Sequence[Listed], since: datetime, now: datetime) -> Range | None:
    weeks = [
        float(round((each.left_at - each.since) / timedelta(weeks=1)))
        for each in listed
        if each.left_at is not None and each.because == OFFERED and since < each.left_at <= now
    ]
    return over(weeks) if len(weeks) >= FEWEST else None


def listed_of(db: Db, service_id: str) -> list[Listed]:
    """Every stay on the list but those that were a mistake."""
    wanted = (
        columns(
            col(Waiting.person_id),
            col(Waiting.since),
            col(Waiting.left_at),
            col(Waiting.left_because),
            col(Person.died_at).is_not(None),
        )
        .join(Person, col(Person.id) == col(Waiting.person_id))
        .where(col(Waiting.service_id) == service_id, col(Waiting.left_because) != MISTAKE)
    )
    return [Listed(*row) for row in db.connection().execute(wanted)]


def places_of(db: Db, service_id: str) -> list[Place]:
    """Every place but those of an offer that was taken back."""
    place, change = Enrolment, EnrolmentChange
    kept: dict[str, list[Change]] = defaultdict(list)
    changes = columns(col(change.enrolment_id), col(change.state), col(change.at), col(change.reason))
    for enrolment, state, at, reason in db.connection().execute(changes.where(col(change.service_id) == service_id)):
        kept[enrolment].append((State(state), at, reason))
    wanted = columns(col(place.id), col(place.person_id), col(place.cohort_id), col(place.enrolled_at))
    wanted = wanted.where(col(place.service_id) == service_id, col(place.state) != State.OFFER_TAKEN_BACK)
    return [
        Place(person, cohort, at, frozenset(place_dates(kept[one])))
        for one, person, cohort, at in db.connection().execute(wanted)
    ]


def groups_of(db: Db, service_id: str) -> dict[str, tuple[datetime, datetime, int]]:
    """When each group begins and ends, and its places."""
    wanted = (
        columns(col(Cohort.id), func.min(SessionDate.starts_at), func.max(SessionDate.ends_at), col(Cohort.capacity))
        .join(SessionDate, col(SessionDate.cohort_id) == col(Cohort.id))
        .where(col(Cohort.service_id) == service_id)
        .group_by(col(Cohort.id), col(Cohort.capacity))
    )
    return {group: (first, last, capacity) for group, first, last, capacity in db.connection().execute(wanted)}
