"""The server's side of the session: an answer to every offer, and never an offer.

Two rules that browsers force on us. Accept the *same* header extensions in every section from the first answer on:
libwebrtc offers later sections only what was accepted before. Accept MID everywhere and send it nowhere: without it
a second section with the same payload type is refused.
"""

from dataclasses import dataclass

from backtolife.sessions.media.sdp import offer as sdp

LARGEST_MESSAGE = 262144
SCTP_PORT = 5000
ACCEPTED = {
    "audio": (sdp.LEVEL, sdp.MID, sdp.TRANSPORT_CC),
    "video": (sdp.MID, sdp.RID, sdp.REPAIRED_RID, sdp.TRANSPORT_CC),
}
VIDEO_FEEDBACK = ("nack", "nack pli", "ccm fir", "transport-cc")
OPUS_PARAMETERS = "minptime=10;useinbandfec=1;usedtx=1"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What one section sends to the client: LiveKit's ids and our SSRCs; `rtx_ssrc` None where nothing is repeated."""

    stream_id: str
    track_id: str
    ssrc: int
    rtx_ssrc: int | None


@dataclass(frozen=True, slots=True)
class Reply:
    """How one section of the offer is answered; without one it is inactive."""

    direction: str
    outgoing: Outgoing | None = None
    redundant: bool = False
    """Ask for sound with every frame sent twice (RED), where the client can."""


@dataclass(frozen=True, slots=True)
class Local:
    """Our end of the transport."""

    session: int
    fragment: str
    password: str
    fingerprint: str
    setup: str
    candidates: tuple[str, ...]


def build(offer: sdp.Offer, local: Local, replies: dict[str, Reply], version: int) -> str:
    """The answer to `offer`; `replies` are by mid, `version` counts the answers of this session."""
    bundled = " ".join(media.mid for media in offer.media if media.live)
    lines = [
        "v=0",
        f"o=- {local.session} {version} IN IP4 0.0.0.0",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {bundled}",
        "a=msid-semantic:WMS *",
        "a=extmap-allow-mixed",
    ]
    candidates = [*local.candidates, "a=end-of-candidates"]
    for media in offer.media:
        section = _section(media, local, replies.get(media.mid, Reply("inactive")))
        lines += section
        if media.live:
            lines += candidates
            candidates = []
    return "\r\n".join(lines) + "\r\n"


def _section(media: sdp.Media, local: Local, reply: Reply) -> list[str]:
    if media.kind == "application":
        return [
            f"m=application {9 if media.live else 0} {media.protocol} webrtc-datachannel",
            "c=IN IP4 0.0.0.0",
            f"a=mid:{media.mid}",
            f"a=sctp-port:{SCTP_PORT}",
            f"a=max-message-size:{LARGEST_MESSAGE}",
            *_transport(local),
        ]
    choice = media.choose()
    if choice is None or not media.live:
        refused = f"m={media.kind} 0 {media.protocol} {media.payloads[0]}"
        return [refused, "c=IN IP4 0.0.0.0", f"a=mid:{media.mid}", "a=inactive"]
    payloads = _payloads(media, choice, redundant=reply.redundant)
    lines = [
        f"m={media.kind} 9 {media.protocol} {' '.join(map(str, payloads))}",
        "c=IN IP4 0.0.0.0",
        "a=rtcp:9 IN IP4 0.0.0.0",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=mid:{media.mid}",
        f"a={reply.direction}",
        *_transport(local),
        *_codec(media, choice, payloads),
    ]
    lines += [f"a=extmap:{number} {uri}" for uri, number in media.extensions.items() if uri in ACCEPTED[media.kind]]
    if media.sends and len(media.rids) > 1:
        lines += [f"a=rid:{rid} recv" for rid in media.rids] + ["a=simulcast:recv " + ";".join(media.rids)]
    if reply.outgoing is not None:
        lines += _outgoing(reply.outgoing)
    return lines


def _payloads(media: sdp.Media, choice: sdp.Choice, *, redundant: bool) -> list[int]:
    """In the order of preference: a client sends the first."""
    if choice.red is not None and media.sends:
        return [choice.red, choice.main] if redundant else [choice.main]
    return [number for number in (choice.main, choice.rtx, choice.red) if number is not None]


def _transport(local: Local) -> list[str]:
    return [
        f"a=ice-ufrag:{local.fragment}",
        f"a=ice-pwd:{local.password}",
        f"a=fingerprint:sha-256 {local.fingerprint}",
        f"a=setup:{local.setup}",
    ]


def _codec(media: sdp.Media, choice: sdp.Choice, payloads: list[int]) -> list[str]:
    codec = media.codecs[choice.main]
    lines = [f"a=rtpmap:{choice.main} {codec.name}"]
    if media.kind == "audio":
        lines.append(f"a=fmtp:{choice.main} {OPUS_PARAMETERS}")
    elif "x-google-start-bitrate" in codec.parameters:
        lines.append(f"a=fmtp:{choice.main} {codec.parameters}")
    accepted = set(VIDEO_FEEDBACK if media.kind == "video" else ())
    if media.sends:
        accepted.add("transport-cc")
    wanted = [feedback for feedback in codec.feedback if feedback in accepted]
    if media.kind == "audio" and media.sends and "nack" not in wanted:
        wanted.append("nack")  # no browser offers it, and all do it: what a burst swallows is sent again
    lines += [f"a=rtcp-fb:{choice.main} {feedback}" for feedback in wanted]
    if choice.rtx is not None:
        lines += [f"a=rtpmap:{choice.rtx} rtx/90000", f"a=fmtp:{choice.rtx} apt={choice.main}"]
    if choice.red in payloads:
        lines += [f"a=rtpmap:{choice.red} red/48000/2", f"a=fmtp:{choice.red} {choice.main}/{choice.main}"]
    return lines


def _outgoing(outgoing: Outgoing) -> list[str]:
    msid = f"{outgoing.stream_id} {outgoing.track_id}"
    cname = outgoing.stream_id.partition("|")[0]
    lines = [f"a=msid:{msid}"]
    ssrcs = [outgoing.ssrc]
    if outgoing.rtx_ssrc is not None:
        ssrcs.append(outgoing.rtx_ssrc)
        lines.append(f"a=ssrc-group:FID {outgoing.ssrc} {outgoing.rtx_ssrc}")
    for ssrc in ssrcs:
        lines += [f"a=ssrc:{ssrc} cname:{cname}", f"a=ssrc:{ssrc} msid:{msid}"]
    return lines
