"""How long pictures wait in a viewer's link, and how much gets through."""

from backtolife.sessions.media.packets.queue_delay import KEPT, MOST_REPORTS, TICK, Link

SIZE = 1000
REPORTED = 0.2
"""Seconds after the last departure in which a report comes."""
AHEAD = 7_000_000
"""Microseconds by which the viewer's clock differs from ours."""


class Departures:
    """Packets that left at given times, in seconds."""

    def __init__(self) -> None:
        self.left: list[float] = []

    @property
    def next(self) -> int:
        return len(self.left)

    def since(self, number: int, count: int) -> list[tuple[int, int]]:
        newest = len(self.left) - 1
        first = newest - (newest - number) % KEPT
        return [(round(left * 1e6), SIZE) for left in self.left[first : first + count]]


def told(link: Link, departures: Departures, *arrivals: float | None) -> bool:
    """The viewer reports on packets that left just now; the arrivals are seconds of our clock."""
    base = departures.next - len(arrivals)
    ticks = [None if time is None else round((time * 1e6 + AHEAD) / TICK) for time in arrivals]
    return link.heard(base & 0xFFFF, ticks, departures.left[-1] + REPORTED)


def send(departures: Departures, *times: float) -> None:
    departures.left += times


def test_what_takes_longer_than_the_quickest_stood_in_a_queue() -> None:
    departures = Departures()
    link = Link(departures)
    send(departures, 1.0, 1.1)
    assert told(link, departures, 1.05, 1.15)
    assert link.queue == 0.0
    send(departures, 1.2, 1.3)
    told(link, departures, 1.55, None)
    assert abs(link.queue - 0.3) < 0.001


def test_lost_packets_are_no_queue_and_one_slow_packet_is_none() -> None:
    departures = Departures()
    link = Link(departures)
    send(departures, 1.0, 1.1, 1.2, 1.3)
    told(link, departures, 1.05, None, 1.9, 1.36)
    assert link.queue < 0.02


def test_a_report_on_nothing_but_losses_says_nothing() -> None:
    departures = Departures()
    link = Link(departures)
    send(departures, 1.0, 1.1)
    assert not told(link, departures, None, None)


def test_what_gets_through_is_counted_by_the_viewers_clock() -> None:
    departures = Departures()
    link = Link(departures)
    for turn in range(10):
        send(departures, *(1 + turn / 10 + part / 100 for part in range(10)))
        told(link, departures, *(1 + turn / 10 + part / 50 for part in range(10)))
    assert abs(link.carried - 10 * SIZE * 8 / 0.1) < 1000


def test_the_way_may_become_longer_for_good() -> None:
    departures = Departures()
    link = Link(departures)
    for turn in range(100):
        send(departures, float(turn))
        told(link, departures, turn + (0.05 if turn < 10 else 0.45))
    assert link.queue == 0.0


def test_reports_on_packets_that_never_left_are_passed_over() -> None:
    departures = Departures()
    link = Link(departures)
    send(departures, 1.0)
    assert not link.heard(1, [4, 5], 1.0)
    assert not link.heard(40_000, [4, 5], 1.0)


def test_a_link_without_reports_is_told_from_one_that_answers() -> None:
    departures = Departures()
    link = Link(departures)
    send(departures, 1.0, 1.1)
    assert link.unanswered(9.0) == 0.0
    told(link, departures, 1.05, 1.15)
    assert link.unanswered(9.0) == 0.0
    send(departures, 1.6, 1.7, 1.8, 1.9)
    assert link.unanswered(9.0) == 0.0
    send(departures, 2.0)
    assert abs(link.unanswered(3.0) - 1.0 + REPORTED) < 0.001
    link.forgive()
    assert link.unanswered(9.0) == 0.0


def test_after_a_pause_what_gets_through_and_the_way_are_measured_anew() -> None:
    departures = Departures()
    link = Link(departures)
    for turn in range(5):
        send(departures, turn / 10, turn / 10 + 0.05)
        told(link, departures, turn / 10 + 0.05, turn / 10 + 0.1)
    before = link.carried
    for turn in range(3):
        send(departures, 7200 + turn / 10, 7200.05 + turn / 10)
        told(link, departures, 7200.4 + turn / 10, 7200.45 + turn / 10)
    assert link.queue == 0.0
    assert abs(link.carried - before) < 0.1 * before


def test_a_report_twice_or_out_of_order_changes_nothing() -> None:
    departures = Departures()
    link = Link(departures)
    send(departures, 1.0, 1.1)
    assert told(link, departures, 1.05, 1.15)
    send(departures, 1.2)
    assert told(link, departures, 1.25)
    assert not link.heard(0, [round((1.05e6 + AHEAD) / TICK)], 1.5)


def test_a_viewer_that_always_names_the_same_time_costs_no_memory() -> None:
    departures = Departures()
    link = Link(departures)
    for number in range(5000):
        send(departures, number / 1000)
        link.heard(number, [40_000], number / 1000)
    assert len(link._reports) <= MOST_REPORTS


def test_reports_that_always_take_long_are_not_missed() -> None:
    departures = Departures()
    link = Link(departures)
    for turn in range(1, 11):
        send(departures, turn / 10)
        link.heard(turn - 1, [round(turn * 0.1 * 1e6 / TICK)], turn / 10 + 1.5)
    send(departures, *(1.9 + part / 100 for part in range(10)))
    assert link.unanswered(3.4) < 0.0


def test_numbers_go_on_over_their_wrap() -> None:
    departures = Departures()
    link = Link(departures)
    send(departures, *(number / 1000 for number in range(65_535)))
    told(link, departures, departures.left[-1] + 0.05)
    send(departures, 66.0, 66.1)
    told(link, departures, 66.25, 66.35)
    assert abs(link.queue - 0.2) < 0.001
    assert link.unanswered(70.0) == 0.0
