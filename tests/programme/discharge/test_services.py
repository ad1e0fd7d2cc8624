"""The programme is over for somebody: discharged, completed by the programme's rule, told once, and taken back."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from backtolife.audit import AuditEntry
from backtolife.errors import Conflict, Invalid
from backtolife.people.access import OutOfReach
from backtolife.programme.cohorts.enrolment import change_state
from backtolife.programme.cohorts.rules import EnrolmentState
from backtolife.programme.discharge import services
from backtolife.programme.discharge.models import PlaceDischarge
from backtolife.reporting.dataset.loading import load
from backtolife.sessions.records.came import put_right
from backtolife.sessions.room.models import GroupSession
from tests.programme.discharge.group_at_its_end import Ended, ended
from tests.support.factories import Factory


@pytest.fixture
def group(db: Session, make: Factory) -> Ended:
    return ended(db, make)


def test_who_came_to_six_sessions_or_more_has_completed_and_others_took_part(group: Ended) -> None:
    assert group.discharge("Ann", "Ben", "Cas") == 2
    states = {name: place.state for name, place in group.places.items()}
    assert states == {
        "Ann": EnrolmentState.COMPLETED,
        "Ben": EnrolmentState.STARTED,
        "Cas": EnrolmentState.ENROLLED,
    }
    assert group.dates("Ann")[EnrolmentState.COMPLETED] == group.now
    rows = {row.enrolment_id: row.sessions for row in group.db.exec(select(PlaceDischarge))}
    assert rows == {group.places["Ann"].id: 9, group.places["Ben"].id: 5}


def test_each_is_told_once_and_a_second_press_changes_nothing(group: Ended) -> None:
    group.discharge("Ann", "Ben")
    assert group.discharge("Ann", "Ben") == 0
    mails = group.mails()
    assert {mail.person_id for mail in mails} == {group.places["Ann"].person_id, group.places["Ben"].person_id}
    assert len(mails) == 2
    assert {mail.subject for mail in mails} == {"Thank you for taking part"}


def test_it_is_written_down_who_discharged_whom(group: Ended) -> None:
    group.discharge("Ann")
    made = group.db.exec(select(AuditEntry).where(col(AuditEntry.action) == "place_discharged")).one()
    assert (made.actor_id, made.subject_id) == (group.lead.id, group.places["Ann"].id)


def test_nobody_is_discharged_while_a_session_is_to_come(group: Ended) -> None:
    with pytest.raises(Conflict, match="still meets"):
        group.discharge("Ann", now=group.now - timedelta(days=2))


def test_nobody_at_all_is_refused_in_words(group: Ended) -> None:
    with pytest.raises(Invalid, match="Choose who"):
        group.discharge()


def test_another_groups_facilitator_discharges_nobody(group: Ended, make: Factory) -> None:
    group.lead = make.actor(make.facilitator(make.cohort(make.service())))
    with pytest.raises(OutOfReach):
        group.discharge("Ann")


def test_a_discharge_is_taken_back_and_the_step_loses_its_date(group: Ended) -> None:
    group.discharge("Ann")
    later = group.now + timedelta(hours=1)
    services.take_back(group.db, enrolment=group.places["Ann"], actor=group.lead, now=later)
    assert group.places["Ann"].state is EnrolmentState.STARTED
    assert EnrolmentState.COMPLETED not in group.dates("Ann")
    with pytest.raises(Conflict, match="Nothing was changed"):
        services.take_back(group.db, enrolment=group.places["Ann"], actor=group.lead, now=later)


def test_discharged_again_after_a_mistake_nobody_is_thanked_twice(group: Ended) -> None:
    group.discharge("Ann")
    services.take_back(group.db, enrolment=group.places["Ann"], actor=group.lead, now=group.now + timedelta(hours=1))
    assert group.discharge("Ann", now=group.now + timedelta(hours=2)) == 1
    assert len(group.mails()) == 1


def put(group: Ended, name: str, number: int, minutes: int) -> None:
    held = select(GroupSession).where(GroupSession.cohort_id == group.cohort.id, col(GroupSession.number) == number)
    put_right(
        group.db,
        group_session=group.db.exec(held).one(),
        person_id=group.places[name].person_id,
        minutes=minutes,
        reason="Joined by telephone",
        actor=group.lead,
        now=group.now + timedelta(hours=1),
    )


def test_attendance_put_right_makes_somebody_complete_and_no_more(group: Ended) -> None:
    group.discharge("Ben")
    put(group, "Ben", 6, 70)
    assert group.places["Ben"].state is EnrolmentState.COMPLETED
    put(group, "Ben", 6, 0)
    assert group.places["Ben"].state is EnrolmentState.STARTED
    assert EnrolmentState.COMPLETED not in group.dates("Ben")


def let_in(group: Ended, name: str) -> None:
    """They were let in from the door, and were never connected while a session was on."""
    place = group.places[name]
    change_state(group.db, enrolment=place, to=EnrolmentState.STARTED, actor=group.lead, now=group.now)


def test_who_was_let_in_and_never_was_in_a_session_has_not_come(group: Ended) -> None:
    let_in(group, "Cas")
    assert group.discharge("Cas", now=group.now + timedelta(hours=1)) == 0
    assert group.places["Cas"].state is EnrolmentState.ENROLLED
    assert EnrolmentState.STARTED not in group.dates("Cas")
    assert group.mails() == []
    member = load(group.db, service_id=group.cohort.service_id, now=group.now + timedelta(hours=2)).members
    assert [each.started for each in member if each.code == group.places["Cas"].code] == [False]


def test_a_discharge_goes_with_the_last_session_that_somebody_came_to(group: Ended) -> None:
    put(group, "Cas", 1, 60)
    group.discharge("Cas", now=group.now + timedelta(hours=2))
    put(group, "Cas", 1, 0)
    assert group.places["Cas"].state is EnrolmentState.ENROLLED
    assert services.open_discharge(group.db, group.places["Cas"]) is None


def test_nobody_completes_by_a_correction_before_staff_say_that_it_is_over(group: Ended) -> None:
    put(group, "Ben", 6, 70)
    assert group.places["Ben"].state is EnrolmentState.STARTED


def test_who_joined_by_telephone_has_started_and_has_not_when_that_was_wrong(group: Ended) -> None:
    put(group, "Cas", 1, 60)
    assert group.places["Cas"].state is EnrolmentState.STARTED
    put(group, "Cas", 1, 0)
    assert group.places["Cas"].state is EnrolmentState.ENROLLED
    assert EnrolmentState.STARTED not in group.dates("Cas")
