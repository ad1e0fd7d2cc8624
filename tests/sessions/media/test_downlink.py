"""How much picture a viewer's link gets."""

from backtolife.sessions.media.downlink import BOLD_PATIENCE, FIRST_PATIENCE, Downlink

RATES = [1_000_000, 500_000, 150_000, 50_000, 0]


def fall(link: Downlink, estimate: int, now: float, rates: list[int] = RATES) -> int:
    """The step after a fall to this estimate."""
    link.heard(estimate * 2)
    assert link.heard(estimate)
    return link.decide(rates, now)


def lowered(estimate: int, now: float = 10.0) -> Downlink:
    link = Downlink(len(RATES))
    for moment in (now - 1, now):
        fall(link, estimate, moment)
    return link


def test_a_slowly_climbing_estimate_takes_nothing_away() -> None:
    link = Downlink(len(RATES))
    for estimate in range(100_000, 300_000, 10_000):
        link.heard(estimate)
    assert link.decide(RATES, 1.0) == 0


def test_a_fall_goes_straight_to_what_fits() -> None:
    assert lowered(600_000).step == 1
    assert lowered(160_000).step == 2
    assert lowered(20_000).step == 4


def test_a_small_fall_is_no_fall() -> None:
    link = Downlink(len(RATES))
    link.heard(500_000)
    link.heard(480_000)
    assert link.decide(RATES, 1.0) == 0


def test_it_tries_more_after_a_while_and_waits_longer_when_that_failed() -> None:
    link = lowered(400_000, now=10.0)
    assert link.decide(RATES, 10.0 + FIRST_PATIENCE - 1) == 2
    assert link.decide(RATES, 10.0 + FIRST_PATIENCE) == 1
    assert fall(link, 400_000, 20.0) == 2
    assert link.decide(RATES, 20.0 + FIRST_PATIENCE + 1) == 2
    assert link.decide(RATES, 20.0 + 2 * FIRST_PATIENCE) == 1


def test_a_picture_of_one_size_is_dropped_when_it_does_not_fit() -> None:
    link, rates = Downlink(5), [500_000, 500_000, 500_000, 500_000, 0]
    assert [fall(link, 300_000, now, rates) for now in (5.0, 6.0)] == [0, 4]


def test_a_fall_to_more_than_is_sent_takes_nothing_away() -> None:
    link = lowered(160_000)
    assert fall(link, 155_000, 12.0) == 2
    assert fall(link, 151_000, 13.0) == 2


def test_one_fall_is_a_suspicion_and_one_that_follows_is_believed() -> None:
    link = Downlink(len(RATES))
    assert fall(link, 850_000, 10.0) == 0
    assert fall(link, 700_000, 10.2) == 0, "the same moment"
    assert fall(link, 850_000, 20.0) == 0, "long after"
    assert fall(link, 720_000, 22.0) == 1
    assert fall(link, 300_000, 22.2) == 1, "a report about the step before"


def test_a_link_whose_queue_stays_full_is_known_by_what_it_loses() -> None:
    link = Downlink(len(RATES))
    assert link.decide(RATES, 10.0, lost=0.2) == 0, "a bad link with room for everything"
    assert link.decide(RATES, 11.0, lost=0.8) == 2
    assert link.decide(RATES, 12.0, lost=0.8) == 2, "a report about the step before"
    assert link.decide(RATES, 13.0, lost=0.5) == 3


def test_a_step_far_above_what_got_through_and_a_first_picture_are_tried_late() -> None:
    for estimate, low in ((160_000, 2), (20_000, 4)):
        link = lowered(estimate, now=10.0)
        assert link.decide(RATES, 10.0 + BOLD_PATIENCE - 1) == low
        assert link.decide(RATES, 10.0 + BOLD_PATIENCE) == low - 1


def test_a_trial_that_loses_a_little_is_over() -> None:
    link = lowered(400_000, now=10.0)
    assert link.decide(RATES, 10.0 + FIRST_PATIENCE) == 1
    assert link.decide(RATES, 20.0, lost=0.15) == 2


def test_a_trial_ends_with_the_first_fall() -> None:
    link = lowered(400_000, now=10.0)
    assert link.decide(RATES, 10.0 + FIRST_PATIENCE) == 1
    assert fall(link, 450_000, 19.0) == 2
    assert fall(link, 100_000, 19.2) == 2, "a report about the step before"
