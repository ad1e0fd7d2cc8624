"""How much picture a viewer's link gets."""

from backtolife.sessions.media.downlink import FIRST_PATIENCE, Downlink

RATES = [1_000_000, 500_000, 150_000, 50_000, 0]


def lowered(estimate: int, now: float = 10.0) -> Downlink:
    link = Downlink(len(RATES))
    link.heard(estimate * 2)
    link.heard(estimate)
    link.decide(RATES, now)
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
    link = lowered(160_000, now=10.0)
    assert link.decide(RATES, 10.0 + FIRST_PATIENCE - 1) == 2
    assert link.decide(RATES, 10.0 + FIRST_PATIENCE) == 1
    link.heard(400_000)
    link.heard(160_000)
    assert link.decide(RATES, 20.0) == 2
    assert link.decide(RATES, 20.0 + FIRST_PATIENCE + 1) == 2
    assert link.decide(RATES, 20.0 + 2 * FIRST_PATIENCE) == 1


def test_a_picture_of_one_size_is_dropped_when_it_does_not_fit() -> None:
    link = Downlink(5)
    link.heard(700_000)
    link.heard(300_000)
    assert link.decide([500_000, 500_000, 500_000, 500_000, 0], 5.0) == 4
