"""RTP as bytes."""

import pytest

from backtolife.errors import Invalid
from backtolife.sessions.media.packets import rtp

MEANINGS = {1: rtp.LEVEL, 3: rtp.TRANSPORT_SEQUENCE, 4: rtp.MID, 10: rtp.RID, 11: rtp.REPAIRED_RID}
HEADER = rtp.HEADER.pack(0x90, 111, 7, 960, 0xABCD)


def test_one_byte_extensions_are_read() -> None:
    block = bytes([0x10, 0x80 | 33, 0x31, 0x01, 0x02, 0x40]) + b"7" + bytes([0xA0]) + b"h" + bytes(3)
    packet = HEADER + b"\xbe\xde\x00\x03" + block + b"payload"
    found = rtp.read_extensions(packet, MEANINGS)
    assert packet[found.payload_at :] == b"payload"
    assert (found.level, found.transport_sequence, found.mid, found.rid) == (33, 0x0102, b"7", b"h")


def test_two_byte_extensions_are_read() -> None:
    block = bytes([1, 1, 20, 0, 4, 2]) + b"12" + bytes([3, 2, 9, 9])
    packet = HEADER + b"\x10\x00\x00\x03" + block + b"x"
    found = rtp.read_extensions(packet, MEANINGS)
    assert (found.level, found.mid, found.transport_sequence) == (20, b"12", 0x0909)


def test_contributors_are_skipped() -> None:
    packet = bytes([0x82]) + HEADER[1:] + bytes(8) + b"payload"
    assert packet[rtp.read_extensions(packet, MEANINGS).payload_at :] == b"payload"


def test_extensions_longer_than_the_packet_are_refused() -> None:
    with pytest.raises(Invalid):
        rtp.read_extensions(HEADER + b"\xbe\xde\xff\xff", MEANINGS)


def test_an_element_that_runs_over_its_block_is_left_out() -> None:
    packet = HEADER + b"\xbe\xde\x00\x01" + bytes([0x4F, 1, 2, 3]) + b"payload"
    found = rtp.read_extensions(packet, MEANINGS)
    assert found.mid is None
    assert packet[found.payload_at :] == b"payload"


def test_a_canonical_packet_keeps_header_and_payload() -> None:
    packet = HEADER + b"\xbe\xde\x00\x01\x10\x21\x00\x00" + b"payload"
    clear = rtp.canonical(packet, 20, len(packet), bytes([0, 33, 0, 0]))
    assert clear[: rtp.HEADER_SIZE] == HEADER
    assert clear[rtp.CANONICAL_SIZE :] == b"payload"
    assert clear[rtp.EXTENSION_AT + 1] == 33


def test_vp8_counters_are_found() -> None:
    payload = bytes([0x90, 0xE0, 0x80 | 0x12, 0x34, 0x56, 0x20, 0x00])
    vp8 = rtp.read_vp8(bytes(20) + payload, 20)
    assert vp8.key_frame
    assert rtp.picture_id(bytes(20) + payload, vp8.picture_at) == 0x1234
    assert payload[vp8.tl0_at - 20] == 0x56


def test_a_later_packet_of_a_key_frame_is_no_key_frame_start() -> None:
    assert not rtp.read_vp8(bytes([0x80, 0x80, 0x11, 0x00]), 0).key_frame
    assert not rtp.read_vp8(bytes([0x10, 0x01]), 0).key_frame
    assert rtp.read_vp8(bytes([0x10, 0x00]), 0).key_frame


def test_a_short_picture_number_is_not_rewritten() -> None:
    assert rtp.read_vp8(bytes([0x90, 0x80, 0x12, 0x00]), 0).picture_at == 0
