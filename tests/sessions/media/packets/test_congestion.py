"""Transport-wide feedback, read back as a browser would."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from backtolife.sessions.media.packets.congestion import TICK, Arrivals, chunks


def unpack(packet: bytes) -> dict[int, float]:
    """Arrival times by number, in seconds of the report's own clock."""
    base, count, head = struct.unpack_from("!HHI", packet, 12)
    at, symbols = 20, list[int]()
    while len(symbols) < count:
        (chunk,) = struct.unpack_from("!H", packet, at)
        at += 2
        if chunk >> 15:
            symbols += [chunk >> (12 - 2 * place) & 3 for place in range(7)]
        else:
            symbols += [chunk >> 13] * (chunk & 0x1FFF)
    arrivals, ticks = {}, (head >> 8) * 256
    for offset, symbol in enumerate(symbols[:count]):
        if symbol:
            delta = packet[at] if symbol == 1 else struct.unpack_from("!h", packet, at)[0]
            at += symbol
            ticks += delta
            arrivals[(base + offset) & 0xFFFF] = ticks * TICK
    return arrivals


def test_arrivals_and_losses_come_back_with_their_times() -> None:
    arrivals = Arrivals()
    for number, time in ((65534, 10.0), (65535, 10.02), (1, 10.5), (2, 10.51)):
        arrivals.add(number, time)
    report = arrivals.feedback(1, 2)
    assert report is not None
    assert len(report) % 4 == 0
    assert len(report) == 4 * (struct.unpack_from("!H", report, 2)[0] + 1)
    found = unpack(report)
    assert sorted(found) == [1, 2, 65534, 65535]
    assert abs(found[1] - found[65534] - 0.5) <= TICK
    assert arrivals.feedback(1, 2) is None


def test_a_hole_between_two_reports_is_reported_as_loss() -> None:
    arrivals = Arrivals()
    arrivals.add(1, 1.0)
    arrivals.feedback(1, 2)
    arrivals.add(4, 1.1)
    report = arrivals.feedback(1, 2)
    assert report is not None
    base, count = struct.unpack_from("!HH", report, 12)
    assert (base, count) == (2, 3)
    assert sorted(unpack(report)) == [4]


@given(st.lists(st.integers(0, 2), min_size=1, max_size=300))
def test_every_row_of_symbols_survives_packing(symbols: list[int]) -> None:
    unpacked: list[int] = []
    for chunk in chunks(symbols):
        if chunk >> 15:
            unpacked += [chunk >> (12 - 2 * place) & 3 for place in range(7)]
        else:
            unpacked += [chunk >> 13] * (chunk & 0x1FFF)
    assert unpacked[: len(symbols)] == symbols
    assert len(unpacked) - len(symbols) < 7


@given(st.lists(st.tuples(st.integers(0, 65535), st.floats(0, 2)), min_size=1, max_size=200))
def test_feedback_is_well_formed_whatever_arrives(packets: list[tuple[int, float]]) -> None:
    arrivals = Arrivals()
    for number, time in packets:
        arrivals.add(number, 100 + time)
    report = arrivals.feedback(1, 2)
    assert report is not None
    assert len(report) == 4 * (struct.unpack_from("!H", report, 2)[0] + 1)
    assert unpack(report)
