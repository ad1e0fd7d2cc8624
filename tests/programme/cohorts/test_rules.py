"""Places, states and doors."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtolife.errors import Conflict, Invalid
from backtolife.programme.cohorts.rules import (
    HEARS_FROM_US,
    HOLDS_A_PLACE,
    MAY_JOIN,
    TRANSITIONS,
    Door,
    EnrolmentState,
    check_capacity,
    door,
    move,
    refuse_unless_open,
    take_place,
)

STARTS = datetime(2027, 4, 6, 17, 30, tzinfo=UTC)
ENDS = STARTS + timedelta(minutes=90)


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


def test_someone_who_withdrew_can_be_invited_again_but_not_simply_put_back() -> None:
    assert move(EnrolmentState.WITHDRAWN, EnrolmentState.INVITED) is EnrolmentState.INVITED
    with pytest.raises(Conflict, match=r"is withdrawn, and cannot become started\. From here they can become: invited"):
        move(EnrolmentState.WITHDRAWN, EnrolmentState.STARTED)


def test_moving_to_the_same_state_twice_changes_nothing() -> None:
    with pytest.raises(Conflict, match="already enrolled"):
        move(EnrolmentState.ENROLLED, EnrolmentState.ENROLLED)


@given(st.sampled_from(EnrolmentState))
def test_everyone_still_with_us_can_withdraw(state: EnrolmentState) -> None:
    assert (EnrolmentState.WITHDRAWN in TRANSITIONS[state]) == (state is not EnrolmentState.WITHDRAWN)


def test_nobody_who_left_holds_a_place_joins_or_hears_from_us() -> None:
    assert EnrolmentState.WITHDRAWN not in HOLDS_A_PLACE | MAY_JOIN | HEARS_FROM_US
    assert MAY_JOIN <= HOLDS_A_PLACE


@pytest.mark.parametrize(
    ("minutes", "state"),
    [(-16, Door.EARLY), (-15, Door.OPEN), (0, Door.OPEN), (104, Door.OPEN), (105, Door.OVER)],
)
def test_the_waiting_room_opens_a_quarter_of_an_hour_before_and_closes_as_long_after(minutes: int, state: Door) -> None:
    assert door(STARTS + timedelta(minutes=minutes), starts_at=STARTS, ends_at=ENDS) is state


def test_someone_early_is_told_when_to_come_back_by_the_clock_on_their_wall() -> None:
    with pytest.raises(Conflict, match="Session 4 opens at 6:15pm on Tuesday 6 April"):
        refuse_unless_open(STARTS - timedelta(hours=2), number=4, starts_at=STARTS, ends_at=ENDS, zone="Europe/London")


def test_someone_late_is_told_that_it_is_over_and_someone_in_time_is_let_in() -> None:
    with pytest.raises(Conflict, match="Session 4 is over"):
        refuse_unless_open(ENDS + timedelta(hours=1), number=4, starts_at=STARTS, ends_at=ENDS, zone="Europe/London")
    refuse_unless_open(STARTS, number=4, starts_at=STARTS, ends_at=ENDS, zone="Europe/London")
    assert door(STARTS, starts_at=STARTS, ends_at=ENDS) is Door.OPEN
