"""RTCP: what we write we can read, and what lies about its length is refused."""

import pytest
from aiortc import rtp as reference
from hypothesis import given
from hypothesis import strategies as st

from backtolife.errors import Invalid
from backtolife.sessions.media.packets import rtcp
from backtolife.sessions.media.packets.congestion import Arrivals


def test_a_nack_names_packets_over_the_wrap() -> None:
    (message,) = rtcp.parse(rtcp.nack(1, 2, [65534, 65535, 3, 40]))
    assert message == rtcp.Nack(2, [65534, 65535, 3, 40])


def test_a_nack_is_read_by_another_implementation() -> None:
    (packet,) = reference.RtcpPacket.parse(rtcp.nack(1, 2, [5, 6, 20, 100]))
    assert isinstance(packet, reference.RtcpRtpfbPacket)
    assert (packet.media_ssrc, packet.lost) == (2, [5, 6, 20, 100])


def test_reports_are_read_by_another_implementation() -> None:
    block = rtcp.Block(9, 128, 5, 70000, 1, 2)
    (packet,) = reference.RtcpPacket.parse(rtcp.receiver_report(1, [block]))
    assert isinstance(packet, reference.RtcpRrPacket)
    report = packet.reports[0]
    assert (report.ssrc, report.fraction_lost, report.packets_lost, report.highest_sequence) == (9, 128, 5, 70000)


def test_a_sender_report_comes_back_whole() -> None:
    data = rtcp.sender_report(7, 1 << 40, 90000, packets=3, octets=300, cname="PA_1")
    (message,) = rtcp.parse(data)
    assert message == rtcp.SenderReport(7, 1 << 40, 90000, [])
    assert len(list(reference.RtcpPacket.parse(data))) == 2


def test_feedback_tells_when_each_packet_came_and_which_did_not() -> None:
    arrivals = Arrivals()
    for number, time in ((65534, 10.0), (65535, 10.02), (65536 + 1, 10.5), (65536 + 2, 10.49)):
        arrivals.add(number & 0xFFFF, time)
    (message,) = rtcp.parse(arrivals.feedback(1, 2) or b"")
    assert isinstance(message, rtcp.Feedback)
    assert message.base == 65534
    assert [None if ticks is None else ticks / 4000 for ticks in message.arrivals] == [10.0, 10.02, None, 10.5, 10.49]


@given(st.lists(st.one_of(st.none(), st.floats(0, 20)), min_size=1, max_size=700))
def test_every_report_of_ours_is_read_as_it_was_meant(times: list[float | None]) -> None:
    arrivals = Arrivals()
    came = {number: time for number, time in enumerate(times) if time is not None}
    for number, time in came.items():
        arrivals.add(number, time)
    found = {}
    for message in rtcp.parse(arrivals.feedback(1, 2) or b""):
        assert isinstance(message, rtcp.Feedback)
        rows = enumerate(message.arrivals, message.base)
        found = {number: ticks / 4000 for number, ticks in rows if ticks is not None}
    for number, time in found.items():
        assert abs(came[number] - time) < 0.001


@pytest.mark.parametrize("count", [5000, 0xFFFF])
def test_feedback_on_more_packets_than_anyone_sends_is_passed_over(count: int) -> None:
    body = bytes(8) + bytes([0, 0]) + count.to_bytes(2, "big") + bytes(4) + b"\x1f\xff" * 10
    head = bytes([0x8F, 205]) + (len(body) // 4).to_bytes(2, "big")
    assert list(rtcp.parse(head + body)) == []


def test_both_kinds_of_picture_requests_are_read() -> None:
    full_intra = bytes([0x84, 206, 0, 4]) + (1).to_bytes(4, "big") + bytes(4) + (9).to_bytes(4, "big") + bytes(4)
    messages = list(rtcp.parse(rtcp.picture_loss(1, 8) + full_intra))
    assert messages == [rtcp.KeyFrameRequest([8]), rtcp.KeyFrameRequest([9])]


def test_a_length_that_points_outside_is_refused() -> None:
    with pytest.raises(Invalid):
        list(rtcp.parse(bytes([0x81, 201, 0, 9, 0, 0])))
