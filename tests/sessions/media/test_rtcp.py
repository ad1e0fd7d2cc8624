"""RTCP: what we write we can read, and what lies about its length is refused."""

import pytest
from aiortc import rtp as reference

from backtolife.errors import Invalid
from backtolife.sessions.media import rtcp


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


@pytest.mark.parametrize("bitrate", [30_000, 262_143, 500_000, 4_000_000])
def test_an_estimate_comes_back_within_its_precision(bitrate: int) -> None:
    (message,) = rtcp.parse(rtcp.estimate(1, bitrate, [2, 3]))
    assert isinstance(message, rtcp.Estimate)
    assert message.bitrate == pytest.approx(bitrate, rel=1 / (1 << 17))


def test_both_kinds_of_picture_requests_are_read() -> None:
    full_intra = bytes([0x84, 206, 0, 4]) + (1).to_bytes(4, "big") + bytes(4) + (9).to_bytes(4, "big") + bytes(4)
    messages = list(rtcp.parse(rtcp.picture_loss(1, 8) + full_intra))
    assert messages == [rtcp.KeyFrameRequest([8]), rtcp.KeyFrameRequest([9])]


def test_a_length_that_points_outside_is_refused() -> None:
    with pytest.raises(Invalid):
        list(rtcp.parse(bytes([0x81, 201, 0, 9, 0, 0])))
