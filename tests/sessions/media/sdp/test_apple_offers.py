"""Offers built as Safari and iOS build theirs (after public issue threads; every value here is made up)."""

import pytest
from livekit.protocol import models, rtc

from backtolife.sessions.media.sdp import answer
from backtolife.sessions.media.sdp import offer as sdp
from tests.sessions.media.sdp.test_offer import LOCAL
from tests.support.media.engine import RunningEngine
from tests.support.media.signals import signal_connection

MICROPHONE, CAMERA = "7A1D0C52-0B1E-4C3A-9E55-2F1B6B0A9001", "7A1D0C52-0B1E-4C3A-9E55-2F1B6B0A9002"
TRANSPORT = (
    "a=ice-ufrag:qZ8k\r\na=ice-pwd:made-up-made-up-made-up1\r\na=ice-options:trickle\r\n"
    "a=fingerprint:sha-256 AA:BB:CC\r\na=setup:actpass\r\n"
)
CANDIDATES = (
    "a=candidate:1 1 udp 2113937151 0f0f0f0f-1111-4222-8333-444444444444.local 51472 typ host generation 0\r\n"
    "a=candidate:2 1 udp 2113939711 2001:db8::25 51473 typ host generation 0 network-cost 900\r\n"
    "a=candidate:3 1 tcp 1518283007 192.0.2.25 9 typ host tcptype active generation 0\r\n"
)
EXTENSIONS = (
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\n"
    "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01\r\n"
    "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
)
AUDIO_CODECS = (
    "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"
    "a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:9 G722/8000\r\na=rtpmap:102 ILBC/8000\r\n"
    "a=rtpmap:0 PCMU/8000\r\na=rtpmap:13 CN/8000\r\na=rtpmap:126 telephone-event/8000\r\n"
)
FEEDBACK = ("goog-remb", "transport-cc", "ccm fir", "nack", "nack pli")
VIDEO_PAYLOADS = "96 97 98 99 100 101 35 36 127 125 104"


