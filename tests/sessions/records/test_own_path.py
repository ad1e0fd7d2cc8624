"""What a patient's first page says of the sessions they came to is what the records of attendance say of them."""

from datetime import datetime, timedelta

from sqlmodel import Session

from backtolife.people.access import Actor
from backtolife.people.models import Role
from backtolife.programme.cohorts.models import Cohort, Enrolment
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.places.transfer import transfer
from backtolife.sessions.records.attendance import attendance_of, begin_span, end_span
from backtolife.sessions.records.corrections import correct
from backtolife.sessions.records.own_path import own_path
from backtolife.sessions.room.models import Seat
from backtolife.sessions.room.services import for_date
from backtolife.sessions.state.rules import Camera, SeatRole, SeatStatus
from tests.support.factories import FIRST_DAY, Factory
from tests.support.reporting.attending import attend
from tests.support.statements import statements_of


def test_it_is_what_attendance_says_measured_put_right_and_from_the_group_before(db: Session, make: Factory) -> None:
    make.noise()
    service = make.service()
    before, group = make.cohort(service), make.cohort(service, first_day=FIRST_DAY + timedelta(days=7))
    ann, bea = make.enrolment(before, "Ann"), make.enrolment(before, "Bea")
    leads = {each.id: make.actor(make.facilitator(each)) for each in (before, group)}
    starts = {each.id: [date.starts_at for date in dates_of(db, each.id)] for each in (before, group)}
    for number, came in ((1, [ann, bea]), (2, [ann]), (3, [bea]), (4, [bea])):
        attend(db, before, number, came, starts[before.id][number - 1])
    put(db, (before, 2), ann, 0, leads[before.id])
    put(db, (before, 3), ann, 30, leads[before.id])
    looked_in_before_it_began(db, before, 4, ann)
    lead = make.actor(make.person(service, Role.CLINICAL_LEAD))
    moved_at = starts[before.id][3] + timedelta(hours=2)
    for each in (ann, bea):
        transfer(db, enrolment=each, to=group, words="", site="http://localhost", actor=lead, now=moved_at)
    attend(db, group, 5, [ann], starts[group.id][4])
    put(db, (group, 5), bea, 12, leads[group.id])
    put(db, (group, 5), bea, 0, leads[group.id])
    now = starts[group.id][5]
    assert numbers(db, ann, group, now) == {1, 3, 5}
    assert numbers(db, bea, group, now) == {1, 3, 4}


def numbers(db: Session, place: Enrolment, group: Cohort, now: datetime) -> set[int]:
    """By the patient's own page, in one statement, and by the records, which must be the same."""
    with statements_of(db.connection()) as seen:
        sessions, came = own_path(db, place, now=now)
    assert len(seen) == 1
    assert {each.cohort_id for each in sessions} == {group.id}
    assert [each.number for each in sessions] == [5]
    told = attendance_of(db, group, now=now)
    assert came == {each.session_number for each in told if each.person_id == place.person_id}
    return came


def put(db: Session, session: tuple[Cohort, int], place: Enrolment, minutes: int, actor: Actor) -> None:
    cohort, number = session
    held = for_date(db, dates_of(db, cohort.id)[number - 1])
    assert held.ended_at is not None
    correct(
        db, group_session=held, person_id=place.person_id, minutes=minutes, reason="By telephone", actor=actor,
        now=held.ended_at,
    )  # fmt: skip
    db.flush()


def looked_in_before_it_began(db: Session, cohort: Cohort, number: int, place: Enrolment) -> None:
    held = for_date(db, dates_of(db, cohort.id)[number - 1])
    assert held.started_at is not None
    seat = Seat(
        service_id=cohort.service_id, group_session_id=held.id, cohort_id=cohort.id, person_id=place.person_id,
        role=SeatRole.PATIENT, status=SeatStatus.LEFT, camera=Camera.OFF, lobby_at=held.started_at,
    )  # fmt: skip
    db.add(seat)
    db.flush()
    begin_span(db, group_session=held, seat=seat, connection="early", at=held.started_at - timedelta(minutes=9))
    db.flush()
    end_span(db, connection="early", at=held.started_at - timedelta(minutes=1))
    db.flush()
