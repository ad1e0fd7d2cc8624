"""RTP packets as bytes: where the payload begins, what the header extensions say, where VP8 keeps its counters.

What leaves is always a *canonical* packet: 12 bytes of header, one 8 byte extension block, the payload. Its fields
lie at fixed places, so that a copy for a subscriber is made by patching bytes.
"""

import struct
from typing import NamedTuple

from backtolife.errors import Invalid

HEADER = struct.Struct("!BBHII")
HEADER_SIZE = 12
CANONICAL_SIZE = 20
EXTENSION_AT = 16
"""Where the identifier and length of the only extension stand in a canonical packet."""
NO_EXTENSION = 0xF0
"""Identifier 15 ends a one-byte extension block: a subscriber without the extension reads nothing."""
ONE_BYTE, TWO_BYTE = 0xBEDE, 0x1000
SILENCE = 127
"""Audio levels are in -dBov: 0 is the loudest, 127 silence."""

LEVEL, TRANSPORT_SEQUENCE, MID, RID, REPAIRED_RID = range(1, 6)


class Extensions(NamedTuple):
    """What the header extensions of one packet say."""

    payload_at: int
    level: int
    transport_sequence: int | None
    mid: bytes | None
    rid: bytes | None
    repaired_rid: bytes | None


def read_extensions(packet: bytes, meanings: dict[int, int]) -> Extensions:
    """Read a packet's extensions; `meanings` maps the identifiers of this session to our constants.

    Raises Invalid when a length points outside the packet.
    """
    size = len(packet)
    if size < HEADER_SIZE:
        raise Invalid("An RTP packet is at least 12 bytes.")
    at = HEADER_SIZE + 4 * (packet[0] & 15)
    if not packet[0] & 16:
        if at > size:
            raise Invalid("The RTP header is longer than its packet.")
        return Extensions(at, SILENCE, None, None, None, None)
    if at + 4 > size:
        raise Invalid("The RTP extension header is cut off.")
    profile = packet[at] << 8 | packet[at + 1]
    end = at + 4 + 4 * (packet[at + 2] << 8 | packet[at + 3])
    if end > size:
        raise Invalid("The RTP extensions are longer than their packet.")
    found: dict[int, bytes] = {}
    at += 4
    wide = profile & 0xFFF0 == TWO_BYTE
    while at < end and (wide or profile == ONE_BYTE):
        first = packet[at]
        if first == 0:
            at += 1
            continue
        if wide:
            if at + 2 > end:
                break
            identifier, length, start = first, packet[at + 1], at + 2
        else:
            identifier, length, start = first >> 4, (first & 15) + 1, at + 1
            if identifier == 15:
                break
        at = start + length
        meaning = meanings.get(identifier)
        if meaning is not None and at <= end:
            found[meaning] = packet[start:at]
    level, sequence = found.get(LEVEL), found.get(TRANSPORT_SEQUENCE)
    return Extensions(
        end,
        level[0] & 127 if level else SILENCE,
        sequence[0] << 8 | sequence[1] if sequence and len(sequence) >= 2 else None,
        found.get(MID),
        found.get(RID),
        found.get(REPAIRED_RID),
    )


class Vp8(NamedTuple):
    """The parts of a VP8 payload descriptor that a change of layer must rewrite; position 0 means absent."""

    key_frame: bool
    picture_at: int
    tl0_at: int


def read_vp8(packet: bytes, at: int) -> Vp8:
    """Read the payload descriptor (RFC 7741) that begins at `at`; a truncated one counts as no key frame."""
    size = len(packet)
    if at >= size:
        return Vp8(False, 0, 0)
    first = packet[at]
    starts_frame = bool(first & 0x10) and not first & 7
    picture_at = tl0_at = 0
    at += 1
    if first & 0x80 and at < size:
        flags = packet[at]
        at += 1
        if flags & 0x80 and at < size:
            if packet[at] & 0x80:
                picture_at = at if at + 1 < size else 0
                at += 2
            else:
                at += 1
        if flags & 0x40:
            tl0_at = at if at < size else 0
            at += 1
        if flags & 0x30:
            at += 1
    return Vp8(starts_frame and at < size and not packet[at] & 1, picture_at, tl0_at)


def red_primary(packet: bytes, at: int, end: int) -> int:
    """Where the newest frame begins in redundant audio (RFC 2198) between `at` and `end`. Raises Invalid."""
    older = 0
    while at < end and packet[at] & 128:
        if at + 4 > end:
            break
        older += (packet[at + 2] & 3) << 8 | packet[at + 3]
        at += 4
    start = at + 1 + older
    if start > end:
        raise Invalid("The redundant audio is shorter than it says.")
    return start


def picture_id(packet: bytes, at: int) -> int:
    """The 15 bit picture number at position `at`."""
    return (packet[at] & 127) << 8 | packet[at + 1]


def canonical(packet: bytes, payload_at: int, payload_end: int, extension: bytes) -> bytes:
    """The canonical form; `extension` is the 4 bytes of the only extension element, padded."""
    return b"\x90" + packet[1:HEADER_SIZE] + b"\xbe\xde\x00\x01" + extension + packet[payload_at:payload_end]


def canonical_padding(packet: bytes) -> bytes:
    """A padding-only packet in canonical form: it keeps the sequence numbers whole and costs 21 bytes."""
    return b"\xb0" + packet[1:HEADER_SIZE] + b"\xbe\xde\x00\x01\xf0\x00\x00\x00\x01"
