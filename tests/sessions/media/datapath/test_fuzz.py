"""Whatever bytes come, the answer is a named refusal or nothing: never another error."""

import contextlib
import json
import math
from typing import Any

import jwt
from google.protobuf.message import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st
from livekit.protocol import rtc

from backtolife.errors import Invalid, NotPermitted
from backtolife.sessions.media.access.tokens import Tokens
from backtolife.sessions.media.datapath import loop_python
from backtolife.sessions.media.packets import rtcp, rtp, stun
from backtolife.sessions.media.packets.queue_delay import Link
from backtolife.sessions.media.sdp import answer
from backtolife.sessions.media.sdp import offer as sdp
from backtolife.sessions.media.signalling.socket import read_join
from tests.sessions.media.sdp.test_offer import FIREFOX, LOCAL, OFFER
from tests.support.media.engine import KEY, SECRET
from tests.support.media.signals import join_request

TRANSACTION = b"abcdefghijkl"
MEANINGS = {number: number for number in range(1, 6)}
bounded = settings(max_examples=150, deadline=None)
LINES = [line for line in (OFFER + FIREFOX).split("\r\n") if line]


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """Valid bytes with a few changed, then cut or lengthened."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(0, 6))):
        data[draw(st.integers(0, len(data) - 1))] = draw(st.integers(0, 255))
    cut = draw(st.integers(0, len(data)))
    return bytes(data[:cut]) + draw(st.binary(max_size=40)) if draw(st.booleans()) else bytes(data)


RTP_PACKET = bytes([0x90, 96]) + bytes(10) + b"\xbe\xde\x00\x02" + bytes([0x10, 3, 0x41, 1, 2, 0x30, 1, 0]) + bytes(20)
FEEDBACK = bytes([0x8F, 205, 0, 5]) + bytes(8) + bytes([0, 7, 0, 3, 0, 0, 1, 0, 0xD8, 0, 4, 1])
RTCP_PACKET = rtcp.receiver_report(1, [rtcp.Block(2, 3, 4, 5, 6, 7)]) + rtcp.nack(1, 2, [1, 9]) + FEEDBACK
CHECK = stun.request(TRANSACTION, "ours:theirs", "password", nominate=True)


@bounded
@given(st.one_of(st.binary(max_size=200), damaged(RTP_PACKET)))
def test_rtp(data: bytes) -> None:
    with contextlib.suppress(Invalid):
        found = rtp.read_extensions(data, MEANINGS)
        assert rtp.HEADER_SIZE <= found.payload_at <= len(data)
        vp8 = rtp.read_vp8(data, found.payload_at)
        assert max(vp8.picture_at + 1, vp8.tl0_at) < max(len(data), 2)


@bounded
@given(
    st.lists(
        st.tuples(
            st.integers(0, 0xFFFF),
            st.lists(st.one_of(st.none(), st.integers(0, 1 << 32)), max_size=20),
            st.floats(0, 1e9),
        ),
        max_size=20,
    ),
    st.integers(0, 70_000),
)
def test_reports_of_any_time_on_any_packet(reports: list[tuple[int, list[int | None], float]], sent: int) -> None:
    departures = loop_python.Sent()
    departures.next = sent
    for _ in range(5):
        departures.note(1000)
    link = Link(departures)
    for base, arrivals, now in reports:
        link.heard(base, arrivals, now)
        assert link.queue >= 0
        assert link.carried >= 0
        assert math.isfinite(link.unanswered(now))


@bounded
@given(st.one_of(st.binary(max_size=200), damaged(RTCP_PACKET)))
def test_rtcp(data: bytes) -> None:
    with contextlib.suppress(Invalid):
        for message in rtcp.parse(data):
            assert isinstance(message, tuple)


@bounded
@given(st.one_of(st.binary(max_size=200), damaged(CHECK)))
def test_stun(data: bytes) -> None:
    with contextlib.suppress(Invalid):
        request = stun.parse_request(data)
        assert request.is_signed_with("password") in (True, False)
        assert not request.is_signed_with("another password")


@bounded
@given(
    st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=30)), max_size=60), st.randoms(use_true_random=False)
)
def test_offers(lines: list[str], chance: Any) -> None:
    chance.shuffle(lines)
    with contextlib.suppress(Invalid):
        offer = sdp.Reader().read("v=0\r\n" + "\r\n".join(lines))
        replies = {media.mid: answer.Reply("recvonly") for media in offer.media}
        assert answer.build(offer, LOCAL, replies, 1).startswith("v=0")


@bounded
@given(st.one_of(st.text(max_size=100), damaged(join_request().encode()).map(lambda data: data.decode("latin-1"))))
def test_join_requests(text: str) -> None:
    with contextlib.suppress(Invalid):
        assert isinstance(read_join(text), rtc.JoinRequest)


@bounded
@given(damaged(rtc.SignalRequest(offer=rtc.SessionDescription(type="offer", sdp=OFFER, id=1)).SerializeToString()))
def test_signals(data: bytes) -> None:
    with contextlib.suppress(DecodeError):
        assert rtc.SignalRequest.FromString(data).WhichOneof("message") in (
            None,
            *rtc.SignalRequest.DESCRIPTOR.fields_by_name,
        )


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 40), 1 << 40) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
SIGNED = {"sub": "ana", "iss": KEY, "exp": 9_999_999_999}
GRANTS = ("roomJoin", "room", "canPublish", "canSubscribe", "canPublishSources", "hidden", "canUpdateOwnMetadata")
CLAIMS = ("sub", "name", "video", "metadata", "attributes", "nbf", "exp", "iss", "sha256", "kind")


@bounded
@given(
    st.dictionaries(st.sampled_from(CLAIMS), JSON, max_size=8),
    st.dictionaries(st.sampled_from(GRANTS), JSON, max_size=6),
)
def test_tokens_that_are_signed_and_say_anything(claims: dict[str, Any], video: dict[str, Any]) -> None:
    words = {**SIGNED, "video": {"roomJoin": True, "room": "r", **video}, **claims}
    with contextlib.suppress(NotPermitted):
        visitor = Tokens(KEY, SECRET).visitor(jwt.encode(words, SECRET) if isinstance(words["iss"], str) else "x")
        assert isinstance(visitor.identity, str)
        assert isinstance(visitor.room, str)
        assert visitor.grants.message().IsInitialized()


@bounded
@given(st.text(max_size=80), damaged(jwt.encode({"sub": "ana", "iss": KEY}, SECRET).encode()))
def test_tokens_that_nobody_signed(text: str, changed: bytes) -> None:
    forged = jwt.encode({"iss": KEY, "video": {"roomJoin": True, "room": "r"}, "sub": "ana"}, "x" * 40)
    for token in (text, changed.decode("latin-1"), forged, json.dumps({"sub": text})):
        with contextlib.suppress(NotPermitted):
            assert Tokens(KEY, SECRET).visitor(token) is None, token
