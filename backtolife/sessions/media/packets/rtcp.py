"""RTCP: the reports and requests that browsers and we exchange beside the media (RFC 3550, 4585, 5104)."""

import struct
from collections.abc import Iterator
from typing import NamedTuple

from backtolife.errors import Invalid

COMMON = struct.Struct("!BBH")
SENDER_INFO = struct.Struct("!IQIII")
BLOCK = struct.Struct("!IIIIII")
SENDER_REPORT, RECEIVER_REPORT, DESCRIPTION, TRANSPORT_FEEDBACK, PAYLOAD_FEEDBACK = 200, 201, 202, 205, 206
GENERIC_NACK, TRANSPORT_CC = 1, 15
PICTURE_LOSS, FULL_INTRA = 1, 4
TICKS_PER_REFERENCE = 256
"""A reference time counts 64 ms, a tick 250 µs (draft-holmer-rmcat-transport-wide-cc-extensions-01)."""
MOST_REPORTED = 1024
"""Packets in one report; nobody sends so many in the quarter of a second between two."""
MOST_LOST = 512
"""Packets that one message asks for again: no more are kept."""
SMALL, LARGE = 1, 2
"""Symbols of a packet that came, and bytes of the time that goes with each."""


class Block(NamedTuple):
    """What a receiver says about one stream; `fraction` is 256ths lost since the last report."""

    ssrc: int
    fraction: int
    lost: int
    highest: int
    last_report: int
    delay: int


class SenderReport(NamedTuple):
    ssrc: int
    ntp: int
    timestamp: int
    blocks: list[Block]


class ReceiverReport(NamedTuple):
    ssrc: int
    blocks: list[Block]


class Nack(NamedTuple):
    ssrc: int
    lost: list[int]


class KeyFrameRequest(NamedTuple):
    ssrcs: list[int]


class Feedback(NamedTuple):
    """When packet `base` and those after it arrived, in ticks of 250 µs of the receiver's clock; None for the lost."""

    base: int
    arrivals: list[int | None]


Message = SenderReport | ReceiverReport | Nack | KeyFrameRequest | Feedback


def parse(data: bytes) -> Iterator[Message]:
    """The messages of a compound packet that we act on; others are passed over. Raises Invalid when a length lies."""
    at = 0
    while at + 4 <= len(data):
        first, kind, words = COMMON.unpack_from(data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            raise Invalid("An RTCP length points outside its packet.")
        message = _parse_one(first & 31, kind, data[at + 4 : end])
        if message is not None:
            yield message
        at = end


def _parse_one(count: int, kind: int, body: bytes) -> Message | None:
    if kind == SENDER_REPORT and len(body) >= SENDER_INFO.size:
        ssrc, ntp, timestamp, _, _ = SENDER_INFO.unpack_from(body)
        return SenderReport(ssrc, ntp, timestamp, _blocks(body[SENDER_INFO.size :], count))
    if kind == RECEIVER_REPORT and len(body) >= 4:
        return ReceiverReport(_word(body, 0), _blocks(body[4:], count))
    if kind == TRANSPORT_FEEDBACK and count == GENERIC_NACK and len(body) >= 8:
        return Nack(_word(body, 4), _lost(body[8:]))
    if kind == TRANSPORT_FEEDBACK and count == TRANSPORT_CC and len(body) >= 16:
        return _feedback(body)
    return _parse_payload_feedback(count, body) if kind == PAYLOAD_FEEDBACK and len(body) >= 8 else None


def _parse_payload_feedback(count: int, body: bytes) -> Message | None:
    if count == PICTURE_LOSS:
        return KeyFrameRequest([_word(body, 4)])
    if count == FULL_INTRA:
        return KeyFrameRequest([_word(body, at) for at in range(8, len(body) - 7, 8)])
    return None


def _feedback(body: bytes) -> Feedback | None:
    """Transport-wide feedback; None when it says more than it holds."""
    base, count, reference = struct.unpack_from("!HHI", body, 8)
    symbols, at = _symbols(body, 16, min(count, MOST_REPORTED))
    if len(symbols) < count:
        return None
    symbols = symbols[:count]
    ticks = (reference >> 8) * TICKS_PER_REFERENCE
    arrivals: list[int | None] = []
    if at + symbols.count(SMALL) + 2 * symbols.count(LARGE) > len(body):
        return None
    for symbol in symbols:
        if symbol == SMALL:
            ticks += body[at]
        elif symbol == LARGE:
            ticks += int.from_bytes(body[at : at + 2], "big", signed=True)
        else:
            arrivals.append(None)
            continue
        at += symbol
        arrivals.append(ticks)
    return Feedback(base, arrivals)


def _symbols(body: bytes, at: int, count: int) -> tuple[list[int], int]:
    """At least `count` symbols, as far as there are chunks, and where the times begin."""
    symbols: list[int] = []
    while len(symbols) < count and at + 2 <= len(body):
        chunk = body[at] << 8 | body[at + 1]
        at += 2
        if not chunk & 0x8000:
            symbols += [chunk >> 13] * min(chunk & 0x1FFF, count - len(symbols))
        elif chunk & 0x4000:
            symbols += [chunk >> shift & 3 for shift in range(12, -2, -2)]
        else:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    return symbols, at


def _word(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 4], "big")


