"""The programme is over for somebody who took part: staff discharge them, and the programme's rule says who completed.

Whoever came to as many sessions as the programme names has completed; nobody decides that by feeling, so that it means
the same in every service. Attendance that was counted wrongly is put right in its own place, and this follows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from backtolife import audit
from backtolife.audit import Acting
from backtolife.database.session import Db
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import Actor, authorise
from backtolife.people.models import Person
from backtolife.programme.adopted.services import programme_of
from backtolife.programme.cohorts.enrolment import change_state, hold
from backtolife.programme.cohorts.models import Cohort, Enrolment, SessionDate
from backtolife.programme.cohorts.rules import TAKEN_BACK, EnrolmentState
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.discharge.models import PlaceDischarge

Came = Mapping[str, int]
"""How many sessions each person of a group came to, by the person's id."""
TOLD_WITHIN = timedelta(days=30)
"""Later than this after the last session, words about the end would only puzzle somebody."""
TOOK_PART = (EnrolmentState.STARTED, EnrolmentState.COMPLETED)
NOBODY = "Choose who is discharged."
NOT_DISCHARGED = "The programme is not over for this person. Nothing was changed."


@dataclass(frozen=True)
class TookPart:
    """Somebody who started and has not left. `completes`: by the programme's rule, with the sessions counted so far."""

    enrolment: Enrolment
    person: Person
    sessions: int
    completes: bool
    discharge: PlaceDischarge | None


def over_at(db: Db, cohort: Cohort) -> datetime | None:
    """When the last session that takes place is over; None for a group without one."""
    return last_over(dates_of(db, cohort.id))


def last_over(dates: Sequence[SessionDate]) -> datetime | None:
    """The same, by the dates of the group."""
    return max((each.over_at for each in dates if each.left_out_at is None), default=None)


def refuse_before_end(db: Db, cohort: Cohort, now: datetime) -> None:
    """Raise Conflict while a session of the group is still to come."""
    last = over_at(db, cohort)
    if last is None or last > now:
        raise Conflict("This group still meets. People are discharged after its last session.")


def who_took_part(db: Db, *, cohort: Cohort, came: Came) -> list[TookPart]:
    """Everybody who started and has not left, by name. Two statements."""
    wanted = select(Enrolment, Person).join(Person, col(Person.id) == col(Enrolment.person_id))
    rows = db.exec(wanted.where(Enrolment.cohort_id == cohort.id, col(Enrolment.state).in_(TOOK_PART))).all()
    made = select(PlaceDischarge).where(
        col(PlaceDischarge.enrolment_id).in_([place.id for place, _ in rows]),
        col(PlaceDischarge.taken_back_at).is_(None),
    )
    over = {each.enrolment_id: each for each in db.exec(made)}
    enough = programme_of(db, cohort).group.completed_from
    found = [
        TookPart(place, person, came.get(person.id, 0), came.get(person.id, 0) >= enough, over.get(place.id))
        for place, person in rows
    ]
    return sorted(found, key=lambda each: each.person.full_name.casefold())


def discharge(
    db: Db, *, cohort: Cohort, places: Sequence[Enrolment], came: Came, site: str, actor: Actor, now: datetime
) -> int:
    """Say that the programme is over for these people, and tell each. Returns for how many it was not before.

    Raises Conflict while a session is to come, Invalid for nobody and for a place of another group.
    """
    if not places or any(each.cohort_id != cohort.id for each in places):
        raise Invalid(NOBODY, "people")
    for place in places:
        authorise(actor, "place.change", place)
    refuse_before_end(db, cohort, now)
    return sum(end_programme(db, place=each, came=came, site=site, actor=actor, at=now, now=now) for each in places)


def end_programme(
    db: Db, *, place: Enrolment, came: Came, site: str, actor: Acting, at: datetime, now: datetime
) -> bool:
    """The programme is over for one person, since `at`. False for who left, did not start, or is discharged already.

    Who was let into a session and never was in one, as far as attendance says, has not started after all.
    """
    cohort = hold(db, place)
    if place.state not in TOOK_PART or open_discharge(db, place) is not None:
        return False
    last = over_at(db, cohort)
    return end_held(db, cohort, last, place=place, came=came, site=site, actor=actor, at=at, now=now)


