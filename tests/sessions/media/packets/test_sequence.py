"""Sequence numbers that wrap, and gaps."""

from itertools import pairwise

from backtolife.sessions.media.packets.sequence import MOST_REQUESTS, RETRY_AFTER, Extender, Gaps


def test_numbers_go_on_over_the_wrap() -> None:
    numbers = Extender()
    full = [numbers.extend(number) for number in (65534, 65535, 0, 1)]
    assert [later - earlier for earlier, later in pairwise(full)] == [1, 1, 1]
    assert numbers.expected == 4


def test_a_late_packet_does_not_move_the_highest() -> None:
    numbers = Extender()
    first = numbers.extend(10)
    numbers.extend(13)
    assert numbers.extend(11) == first + 1
    assert numbers.highest == first + 3


def test_a_late_packet_from_before_the_wrap_is_found_there() -> None:
    numbers = Extender()
    first = numbers.extend(65535)
    numbers.extend(2)
    assert numbers.find(65535) == first


def test_a_gap_is_asked_for_at_once_then_again_then_given_up() -> None:
    gaps = Gaps()
    assert gaps.jumped(5, 8, now=0.0) == [6, 7]
    assert gaps.due(RETRY_AFTER / 2).again == []
    asked = 1
    now = 0.0
    while not gaps.due(now).lost:
        now += RETRY_AFTER / 4
        asked += 1
        assert asked < 100
    assert now >= RETRY_AFTER * MOST_REQUESTS
    assert len(gaps) == 0


def test_a_packet_that_comes_is_not_asked_for_again() -> None:
    gaps = Gaps()
    gaps.jumped(5, 8, now=0.0)
    assert gaps.filled(6)
    assert not gaps.filled(6)
    assert gaps.due(1.0).again == [7]


def test_a_great_jump_is_a_new_beginning_and_no_gap() -> None:
    assert Gaps().jumped(5, 5000, now=0.0) == []