def _blocks(body: bytes, count: int) -> list[Block]:
    blocks = []
    for at in range(0, min(count * BLOCK.size, len(body) - BLOCK.size + 1), BLOCK.size):
        ssrc, loss, highest, _jitter, last_report, delay = BLOCK.unpack_from(body, at)
        blocks.append(Block(ssrc, loss >> 24, loss & 0xFFFFFF, highest, last_report, delay))
    return blocks


def _lost(body: bytes) -> list[int]:
    lost = []
    for at in range(0, len(body) - 3, 4):
        first, mask = struct.unpack_from("!HH", body, at)
        lost.append(first)
        if mask:
            lost += [(first + bit + 1) & 0xFFFF for bit in range(16) if mask >> bit & 1]
        if len(lost) >= MOST_LOST:
            break
    return lost[:MOST_LOST]


def _packet(count: int, kind: int, body: bytes) -> bytes:
    return COMMON.pack(0x80 | count, kind, len(body) // 4) + body


def nack(sender: int, media: int, lost: list[int]) -> bytes:
    """Ask for packets again; `lost` are 16 bit numbers in rising order (a wrap in between is fine)."""
    pairs: list[tuple[int, int]] = []
    for number in lost:
        distance = (number - pairs[-1][0]) & 0xFFFF if pairs else 0
        if pairs and 1 <= distance <= 16:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] | 1 << (distance - 1))
        else:
            pairs.append((number & 0xFFFF, 0))
    body = struct.pack("!II", sender, media) + b"".join(struct.pack("!HH", *pair) for pair in pairs)
    return _packet(GENERIC_NACK, TRANSPORT_FEEDBACK, body)


def picture_loss(sender: int, media: int) -> bytes:
    """Ask for a key frame."""
    return _packet(PICTURE_LOSS, PAYLOAD_FEEDBACK, struct.pack("!II", sender, media))


def receiver_report(sender: int, blocks: list[Block]) -> bytes:
    """Say what arrived; at most 31 blocks fit."""
    body = struct.pack("!I", sender)
    for block in blocks[:31]:
        loss = block.fraction << 24 | min(block.lost, 0x7FFFFF)
        body += BLOCK.pack(block.ssrc, loss, block.highest & 0xFFFFFFFF, 0, block.last_report, block.delay)
    return _packet(min(len(blocks), 31), RECEIVER_REPORT, body)


def sender_report(ssrc: int, ntp: int, timestamp: int, *, packets: int, octets: int, cname: str) -> bytes:
    """A sender report followed by the source description that must go with it."""
    info = SENDER_INFO.pack(ssrc, ntp, timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    name = cname.encode()[:255]
    items = struct.pack("!IBB", ssrc, 1, len(name)) + name + b"\0"
    return _packet(0, SENDER_REPORT, info) + _packet(1, DESCRIPTION, items + bytes(-len(items) % 4))
