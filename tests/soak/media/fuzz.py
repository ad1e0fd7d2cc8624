"""What atheris runs: bytes into each reader of the media engine. `python fuzz_media.py READER -max_total_time=60`

Anything but a named refusal ends it, and the bytes that did it are kept by atheris.
"""

import contextlib
import sys
from collections.abc import Callable

import atheris

with atheris.instrument_imports(include=["backtolife.sessions.media"]):
    from backtolife.errors import Invalid, NotPermitted
    from backtolife.sessions.media.access.tokens import Tokens
    from backtolife.sessions.media.datapath import loop_python
    from backtolife.sessions.media.packets import rtcp, rtp, stun
    from backtolife.sessions.media.packets.queue_delay import Link
    from backtolife.sessions.media.sdp import answer
    from backtolife.sessions.media.sdp import offer as sdp
    from backtolife.sessions.media.signalling.socket import read_join
    from tests.support.media.engine import KEY, SECRET

LOCAL = answer.Local(7, "frag", "pass", "EE:FF", "active", ())
MEANINGS = {number: number for number in range(1, 6)}


def read_offer(data: bytes) -> None:
    offer = sdp.Reader().read("v=0\r\n" + data.decode("utf-8", "replace"))
    answer.build(offer, LOCAL, {media.mid: answer.Reply("recvonly") for media in offer.media}, 1)


def read_rtp(data: bytes) -> None:
    found = rtp.read_extensions(data, MEANINGS)
    rtp.read_vp8(data, found.payload_at)
    rtp.red_primary(data, found.payload_at, len(data))


def read_rtcp(data: bytes) -> None:
    sent = loop_python.Sent()
    link = Link(sent)
    for _ in range(300):
        sent.note(1000)
    for message in rtcp.parse(data):
        if isinstance(message, rtcp.Feedback):
            link.heard(message.base, message.arrivals, 1.0)


def read_check(data: bytes) -> None:
    stun.parse_request(data).is_signed_with("password")


def read_request(data: bytes) -> None:
    read_join(data.decode("latin-1"))


def read_token(data: bytes) -> None:
    Tokens(KEY, SECRET).visitor(data.decode("latin-1"))


READERS: dict[str, Callable[[bytes], None]] = {
    "offer": read_offer,
    "rtp": read_rtp,
    "rtcp": read_rtcp,
    "stun": read_check,
    "join": read_request,
    "token": read_token,
}


def main() -> None:
    reader = READERS[sys.argv.pop(1)]

    def once(data: bytes) -> None:
        with contextlib.suppress(Invalid, NotPermitted):
            reader(data)

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
