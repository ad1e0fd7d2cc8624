"""Places, states and doors."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtolife.errors import Conflict, Invalid
from backtolife.programme.cohorts.models import HOLDING, SessionDate
from backtolife.programme.cohorts.rules import (
    HEARS_FROM_US,
    HOLDS_A_PLACE,
    MAY_JOIN,
    TRANSITIONS,
    Door,
    EnrolmentState,
    check_capacity,
    door,
    is_asked,
    move,
    refuse_unless_open,
    take_place,
)

STARTS = datetime(2027, 4, 6, 17, 30, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=90)
MEETS = SessionDate(service_id="s", cohort_id="c", number=4, starts_at=STARTS, ends_at=ENDS)


def test_the_last_place_can_be_taken_and_then_the_group_is_full() -> None:
    assert take_place(13, 14) == 14
    with pytest.raises(Conflict, match="This group is full: it has room for 14 people"):
        take_place(14, 14)


def test_a_capacity_the_programme_cannot_run_for_is_refused() -> None:
    check_capacity(14, largest=14)
    for capacity in (0, 15):
        with pytest.raises(Invalid, match="1 to 14 patients"):
            check_capacity(capacity, largest=14)


def test_an_enrolment_walks_from_invited_to_completed() -> None:
    state = EnrolmentState.INVITED
    for step in (EnrolmentState.ENROLLED, EnrolmentState.STARTED, EnrolmentState.COMPLETED):
        state = move(state, step)
    assert state is EnrolmentState.COMPLETED


def test_a_step_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(Conflict, match=r"is completed, and cannot become enrolled\. From here they can become: died"):
        move(EnrolmentState.COMPLETED, EnrolmentState.ENROLLED)


def test_the_database_and_the_rules_agree_who_holds_a_place() -> None:
    assert f"state IN ({', '.join(repr(str(each)) for each in EnrolmentState if each in HOLDS_A_PLACE)})" == HOLDING


@pytest.mark.parametrize("later", [True, False])
@pytest.mark.parametrize("agreed", [True, False])
def test_who_left_is_asked_the_later_questions_alone_and_only_if_they_agreed(agreed: bool, later: bool) -> None:
    assert is_asked(EnrolmentState.WITHDRAWN, agreed_later=agreed, later=later) == (agreed and later)
    assert not is_asked(EnrolmentState.DIED, agreed_later=agreed, later=later)
    assert is_asked(EnrolmentState.COMPLETED, agreed_later=agreed, later=later)


def test_moving_to_the_same_state_twice_changes_nothing() -> None:
    with pytest.raises(Conflict, match="already enrolled"):
        move(EnrolmentState.ENROLLED, EnrolmentState.ENROLLED)


@given(st.sampled_from(sorted(HOLDS_A_PLACE)))
def test_everyone_who_holds_a_place_can_withdraw_and_can_die(state: EnrolmentState) -> None:
    assert {EnrolmentState.WITHDRAWN, EnrolmentState.DIED} <= TRANSITIONS[state]


def test_nobody_who_left_holds_a_place_joins_or_hears_from_us() -> None:
    assert not {EnrolmentState.WITHDRAWN, EnrolmentState.DIED} & (HOLDS_A_PLACE | MAY_JOIN | HEARS_FROM_US)
    assert MAY_JOIN <= HOLDS_A_PLACE


@pytest.mark.parametrize(
    ("minutes", "state"),
    [(-16, Door.EARLY), (-15, Door.OPEN), (0, Door.OPEN), (104, Door.OPEN), (105, Door.OVER)],
)
def test_the_waiting_room_opens_a_quarter_of_an_hour_before_and_closes_as_long_after(minutes: int, state: Door) -> None:
    assert door(STARTS + timedelta(minutes=minutes), MEETS) is state


def test_someone_early_is_told_when_to_come_back_by_the_clock_on_their_wall() -> None:
    with pytest.raises(Conflict, match="Session 4 opens at 6:15pm on Tuesday 6 April"):
        refuse_unless_open(STARTS - timedelta(hours=2), MEETS, number=4, zone="Europe/London")


def test_someone_late_is_told_that_it_is_over_and_someone_in_time_is_let_in() -> None:
    with pytest.raises(Conflict, match="Session 4 is over"):
        refuse_unless_open(ENDS + timedelta(hours=1), MEETS, number=4, zone="Europe/London")
    refuse_unless_open(STARTS, MEETS, number=4, zone="Europe/London")
    assert door(STARTS, MEETS) is Door.OPEN


def test_a_programme_may_open_the_waiting_room_earlier_and_close_it_later() -> None:
    meets = SessionDate(
        service_id="s", cohort_id="c", number=4, starts_at=STARTS, ends_at=ENDS, opens_before=30, open_after=5
    )
    at = [STARTS - timedelta(minutes=30), ENDS + timedelta(minutes=4), ENDS + timedelta(minutes=5)]
    assert [door(each, meets) for each in at] == [Door.OPEN, Door.OPEN, Door.OVER]
