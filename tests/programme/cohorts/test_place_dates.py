"""When a place came to each step, read from its changes of state."""

from datetime import UTC, datetime, timedelta

from backtolife.programme.cohorts.place_dates import place_dates
from backtolife.programme.cohorts.rules import TAKEN_BACK
from backtolife.programme.cohorts.rules import EnrolmentState as S

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def day(number: int) -> datetime:
    return MONDAY + timedelta(days=number)


def test_each_step_has_the_day_on_which_it_was_reached() -> None:
    walk = [(S.INVITED, day(0), ""), (S.ENROLLED, day(2), "yes"), (S.STARTED, day(8), ""), (S.COMPLETED, day(90), "")]
    dates = {S.INVITED: day(0), S.ENROLLED: day(2), S.STARTED: day(8), S.COMPLETED: day(90)}
    assert place_dates(reversed(walk)) == dates


def test_a_no_and_a_later_yes_are_both_kept() -> None:
    walk = [(S.INVITED, day(0), ""), (S.DECLINED, day(1), "no"), (S.ENROLLED, day(3), "yes")]
    assert place_dates(walk) == {S.INVITED: day(0), S.DECLINED: day(1), S.ENROLLED: day(3)}


def test_what_is_taken_back_has_no_date_and_what_stood_before_keeps_its_own() -> None:
    walk = [
        (S.ENROLLED, day(0), ""),
        (S.STARTED, day(7), ""),
        (S.WITHDRAWN, day(20), "work"),
        (S.STARTED, day(21), TAKEN_BACK),
    ]
    assert place_dates(walk) == {S.ENROLLED: day(0), S.STARTED: day(7)}


def test_somebody_who_leaves_again_after_coming_back_left_on_the_second_day() -> None:
    walk = [
        (S.ENROLLED, day(0), ""),
        (S.WITHDRAWN, day(5), "work"),
        (S.ENROLLED, day(6), TAKEN_BACK),
        (S.WITHDRAWN, day(9), "ill"),
    ]
    assert place_dates(walk) == {S.ENROLLED: day(0), S.WITHDRAWN: day(9)}


def test_a_death_taken_back_into_a_full_group_is_a_leaving() -> None:
    walk = [(S.STARTED, day(0), ""), (S.DIED, day(5), ""), (S.WITHDRAWN, day(6), TAKEN_BACK)]
    assert place_dates(walk) == {S.STARTED: day(0), S.WITHDRAWN: day(6)}


def test_two_steps_taken_back_in_one_moment_are_both_gone() -> None:
    walk = [(S.ENROLLED, day(0), ""), (S.STARTED, day(7), ""), (S.COMPLETED, day(9), "")]
    back = [(S.STARTED, day(20), TAKEN_BACK), (S.ENROLLED, day(20), TAKEN_BACK)]
    assert place_dates([*walk, *back]) == {S.ENROLLED: day(0)}


def test_what_was_written_down_in_one_moment_counts_in_the_order_of_a_life() -> None:
    at_once = [(S.ENROLLED, day(0), TAKEN_BACK), (S.WITHDRAWN, day(0), "ill"), (S.ENROLLED, day(0), "")]
    assert place_dates(at_once) == {S.ENROLLED: day(0)}
