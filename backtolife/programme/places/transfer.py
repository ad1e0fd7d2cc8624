"""Somebody moves to another group and keeps what is theirs, and how late somebody new may still come."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import and_, func, or_
from sqlmodel import col, select

from backtolife import audit
from backtolife.database.session import Db, one_at_a_time
from backtolife.errors import Clashes, Conflict
from backtolife.people.access import Actor, authorise, may
from backtolife.people.models import Person
from backtolife.people.names import isolated
from backtolife.programme.adopted.services import passed_over, programme_of
from backtolife.programme.calendars.feeds import address_for_text
from backtolife.programme.cohorts import rules as cohort_rules
from backtolife.programme.cohorts.enrolment import enrolled_in, hold, places_taken
from backtolife.programme.cohorts.models import Cohort, Enrolment, PlaceMove, SessionDate
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.cohorts.services import dates_of, dates_of_each, next_date, to_come
from backtolife.programme.cohorts.telling import tell
from backtolife.programme.cohorts.timetable.elsewhere import elsewhere, one_timetable_at_a_time
from backtolife.programme.cohorts.timetable.overlaps import clash, overlap
from backtolife.programme.places import rules
from backtolife.programme.places.leaving import ENDED, refuse_second
from backtolife.programme.places.models import PlaceEnding
from backtolife.text.dates_in_words import clock_time, short_day

OVER = "This group has no session left. Choose another one."


def transfer(
    db: Db,
    *,
    enrolment: Enrolment,
    to: Cohort,
    words: str,
    site: str,
    actor: Actor,
    now: datetime,
    calendar: str = "",
) -> PlaceMove:
    """Move a place: answers, goals and attendance come along, and what is asked follows the new group's dates.

    The person is told; `calendar` is the file that goes with it. Raises Conflict when the new group is full, over, or
    too far on for somebody who has not come yet, for a place that cannot be moved, and Clashes where they are in
    another group at that time.
    """
    authorise(actor, "place.change", enrolment)
    authorise(actor, "cohort.enrol", to)
    rules.check_words(words)
    one_timetable_at_a_time(db, to.service_id)
    # In the order of their ids, so that two who move people both ways never wait for each other.
    for cohort_id in sorted({enrolment.cohort_id, to.id}):
        one_at_a_time(db, f"cohort:{cohort_id}")
    before = hold(db, enrolment)
    coming = session_there(db, enrolment, before=before, to=to, now=now)
    person = db.get_one(Person, enrolment.person_id)
    refuse_clash(db, person=person, before=before, to=to, now=now)
    move = PlaceMove(
        service_id=enrolment.service_id,
        enrolment_id=enrolment.id,
        from_cohort_id=before.id,
        to_cohort_id=to.id,
        words=words.strip(),
        at=now,
        by=actor.id,
    )
    enrolment.cohort_id = to.id
    refuse_second(db, enrolment, person)
    db.add(move)
    db.flush()
    audit.record(
        db,
        actor=actor,
        action="place_transferred",
        subject_type="enrolment",
        subject_id=enrolment.id,
        now=now,
        before=before.id,
        after=to.id,
    )
    tell_of_move(db, move, person=person, to=to, coming=coming, site=site, calendar=calendar)
    return move


def tell_of_move(
    db: Db, move: PlaceMove, *, person: Person, to: Cohort, coming: SessionDate, site: str, calendar: str
) -> None:
    """Write to who was moved: their group, and its first session that they come to."""
    tell(
        db,
        person=person,
        cohort=to,
        template="group-changed",
        key=f"group-changed:{move.id}",
        values={
            "date": short_day(coming.starts_at, to.zone),
            "time": clock_time(coming.starts_at, to.zone),
            "link": site,
        },
        now=move.at,
        calendar=calendar,
        calendar_link=address_for_text(db, person=person, site=site, now=move.at),
    )


def session_there(db: Db, enrolment: Enrolment, *, before: Cohort, to: Cohort, now: datetime) -> SessionDate:
    """The first session that the person would come to in the new group. Raises Conflict where they cannot."""
    if before.id == to.id:
        raise Conflict("They are in this group already. Nothing was changed.")
    if not rules.may_transfer(enrolment.state):
        raise Conflict("Only somebody who has said yes and has not left can be moved. Offer them a new place instead.")
    cohort_rules.refuse_closed(to.closed_at)
    coming = next_date(dates_of(db, to.id), now)
    if coming is None or next_date(dates_of(db, before.id), now) is None:
        raise Conflict(OVER)
    if enrolment.state is EnrolmentState.ENROLLED:
        rules.refuse_late(coming.number, until=programme_of(db, to).group.late_start_until)
    cohort_rules.take_place(places_taken(db, [to.id]).get(to.id, 0), to.capacity)
    return coming


def refuse_clash(db: Db, *, person: Person, before: Cohort, to: Cohort, now: datetime) -> None:
    """Raise Clashes where the person is in a third group while the new one meets, naming it and the dates."""
    ahead = to_come(db, to.id, now)
    others = elsewhere(
        db,
        people={person.id: isolated(person.full_name)},
        but=to.id,
        and_not=before.id,
        first=min(each.starts_at for each in ahead),
        last=max(each.ends_at for each in ahead),
    )
    found = [clash(here, each, to.zone) for here in ahead for each in others if overlap(here, each)]
    if found:
        raise Clashes(found, "cohort")


def refuse_late_start(db: Db, cohort: Cohort, now: datetime) -> None:
    """Raise Conflict when the group has gone too far for somebody to come for the first time."""
    coming = next_date(dates_of(db, cohort.id), now)
    if coming is not None:
        rules.refuse_late(coming.number, until=programme_of(db, cohort).group.late_start_until)


def open_groups(db: Db, *, enrolment: Enrolment, actor: Actor, now: datetime) -> list[tuple[Cohort, int]]:
    """The groups to which this place can move, with how many places are free, the next to meet first."""
    others = select(Cohort).where(
        Cohort.service_id == enrolment.service_id,
        Cohort.id != enrolment.cohort_id,
        col(Cohort.closed_at).is_(None),
    )
    cohorts = [each for each in db.exec(others) if may(actor, "cohort.enrol", each)]
    ids = [each.id for each in cohorts]
    taken, dates, found = places_taken(db, ids), dates_of_each(db, ids, open_at=now), []
    for cohort in cohorts:
        coming, free = next_date(dates[cohort.id], now), cohort.capacity - taken.get(cohort.id, 0)
        if coming is None or free < 1:
            continue
        with passed_over(cohort_id=cohort.id):
            late = coming.number > programme_of(db, cohort).group.late_start_until
            if not (late and enrolment.state is EnrolmentState.ENROLLED):
                found.append((coming.starts_at, cohort, free))
    return [(cohort, free) for _, cohort, free in sorted(found, key=lambda each: (each[0], each[1].id))]


def arrived_at(db: Db, places: Collection[Enrolment]) -> dict[str, datetime]:
    """Since when each of these has been in the group that it is in now, by place. One statement."""
    moves = select(PlaceMove).where(col(PlaceMove.enrolment_id).in_([each.id for each in places]))
    return arrived_by(places, db.exec(moves))


def arrived_by(places: Collection[Enrolment], moves: Iterable[PlaceMove]) -> dict[str, datetime]:
    """The same by these moves of them."""
    groups = {each.id: each.cohort_id for each in places}
    found = {each.id: each.enrolled_at for each in places}
    for move in moves:
        if move.to_cohort_id == groups[move.enrolment_id]:
            found[move.enrolment_id] = max(found[move.enrolment_id], move.at)
    return found


def brought_along(db: Db, cohort_ids: Collection[str]) -> dict[str, list[tuple[str, str, datetime]]]:
    """Who came into each of these groups from another one: (person, the group before, when), by the group now."""
    moves = (
        select(PlaceMove, Enrolment)
        .join(Enrolment, col(Enrolment.id) == col(PlaceMove.enrolment_id))
        .where(col(Enrolment.cohort_id).in_(cohort_ids), col(PlaceMove.from_cohort_id) != col(Enrolment.cohort_id))
    )
    found: dict[str, list[tuple[str, str, datetime]]] = {}
    for move, place in db.exec(moves.order_by(col(PlaceMove.at))):
        found.setdefault(place.cohort_id, []).append((place.person_id, move.from_cohort_id, move.at))
    return found


def who_was_in(db: Db, cohort_id: str, at: datetime) -> list[tuple[Enrolment, Person]]:
    """Who is in the group, by the name the group sees, then who was in it at `at` and has a place in another one now,
    has left or died since. Two statements.
    """
    moved = select(PlaceMove.from_cohort_id).where(PlaceMove.enrolment_id == Enrolment.id, col(PlaceMove.at) > at)
    # The first move after `at` says where they were then.
    then = func.coalesce(moved.order_by(col(PlaceMove.at)).limit(1).scalar_subquery(), col(Enrolment.cohort_id))
    from_here = select(PlaceMove.enrolment_id).where(PlaceMove.from_cohort_id == cohort_id, col(PlaceMove.at) > at)
    ended_since = select(PlaceEnding.id).where(
        PlaceEnding.enrolment_id == Enrolment.id,
        col(PlaceEnding.at) > at,
        col(PlaceEnding.state_before).in_(cohort_rules.IN_THE_GROUP),
    )
    moved_on = and_(col(Enrolment.state).in_(cohort_rules.IN_THE_GROUP), col(Enrolment.cohort_id) != cohort_id)
    gone = and_(col(Enrolment.state).in_(ENDED), col(Enrolment.enrolled_at) <= at, ended_since.exists())
    wanted = (
        select(Enrolment, Person)
        .join(Person, col(Person.id) == col(Enrolment.person_id))
        .where(
            or_(col(Enrolment.cohort_id) == cohort_id, col(Enrolment.id).in_(from_here)),
            then == cohort_id,
            or_(moved_on, gone),
        )
    )
    found = list(enrolled_in(db, cohort_id))
    # A place that ended says less than one that its person has here now.
    for place, person in sorted(db.exec(wanted), key=lambda each: (each[0].state in ENDED, each[0].id)):
        if place.state not in ENDED or all(place.person_id != each.person_id for each, _ in found):
            found.append((place, person))
    return found


def moved_away(db: Db, cohort_id: str) -> list[tuple[Person, Cohort, PlaceMove]]:
    """Who moved from this group to another and is not back, with the group they are in now. One statement."""
    wanted = (
        select(Person, Cohort, PlaceMove)
        .join(Enrolment, col(Enrolment.person_id) == col(Person.id))
        .join(PlaceMove, col(PlaceMove.enrolment_id) == col(Enrolment.id))
        .join(Cohort, col(Cohort.id) == col(Enrolment.cohort_id))
        .where(PlaceMove.from_cohort_id == cohort_id, col(Enrolment.cohort_id) != cohort_id)
    )
    newest = {person.id: (person, cohort, move) for person, cohort, move in db.exec(wanted.order_by(col(PlaceMove.at)))}
    return sorted(newest.values(), key=lambda each: isolated(each[0].full_name))
