"""Live sessions in the database: made once, found, sat in, remembered, attended."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from backtolife.errors import Conflict, Invalid, NotFound, NotPermitted
from backtolife.people.access import OutOfReach
from backtolife.programme.cohorts.services import dates_of
from backtolife.programme.plan.loading import shipped
from backtolife.sessions.records import attendance, chat
from backtolife.sessions.room import seats, services
from backtolife.sessions.room import store as room
from backtolife.sessions.room.models import Audience, GroupStatus, Seat, SectionEntered
from backtolife.sessions.safety import alerts
from backtolife.sessions.state import script
from backtolife.sessions.state import seats as seat_changes
from backtolife.sessions.state.rules import Camera, SeatStatus
from tests.support.sessions.gathering import Gathering, gather

SECTIONS = shipped().session(1).sections


@pytest.fixture
def group(db: Session, now: datetime) -> Gathering:
    return gather(db, now)


def test_a_cohort_has_nine_group_sessions_however_often_they_are_scheduled(db: Session, group: Gathering) -> None:
    once = services.schedule(db, cohort=group.cohort)
    again = services.schedule(db, cohort=group.cohort)
    assert [one.id for one in once] == [one.id for one in again]
    assert len({one.join_code for one in once}) == 9


def test_the_next_session_is_the_one_whose_doors_have_not_closed(db: Session, group: Gathering, now: datetime) -> None:
    first, second = dates_of(db, group.cohort.id)[:2]
    found = services.next_for(db, cohort_id=group.cohort.id, now=now)
    later = services.next_for(db, cohort_id=group.cohort.id, now=first.ends_at + timedelta(minutes=16))
    assert found is not None and found.session_date_id == first.id
    assert later is not None and later.session_date_id == second.id


def test_there_is_no_next_session_after_the_last(db: Session, group: Gathering) -> None:
    last = dates_of(db, group.cohort.id)[-1]
    assert services.next_for(db, cohort_id=group.cohort.id, now=last.ends_at + timedelta(hours=1)) is None


def test_a_session_that_was_ended_early_is_not_the_next(db: Session, group: Gathering, now: datetime) -> None:
    group.sit(group.lead, now=now)
    group.apply(script.end, now, now_ms=0)
    found = services.next_for(db, cohort_id=group.cohort.id, now=now)
    assert found is not None and found.number == 2


def test_another_groups_patient_does_not_find_the_session(db: Session, group: Gathering) -> None:
    stranger = group.make.enrolment(group.make.cohort(group.make.service()))
    person = db.get_one(type(group.lead), stranger.person_id)
    with pytest.raises(OutOfReach):
        services.find(
            db, actor=group.make.actor(person), group_session_id=group.group_session.id, action="session.join"
        )


def test_a_session_that_does_not_exist_is_not_found(db: Session, group: Gathering) -> None:
    with pytest.raises(NotFound):
        services.find(db, actor=group.make.actor(group.lead), group_session_id="none", action="session.join")


def test_a_patient_sits_in_the_waiting_room_and_a_facilitator_in_the_room(group: Gathering, now: datetime) -> None:
    assert group.sit(group.patients[0], now=now).status is SeatStatus.LOBBY
    assert group.sit(group.lead, now=now).status is SeatStatus.ADMITTED


def test_a_patient_without_a_number_to_ring_is_asked_for_one(group: Gathering, db: Session, now: datetime) -> None:
    patient = group.patients[0]
    with pytest.raises(Invalid):
        seats.take_seat(
            db,
            group_session=group.group_session,
            person=patient,
            ready=seats.Ready(Camera.OFF),
            actor=group.make.actor(patient),
            now=now,
        )


def test_a_patient_who_was_removed_cannot_sit_down_again(group: Gathering, now: datetime) -> None:
    seat = group.sit(group.patients[0], now=now)
    group.apply(seat_changes.remove, now, seat=seat.id)
    with pytest.raises(NotPermitted):
        group.sit(group.patients[0], now=now)


def test_nobody_sits_down_after_the_end(group: Gathering, now: datetime) -> None:
    group.sit(group.lead, now=now)
    group.apply(script.end, now, now_ms=0)
    with pytest.raises(Conflict):
        group.sit(group.patients[0], now=now)


def test_the_camera_choice_is_remembered_from_last_time(db: Session, group: Gathering, now: datetime) -> None:
    patient = group.patients[0]
    assert seats.last_camera(db, patient.id) is None
    group.sit(patient, now=now, camera=Camera.FACILITATORS)
    assert seats.last_camera(db, patient.id) is Camera.FACILITATORS


def test_a_camera_that_a_facilitator_stopped_is_not_what_the_person_chose(
    db: Session, group: Gathering, now: datetime
) -> None:
    patient = group.patients[0]
    seat = group.sit(patient, now=now, camera=Camera.EVERYONE)
    group.apply(seat_changes.stop_camera, now, seat=seat.id, now_ms=0)
    group.apply(seat_changes.admit, now, seat=seat.id, now_ms=0)
    assert group.group_session.state["seats"][seat.id]["camera"] == Camera.OFF
    assert seats.last_camera(db, patient.id) is Camera.EVERYONE
    group.apply(seat_changes.camera_choice, now, seat=seat.id, choice=Camera.FACILITATORS)
    assert seats.last_camera(db, patient.id) is Camera.FACILITATORS


def test_what_people_told_us_is_deleted_after_the_session_but_for_who_called_for_help(
    db: Session, group: Gathering, now: datetime
) -> None:
    linda, joseph = (group.sit(person, now=now, news="A fall") for person in group.patients)
    alerts.raise_alert(db, seat=linda, actor=group.make.actor(group.patients[0]), now=now)
    seats.forget_answers(db, group_session=group.group_session)
    assert (joseph.place, joseph.phone, joseph.emergency_phone, joseph.news) == ("", "", "", "")
    assert (linda.place, linda.news) == ("At home: 3 Elm Road", "A fall")


def test_pressing_help_twice_is_one_call(db: Session, group: Gathering, now: datetime) -> None:
    seat, actor = group.sit(group.patients[0], now=now), group.make.actor(group.patients[0])
    first = alerts.raise_alert(db, seat=seat, actor=actor, now=now)
    assert alerts.raise_alert(db, seat=seat, actor=actor, now=now).id == first.id


def test_every_change_raises_the_version_and_is_kept(db: Session, group: Gathering, now: datetime) -> None:
    group.sit(group.lead, now=now)
    change = group.apply(script.start, now, sections=SECTIONS, now_ms=0)
    db.expire_all()
    kept = room.load(db, group.group_session.id)
    assert (kept.version, kept.state["section"]["index"]) == (change.version, 0)
    assert kept.status is GroupStatus.RUNNING and kept.started_at == now


def test_a_refused_event_changes_nothing(group: Gathering, now: datetime) -> None:
    group.sit(group.lead, now=now)
    version = group.group_session.version
    with pytest.raises(Conflict):
        group.apply(script.next, now, sections=SECTIONS, seen=0, now_ms=0)
    assert group.group_session.version == version


def test_the_sections_are_kept_with_their_times(db: Session, group: Gathering, now: datetime) -> None:
    group.sit(group.lead, now=now)
    group.apply(script.start, now, sections=SECTIONS, now_ms=0)
    group.apply(script.next, now + timedelta(minutes=10), sections=SECTIONS, seen=0, now_ms=0)
    group.apply(script.end, now + timedelta(minutes=24), now_ms=0)
    pages = db.exec(select(SectionEntered).order_by(SectionEntered.entered_at)).all()  # type: ignore[arg-type]
    assert [(page.section_id, page.left_at) for page in pages] == [
        (SECTIONS[0].id, now + timedelta(minutes=10)),
        (SECTIONS[1].id, now + timedelta(minutes=24)),
    ]


def test_a_message_that_is_sent_again_is_the_same_message(db: Session, group: Gathering, now: datetime) -> None:
    seat = group.sit(group.patients[0], now=now)
    new = chat.NewMessage("Hello", Audience.GROUP, "c1")
    message = chat.write(db, group_session=group.group_session, seat=seat, new=new, now=now)
    assert chat.earlier(db, seat=seat, client_id="c1") == message
    assert chat.earlier(db, seat=seat, client_id="c2") is None


def test_a_private_message_is_read_by_its_writer_and_facilitators_only(
    db: Session, group: Gathering, now: datetime
) -> None:
    linda, joseph = (group.sit(person, now=now) for person in group.patients)
    tom = group.sit(group.spotter, now=now)
    new = chat.NewMessage("Just for you", Audience.FACILITATORS, "c1")
    chat.write(db, group_session=group.group_session, seat=linda, new=new, now=now)
    assert [len(chat.visible_to(db, seat=seat)) for seat in (linda, joseph, tom)] == [1, 0, 1]


def attended(db: Session, group: Gathering, now: datetime) -> Seat:
    """Linda is connected from the start for 20 minutes, then 20 more in two tabs that overlap."""
    linda = group.sit(group.patients[0], now=now)
    group.sit(group.patients[1], now=now)
    group.sit(group.lead, now=now)
    group.apply(script.start, now, sections=SECTIONS, now_ms=0)
    for connection, start, end in (("PA_1", 0, 20), ("PA_2", 30, 45), ("PA_3", 40, 50)):
        at = now + timedelta(minutes=start)
        attendance.begin_span(db, group_session=group.group_session, seat=linda, connection=connection, at=at)
        db.flush()
        attendance.end_span(db, connection=connection, at=now + timedelta(minutes=end))
    group.apply(script.end, now + timedelta(minutes=90), now_ms=0)
    return linda


def test_attendance_counts_minutes_once_and_only_who_came(db: Session, group: Gathering, now: datetime) -> None:
    attended(db, group, now)
    found = attendance.attendance_of(db, group.cohort, now=now + timedelta(hours=3))
    assert [(one.person_id, one.minutes, one.late) for one in found] == [(group.patients[0].id, 40, False)]
    assert found[0].by_section[SECTIONS[0].id] == 40


def test_a_session_that_has_not_started_has_no_attendance(db: Session, group: Gathering, now: datetime) -> None:
    group.sit(group.patients[0], now=now)
    assert attendance.attendance_of(db, group.cohort, now=now) == []


def test_a_webhook_that_comes_twice_counts_once(db: Session, group: Gathering, now: datetime) -> None:
    taken = [
        attendance.take_event(db, event_id="EV_1", kind="participant_joined", group_session=group.group_session, at=now)
        for _ in range(2)
    ]
    assert taken == [True, False]


def test_with_two_tabs_open_closing_one_is_not_leaving(db: Session, group: Gathering, now: datetime) -> None:
    seat = group.sit(group.patients[0], now=now)
    for connection in ("PA_1", "PA_2"):
        attendance.begin_span(db, group_session=group.group_session, seat=seat, connection=connection, at=now)
    db.flush()
    attendance.end_span(db, connection="PA_1", at=now)
    assert attendance.still_connected(db, seat_id=seat.id)
    attendance.end_span(db, connection="PA_2", at=now)
    assert not attendance.still_connected(db, seat_id=seat.id)