def _video_codecs() -> str:
    """H.264 first, VP8 behind it under another number than elsewhere, redundancy and its retransmissions at the end."""
    lines = []
    for number, name, parameters in (
        (96, "H264/90000", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=640c1f"),
        (98, "H264/90000", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
        (100, "VP8/90000", ""),
        (35, "AV1/90000", ""),
    ):
        lines += [f"a=rtpmap:{number} {name}", *(f"a=rtcp-fb:{number} {feedback}" for feedback in FEEDBACK)]
        lines += [f"a=fmtp:{number} {parameters}"] if parameters else []
        lines += [f"a=rtpmap:{number + 1} rtx/90000", f"a=fmtp:{number + 1} apt={number}"]
    lines += ["a=rtpmap:127 red/90000", "a=rtpmap:125 rtx/90000", "a=fmtp:125 apt=127", "a=rtpmap:104 ulpfec/90000"]
    return "\r\n".join(lines) + "\r\n"


LAYERS = "a=rid:q send\r\na=rid:h send\r\na=rid:f send\r\na=simulcast:send q;h;f\r\n"
NEW_SAFARI = (
    "v=0\r\no=- 4611731400430051336 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2 3\r\n"
    "a=extmap-allow-mixed\r\na=msid-semantic: WMS\r\n"
    "m=application 51472 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP6 2001:db8::25\r\n"
    f"{CANDIDATES}{TRANSPORT}a=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 102 0 13 126\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
    f"{TRANSPORT}a=mid:1\r\na=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n{EXTENSIONS}a=sendonly\r\n"
    f"a=msid:- {MICROPHONE}\r\na=rtcp-mux\r\na=rtcp-rsize\r\n{AUDIO_CODECS}"
    f"a=ssrc:1101 cname:made-up\r\na=ssrc:1101 msid:- {MICROPHONE}\r\n"
    f"m=video 9 UDP/TLS/RTP/SAVPF {VIDEO_PAYLOADS}\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
    f"{TRANSPORT}a=mid:2\r\na=extmap:14 urn:ietf:params:rtp-hdrext:toffset\r\n"
    "a=extmap:13 urn:3gpp:video-orientation\r\n"
    f"{EXTENSIONS}a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id\r\n"
    "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id\r\na=sendonly\r\n"
    f"a=msid:- {CAMERA}\r\na=rtcp-mux\r\na=rtcp-rsize\r\n{_video_codecs()}{LAYERS}"
    f"m=video 9 UDP/TLS/RTP/SAVPF {VIDEO_PAYLOADS}\r\nc=IN IP4 0.0.0.0\r\n{TRANSPORT}a=mid:3\r\n{EXTENSIONS}"
    f"a=recvonly\r\na=rtcp-mux\r\n{_video_codecs()}"
)
STREAM = "0a1b2c3d-0000-4000-8000-00000000abcd"
OLD_IOS = (
    "v=0\r\no=- 7793204800000000000 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE audio video data\r\n"
    f"a=msid-semantic: WMS {STREAM}\r\nm=audio 53171 UDP/TLS/RTP/SAVPF 111 9 102 0 13 126\r\nc=IN IP4 192.0.2.25\r\n"
    f"a=rtcp:9 IN IP4 0.0.0.0\r\n{CANDIDATES}{TRANSPORT}a=mid:audio\r\n"
    f"a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=sendrecv\r\na=rtcp-mux\r\n{AUDIO_CODECS}"
    f"a=ssrc:1101 cname:made-up\r\na=ssrc:1101 msid:{STREAM} {MICROPHONE}\r\na=ssrc:1101 mslabel:{STREAM}\r\n"
    f"m=video 53171 UDP/TLS/RTP/SAVPF {VIDEO_PAYLOADS}\r\nc=IN IP4 192.0.2.25\r\n{TRANSPORT}a=mid:video\r\n"
    f"{EXTENSIONS}a=sendrecv\r\na=rtcp-mux\r\na=rtcp-rsize\r\n{_video_codecs()}a=ssrc-group:FID 2101 2102\r\n"
    f"a=ssrc:2101 cname:made-up\r\na=ssrc:2101 msid:{STREAM} {CAMERA}\r\na=ssrc:2102 cname:made-up\r\n"
    f"a=ssrc:2102 msid:{STREAM} {CAMERA}\r\n"
    f"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n{TRANSPORT}a=mid:data\r\n"
    "a=sctp-port:5000\r\n"
)
OFFERS = pytest.mark.parametrize("text", [NEW_SAFARI, OLD_IOS], ids=["new Safari", "old iOS"])


def sections(text: str) -> list[str]:
    return text.split("\r\nm=")[1:]


@OFFERS
def test_vp8_and_opus_are_found_where_apple_puts_them(text: str) -> None:
    offer = sdp.Reader().read(text)
    sound = next(media for media in offer.media if media.kind == "audio")
    picture = next(media for media in offer.media if media.kind == "video")
    assert (sound.choose(), sound.track_id) == (sdp.Choice(111, None, 63), MICROPHONE)
    assert (picture.choose(), picture.track_id) == (sdp.Choice(100, 101, None), CAMERA)
    assert offer.wants_data()


@OFFERS
def test_the_answer_keeps_the_numbers_of_the_offer_and_takes_nothing_we_do_not_speak(text: str) -> None:
    offer = sdp.Reader().read(text)
    replies = {media.mid: answer.Reply("recvonly") for media in offer.media if media.sends}
    out = answer.build(offer, LOCAL, replies, 1)
    assert [one.split(" ")[0] for one in sections(out)] == [one.split(" ")[0] for one in sections(text)]
    video = next(one for one in sections(out) if one.startswith("video"))
    assert video.startswith("video 9 UDP/TLS/RTP/SAVPF 100 101\r\n")
    assert "a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01" in video
    for foreign in ("H264", "AV1", "ulpfec", "red/90000", "video-orientation", "toffset"):
        assert foreign not in out


def test_three_layers_of_safari_are_accepted() -> None:
    offer = sdp.Reader().read(NEW_SAFARI)
    out = answer.build(offer, LOCAL, {"2": answer.Reply("recvonly")}, 1)
    assert "a=simulcast:recv q;h;f\r\n" in out


@pytest.mark.media
@OFFERS
async def test_the_engine_answers_and_publishes_both_tracks(
    media_engine: RunningEngine, room_name: str, text: str
) -> None:
    async with signal_connection(media_engine, media_engine.token("ana", room_name)) as signals:
        sound, picture = models.TrackType.AUDIO, models.TrackType.VIDEO
        sources = {sound: models.TrackSource.MICROPHONE, picture: models.TrackSource.CAMERA}
        for cid, kind in ((MICROPHONE, sound), (CAMERA, picture)):
            await signals.send(add_track=rtc.AddTrackRequest(cid=cid, type=kind, source=sources[kind]))
            assert (await signals.until("track_published")).cid == cid
        await signals.send(offer=rtc.SessionDescription(type="offer", sdp=text, id=1))
        mids: list[str] = []
        while len(mids) < 2 or not all(mids):
            update = await signals.until("update")
            mids = [track.mid for track in update.participants[0].tracks]
        assert (await signals.until("answer")).sdp.count("a=recvonly") == 2
