"""What stands around a session that moves: people at its door, questions that hang on it, who could not come."""

from datetime import date, time, timedelta

from sqlmodel import Session

from backtolife.people.models import Person, Role
from backtolife.programme.changes.models import ChangeKind
from backtolife.programme.changes.wishes import Wish
from backtolife.programme.cohorts.enrolment import enrolled_in
from backtolife.programme.cohorts.models import SessionDate
from backtolife.programme.cohorts.services import dates_of
from backtolife.sessions.joining.running_late import not_coming, say, say_coming
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import GroupStatus, Seat
from backtolife.sessions.room.services import for_date
from backtolife.sessions.state.rules import Camera, SeatRole, SeatStatus
from tests.programme.changes.desk import WEDNESDAY, Desk
from tests.support.factories import Factory


def waits(desk: Desk, date: SessionDate, status: SeatStatus = SeatStatus.LOBBY) -> Person:
    """Ann has come to the door of a session that nobody has started."""
    held, (_, ann) = for_date(desk.db, date), enrolled_in(desk.db, desk.cohort.id)[0]
    held.status = GroupStatus.OPEN
    seat = Seat(
        service_id=held.service_id,
        group_session_id=held.id,
        cohort_id=held.cohort_id,
        person_id=ann.id,
        role=SeatRole.PATIENT,
        status=status,
        camera=Camera.OFF,
        lobby_at=date.starts_at,
    )
    desk.db.add(seat)
    desk.db.flush()
    return ann


def test_who_waits_is_named_to_staff_of_the_group_and_counted_for_others(desk: Desk, make: Factory) -> None:
    second = dates_of(desk.db, desk.cohort.id)[1]
    ann = waits(desk, second)
    now = second.starts_at - timedelta(minutes=5)
    clinical = desk.member(make, Role.CLINICAL_LEAD)
    asked = " ".join(desk.ask(WEDNESDAY, by=clinical, now=now).doubts)
    assert f"{ann.full_name} waits at the door of session 2" in asked
    assert "Somebody waits at the door of session 2" in " ".join(desk.ask(WEDNESDAY, now=now).doubts)


def test_who_went_away_again_and_another_session_are_not_asked_about(desk: Desk) -> None:
    second, third = dates_of(desk.db, desk.cohort.id)[1:3]
    waits(desk, second, SeatStatus.LEFT)
    waits(desk, third)
    assert "at the door" not in " ".join(desk.ask(WEDNESDAY).doubts)


def test_questions_that_would_close_are_named_when_a_session_moves_back(desk: Desk) -> None:
    """Half way is asked from session 5 on, for a week."""
    fifth = dates_of(desk.db, desk.cohort.id)[4]
    earlier = Wish(ChangeKind.MOVED, 5, date(2026, 4, 1), time(10))
    open_now, before = fifth.starts_at + timedelta(days=2), fifth.starts_at - timedelta(days=1)
    assert "“Half way” are open now and would be closed" in " ".join(desk.ask(earlier, now=open_now).doubts)
    assert "would be closed" not in " ".join(desk.ask(earlier, now=before).doubts)


def test_who_could_not_come_on_the_old_date_is_asked_anew(desk: Desk, db: Session) -> None:
    second, third = dates_of(desk.db, desk.cohort.id)[1:3]
    (_, ann), (_, ben) = enrolled_in(db, desk.cohort.id)
    now = second.starts_at - timedelta(hours=3)
    for each in (second, third):
        say_coming(db, group_session=for_date(db, each), person=ann, coming=False, now=now)
    say(db, group_session=for_date(db, second), person=ben, minutes=10, now=now)
    desk.change(WEDNESDAY, now=now)
    assert not_coming(for_date(db, second)) == frozenset()
    assert room.state_of(db, for_date(db, second)).get("late") == {}
    assert not_coming(for_date(db, third)) == {ann.id}


def test_who_cannot_come_is_still_known_when_only_other_sessions_move(desk: Desk, db: Session) -> None:
    third = dates_of(db, desk.cohort.id)[2]
    (_, ann), _ = enrolled_in(db, desk.cohort.id)
    say_coming(db, group_session=for_date(db, third), person=ann, coming=False, now=desk.now)
    desk.change(WEDNESDAY)
    assert not_coming(for_date(db, third)) == {ann.id}
