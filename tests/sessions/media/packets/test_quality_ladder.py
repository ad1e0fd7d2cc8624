"""How much of the pictures a viewer's link gets."""

from backtolife.sessions.media.packets.quality_ladder import (
    FIRST_PATIENCE,
    HOLD,
    LASTING,
    LATE,
    LONGEST_PATIENCE,
    STUBBORN,
    TOO_LATE,
    Downlink,
)

RATES = [1_000_000, 500_000, 150_000, 50_000, 0]
SMALL = [200_000, 150_000, 100_000, 50_000, 0]
QUIET = 1000.0
"""A time long after everything."""


def full(link: Downlink, carried: int, now: float, *, rates: list[int] = RATES, queue: float = 2 * LATE) -> int:
    """Reports of a queue that grows until `now`."""
    link.heard(queue, carried, now - LASTING - 0.01)
    link.heard(queue + 0.01, carried, now)
    return link.decide(rates, now)


def lowered(carried: int, now: float = 10.0) -> Downlink:
    link = Downlink(len(RATES))
    full(link, carried, now)
    return link


def test_a_link_without_a_queue_keeps_everything_however_little_it_carries() -> None:
    link = Downlink(len(RATES))
    for turn in range(100):
        link.heard(0.1, 20_000, float(turn))
    assert link.decide(RATES, 100.0) == 0
    assert not link.pending


def test_a_full_link_gets_at_once_what_fits() -> None:
    assert lowered(600_000).step == 1
    assert lowered(180_000).step == 2
    assert lowered(20_000).step == 4


def test_one_late_report_is_no_full_link_and_a_moment_of_them_is_none() -> None:
    link = Downlink(len(RATES))
    for queue, now in ((2 * LATE, 1.0), (0.0, 1.5), (2 * LATE, 2.0), (2 * LATE, 2.0 + LASTING / 2)):
        link.heard(queue, 400_000, now)
    assert link.decide(RATES, 3.0) == 0


def test_a_queue_that_drains_takes_nothing_more() -> None:
    link = lowered(600_000, now=10.0)
    for turn in range(10):
        link.heard(0.39 - turn * 0.03, 600_000, 10.1 + turn / 10)
    assert link.decide(RATES, 10.0 + HOLD + 1) == 1


def test_a_queue_that_stays_although_all_should_fit_takes_one_step() -> None:
    link = Downlink(len(RATES))
    assert full(link, 9_000_000, 5.0) == 0
    link.heard(2 * LATE, 9_000_000, 5.0 + STUBBORN)
    assert link.decide(RATES, 5.0 + STUBBORN) == 1


def test_a_queue_of_seconds_leaves_sound_alone() -> None:
    link = Downlink(len(RATES))
    assert full(link, 900_000, 1.0, queue=TOO_LATE + 0.1) == len(RATES) - 1


def test_it_tries_more_after_a_while_and_waits_longer_when_that_failed() -> None:
    link = lowered(590_000, now=10.0)
    link.heard(0.0, 590_000, 11.0)
    assert link.decide(SMALL, 10.0 + FIRST_PATIENCE - 1) == 1
    assert link.decide(SMALL, 10.0 + FIRST_PATIENCE) == 0
    assert full(link, 590_000, 20.0) == 1
    link.heard(0.0, 590_000, 21.0)
    assert link.decide(SMALL, 20.0 + FIRST_PATIENCE + 1) == 1
    assert link.decide(SMALL, 20.0 + 2 * FIRST_PATIENCE) == 0


def test_what_was_too_much_is_tried_again_after_the_longest_wait_only() -> None:
    link = lowered(180_000, now=10.0)
    assert link.step == 2
    assert link.decide(RATES, 10.0 + LONGEST_PATIENCE - 1) == 2
    assert link.decide(RATES, 10.0 + LONGEST_PATIENCE) == 1


def test_nothing_is_tried_while_there_is_no_picture_to_try_it_with() -> None:
    link = lowered(20_000, now=10.0)
    assert link.decide([0] * len(RATES), QUIET) == 4
    assert link.decide(RATES, QUIET) == 3


def test_steps_that_cost_nothing_more_come_with_the_one_below() -> None:
    rates = [150_000, 150_000, 150_000, 50_000, 0]
    link = Downlink(len(rates))
    assert full(link, 170_000, 1.0, rates=rates) == 3
    assert link.decide(rates, 1.0 + FIRST_PATIENCE) == 0


def test_a_picture_of_one_size_is_dropped_when_it_does_not_fit() -> None:
    rates = [500_000, 500_000, 500_000, 500_000, 0]
    assert full(Downlink(len(rates)), 300_000, 5.0, rates=rates) == 4


def test_reports_that_stay_away_take_all_pictures_until_it_is_clear_why() -> None:
    link = Downlink(len(RATES))
    link.unanswered(5.0)
    assert link.pending
    assert link.decide(RATES, 5.0) == 4
    assert link.unsure
    link.heard(0.05, 400_000, 5.3)
    assert link.decide(RATES, 5.3) == 0
    assert not link.unsure


def test_reports_that_come_late_because_the_link_is_full_give_back_what_fits() -> None:
    for carried, queue, step in ((200_000, LATE + 0.1, 2), (40_000, LATE + 0.1, 4), (200_000, TOO_LATE + 0.1, 4)):
        link = Downlink(len(RATES))
        link.unanswered(5.0)
        link.decide(RATES, 5.0)
        link.heard(queue, carried, 5.3)
        assert link.decide(RATES, 5.3) == step
        assert link.settled(5.3 + HOLD + 0.1)


def test_pictures_whose_last_reports_were_lost_come_back_soon_and_later_only_slowly() -> None:
    link = Downlink(len(RATES))
    link.unanswered(5.0)
    link.decide(RATES, 5.0)
    assert link.decide(RATES, 5.0 + HOLD) == 0
    link.unanswered(8.0)
    assert link.decide(RATES, 8.0) == 4
    assert link.decide(RATES, 8.0 + HOLD + 1) == 4
    assert link.decide(RATES, 8.0 + FIRST_PATIENCE) == 0