def end_held(
    db: Db,
    cohort: Cohort,
    last: datetime | None,
    *,
    place: Enrolment,
    came: Came,
    site: str,
    actor: Acting,
    at: datetime,
    now: datetime,
) -> bool:
    """The same for a place that took part and is held, without an open discharge; the group is over since `last`."""
    sessions = came.get(place.person_id, 0)
    if not sessions:
        back_to_no_session(db, place, actor, at)
        return False
    done = PlaceDischarge(
        service_id=place.service_id, enrolment_id=place.id, sessions=sessions, at=at, by=actor.id, taken_back_by=""
    )
    db.add(done)
    if place.state is EnrolmentState.STARTED and sessions >= programme_of(db, cohort).group.completed_from:
        change_state(db, enrolment=place, to=EnrolmentState.COMPLETED, actor=actor, now=at)
    trace(db, actor, "place_discharged", place, now, sessions=sessions)
    if last is not None and now < last + TOLD_WITHIN:
        person = db.get_one(Person, place.person_id)
        key = f"programme-over:{place.id}"
        tell(db, person=person, cohort=cohort, template="programme-over", key=key, values={"link": site}, now=now)
    return True


def take_back(db: Db, *, enrolment: Enrolment, actor: Actor, now: datetime) -> None:
    """The discharge was a mistake: the person stands where they stood. Raises Conflict for who is not discharged."""
    authorise(actor, "place.change", enrolment)
    hold(db, enrolment)
    done = open_discharge(db, enrolment)
    if done is None or enrolment.state not in TOOK_PART:
        raise Conflict(NOT_DISCHARGED)
    done.taken_back_at, done.taken_back_by = now, actor.id
    if enrolment.state is EnrolmentState.COMPLETED:
        back(db, enrolment, EnrolmentState.STARTED, actor, now)
    trace(db, actor, "place_discharge_taken_back", enrolment, now)


def settle(db: Db, *, place: Enrolment, came: Came, actor: Acting, now: datetime) -> None:
    """Let a place follow attendance that was put right: who came has started, and who came to enough has completed."""
    cohort = hold(db, place)
    sessions, enough = came.get(place.person_id, 0), programme_of(db, cohort).group.completed_from
    done = open_discharge(db, place)
    if sessions and place.state is EnrolmentState.ENROLLED:
        change_state(db, enrolment=place, to=EnrolmentState.STARTED, actor=actor, now=now)
    if place.state is EnrolmentState.COMPLETED and sessions < enough:
        back(db, place, EnrolmentState.STARTED, actor, now)
    if place.state is EnrolmentState.STARTED and done is not None and sessions >= enough:
        change_state(db, enrolment=place, to=EnrolmentState.COMPLETED, actor=actor, now=now)
    if place.state is EnrolmentState.STARTED and not sessions:
        if done is not None:
            done.taken_back_at, done.taken_back_by = now, actor.id
            trace(db, actor, "place_discharge_taken_back", place, now)
        back_to_no_session(db, place, actor, now)


def back_to_no_session(db: Db, place: Enrolment, actor: Acting, now: datetime) -> None:
    """The person came to nothing: what the place says of starting and completing is taken back, a step at a time."""
    if place.state is EnrolmentState.COMPLETED:
        back(db, place, EnrolmentState.STARTED, actor, now)
    back(db, place, EnrolmentState.ENROLLED, actor, now)


def back(db: Db, place: Enrolment, to: EnrolmentState, actor: Acting, now: datetime) -> None:
    change_state(db, enrolment=place, to=to, actor=actor, now=now, reason=TAKEN_BACK)


def open_discharge(db: Db, place: Enrolment) -> PlaceDischarge | None:
    """The discharge of this place that nobody has taken back."""
    made = select(PlaceDischarge).where(
        PlaceDischarge.enrolment_id == place.id, col(PlaceDischarge.taken_back_at).is_(None)
    )
    return db.exec(made).first()


def trace(db: Db, actor: Acting, action: str, place: Enrolment, now: datetime, **detail: object) -> None:
    audit.record(db, actor=actor, action=action, subject_type="enrolment", subject_id=place.id, now=now, **detail)
