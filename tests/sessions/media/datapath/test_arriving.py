"""What arrives is read alike by both loops, whatever the bytes."""

import socket
from collections.abc import Iterator
from typing import Any

import pylibsrtp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtolife.errors import Invalid
from backtolife.sessions.media.datapath import aiortc_internals, intake_python, loop_native, loop_python
from backtolife.sessions.media.packets import rtp
from backtolife.sessions.media.packets.queue_delay import KEPT
from tests.sessions.media.wire import keys, packet

MEANINGS = {1: rtp.LEVEL, 3: rtp.TRANSPORT_SEQUENCE, 4: rtp.MID}


@pytest.fixture(params=[(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")], ids=["IPv4", "IPv6"])
def ends(request: pytest.FixtureRequest) -> Iterator[tuple[socket.socket, socket.socket]]:
    family, address = request.param
    with socket.socket(family, socket.SOCK_DGRAM) as near, socket.socket(family, socket.SOCK_DGRAM) as far:
        near.bind((address, 0))
        far.bind((address, 0))
        yield near, far


def opened(loop: Any, sealed: bytes, receiver: pylibsrtp.Session) -> Any:
    found = loop.open(aiortc_internals.context(receiver), sealed, loop.meanings(MEANINGS))
    if found is None:
        return None
    clear, extensions = found
    return clear, extensions.payload_at, extensions.level, extensions.transport_sequence


def in_python(clear: bytes) -> Any:
    try:
        extensions = rtp.read_extensions(clear, MEANINGS)
    except Invalid:
        return None
    return clear, extensions.payload_at, extensions.level, extensions.transport_sequence


LOOPS = (loop_python.Forwarding(lambda _datagram, _address: 0, 0), loop_native.Forwarding(0))
ELEMENT = st.one_of(st.binary(max_size=6), st.sampled_from([b"\x10\x83", b"\x31\x01\x02", b"\x01\x01\x05", b"\x03\0"]))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([0x80, 0x90, 0x91, 0x8F]),
    st.sampled_from([b"\xbe\xde", b"\x10\x00", b"\x10\x05", b"\x12\x34"]),
    st.integers(0, 6),
    st.lists(ELEMENT, max_size=6),
)
def test_both_loops_read_the_same_in_any_extension(
    first: int, profile: bytes, words: int, elements: list[bytes]
) -> None:
    clear = bytes([first, 96]) + bytes(10) + profile + words.to_bytes(2, "big") + b"".join(elements) + bytes(8)
    sender, _ = keys()
    try:
        sealed = sender.protect(clear)
    except pylibsrtp.Error:
        return
    for loop in LOOPS:
        _, receiver = keys()
        assert opened(loop, sealed, receiver) == in_python(clear)


@pytest.mark.parametrize("loop", LOOPS, ids=["python", "compiled"])
def test_what_is_forged_damaged_or_repeated_is_not_opened(loop: Any) -> None:
    sender, receiver = keys()
    sealed = sender.protect(packet(7, 3000))
    assert opened(loop, sealed[:-1] + bytes([sealed[-1] ^ 1]), receiver) is None
    assert opened(loop, sealed[:20], receiver) is None
    assert opened(loop, b"\x80" * 11, receiver) is None
    assert opened(loop, sealed, receiver) is not None
    assert opened(loop, sealed, receiver) is None


def test_many_datagrams_are_taken_at_once_each_with_its_sender(ends: tuple[socket.socket, socket.socket]) -> None:
    near, far = ends
    sent = [bytes([number]) * (number + 1) for number in range(100)]
    for datagram in sent:
        far.sendto(datagram, near.getsockname())
    take = loop_native.Forwarding(near.fileno()).intake.take
    first, second, third = take(), take(), take()
    assert [datagram for datagram, *_ in first + second] == sent
    assert len(first) == intake_python.BATCH
    assert {(address, clear) for _, address, clear in first + second} == {(far.getsockname()[:2], None)}
    assert third == []


def test_both_loops_remember_as_many_departures() -> None:
    assert [len(loop.sent().since(0, KEPT)) for loop in LOOPS] == [KEPT, KEPT]


def test_who_sends_is_known_by_the_address_until_forgotten(ends: tuple[socket.socket, socket.socket]) -> None:
    near, far = ends
    known, (sender, receiver) = loop_native.Forwarding(near.fileno()).intake, keys()
    source = known.source()
    source.unlock(aiortc_internals.context(receiver))
    known.remember(far.getsockname()[:2], source)
    seen = []
    for number in range(3):
        far.sendto(sender.protect(packet(number, 0)), near.getsockname())
        seen += [(len(datagram), clear) for datagram, _, clear in known.take()]
        if number == 1:
            known.forget(source)
    size = len(packet(0, 0))
    assert [length == size for length, _ in seen] == [True, True, False]
    assert [clear is not None for _, clear in seen] == [True, True, False]


def test_more_addresses_than_there_are_places_leave_the_last_ones_known() -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as near,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as far,
    ):
        near.bind(("127.0.0.1", 0))
        far.bind(("127.0.0.1", 0))
        known, (sender, receiver) = loop_native.Forwarding(near.fileno()).intake, keys()
        source, other = known.source(), known.source()
        source.unlock(aiortc_internals.context(receiver))
        for port in range(1, 65000, 7):
            known.remember(("10.0.0.1", port), other)
        known.remember(far.getsockname(), source)
        far.sendto(sender.protect(packet(1, 0)), near.getsockname())
        assert [clear is not None for *_, clear in known.take()] == [True]


def test_a_stream_that_is_over_leaves_no_keys_behind() -> None:
    sender, _ = keys()
    first, second = packet(1, 0, ssrc=100), packet(1, 0, ssrc=101)
    sender.protect(first)
    sender.protect(second)
    aiortc_internals.forget_stream(sender, 100)
    aiortc_internals.forget_stream(sender, 100)
    with pytest.raises(pylibsrtp.Error):
        sender.remove_stream(100)
    sender.remove_stream(101)
