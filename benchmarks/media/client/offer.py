"""The session description of a synthetic participant: one microphone, one camera, and room for everyone else's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Credentials:
    fragment: str
    password: str
    fingerprint: str


@dataclass(frozen=True)
class Streams:
    """SSRCs of what the participant sends."""

    audio: int
    video: int
    repair: int


AUDIO_EXTENSIONS = (
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid",
)
VIDEO_EXTENSIONS = (
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
    *AUDIO_EXTENSIONS[1:],
)
OPUS = ("a=rtpmap:111 opus/48000/2", "a=rtcp-fb:111 transport-cc", "a=fmtp:111 minptime=10;useinbandfec=1")
VP8 = (
    "a=rtpmap:96 VP8/90000",
    *(f"a=rtcp-fb:96 {feedback}" for feedback in ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")),
    "a=rtpmap:97 rtx/90000",
    "a=fmtp:97 apt=96",
)


def build(credentials: Credentials, streams: Streams, *, name: str, receiving: list[str]) -> str:
    """An offer with two sending sections, and after them one for each kind in `receiving`."""
    kinds = [("audio", True), ("video", True), *((kind, False) for kind in receiving)]
    mids = " ".join(str(mid) for mid in range(len(kinds)))
    lines = ["v=0", "o=- 1 2 IN IP4 127.0.0.1", "s=-", "t=0 0", f"a=group:BUNDLE {mids}"]
    for mid, (kind, sends) in enumerate(kinds):
        lines += _section(mid, kind, credentials)
        lines += [f"a=msid:- {name}-{kind}", "a=sendonly"] if sends else ["a=recvonly"]
        if sends and kind == "audio":
            lines.append(f"a=ssrc:{streams.audio} cname:x")
        elif sends:
            lines += [
                f"a=ssrc-group:FID {streams.video} {streams.repair}",
                f"a=ssrc:{streams.video} cname:x",
                f"a=ssrc:{streams.repair} cname:x",
            ]
    return "\r\n".join(lines) + "\r\n"


def _section(mid: int, kind: str, credentials: Credentials) -> list[str]:
    payloads = "111" if kind == "audio" else "96 97"
    return [
        f"m={kind} 9 UDP/TLS/RTP/SAVPF {payloads}",
        "c=IN IP4 0.0.0.0",
        f"a=ice-ufrag:{credentials.fragment}",
        f"a=ice-pwd:{credentials.password}",
        f"a=fingerprint:sha-256 {credentials.fingerprint}",
        "a=setup:actpass",
        f"a=mid:{mid}",
        "a=rtcp-mux",
        *((*AUDIO_EXTENSIONS, *OPUS) if kind == "audio" else (*VIDEO_EXTENSIONS, *VP8)),
    ]
