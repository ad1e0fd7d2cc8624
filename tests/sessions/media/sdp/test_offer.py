"""Offers as browsers write them, and the answers they get."""

import pytest

from backtolife.errors import Invalid
from backtolife.sessions.media.sdp import answer
from backtolife.sessions.media.sdp import offer as sdp

HEAD = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2 3\r\n"
TRANSPORT = (
    "a=ice-ufrag:abcd\r\na=ice-pwd:secretsecretsecretsecret\r\na=fingerprint:sha-256 AA:BB\r\na=setup:actpass\r\n"
)
AUDIO = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendonly\r\na=msid:stream mic-id\r\n"
    "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
    "a=rtcp-mux\r\na=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"
    "a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:0 PCMU/8000\r\na=ssrc:11 cname:x\r\n"
)
VIDEO = (
    "m=video 9 UDP/TLS/RTP/SAVPF 45 46 96 97\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\na=sendonly\r\na=msid:stream cam-id\r\n"
    "a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time\r\n"
    "a=extmap:9 urn:3gpp:video-orientation\r\na=rtpmap:45 AV1/90000\r\na=rtpmap:46 rtx/90000\r\na=fmtp:46 apt=45\r\n"
    "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 goog-remb\r\na=rtcp-fb:96 transport-cc\r\na=rtcp-fb:96 ccm fir\r\n"
    "a=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
    "a=ssrc-group:FID 21 22\r\na=ssrc:21 cname:x\r\na=ssrc:22 cname:x\r\n"
)
FREE = "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:2\r\na=recvonly\r\na=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\n"
DATA = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:3\r\na=sctp-port:5000\r\n"
OFFER = HEAD + AUDIO + TRANSPORT + VIDEO + TRANSPORT + FREE + TRANSPORT + DATA + TRANSPORT
FIREFOX = (
    "v=0\r\no=mozilla 1 0 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=fingerprint:sha-256 CC:DD\r\na=group:BUNDLE 0 1\r\n"
    "a=ice-options:trickle\r\nm=audio 9 UDP/TLS/RTP/SAVPF 109\r\na=sendonly\r\na=extmap:2/recvonly urn:x\r\n"
    "a=ice-pwd:p\r\na=ice-ufrag:u\r\na=mid:0\r\na=msid:{a} {b}\r\na=rtpmap:109 opus/48000/2\r\na=setup:actpass\r\n"
    "m=video 0 UDP/TLS/RTP/SAVPF 120\r\na=bundle-only\r\na=mid:1\r\na=recvonly\r\na=rtpmap:120 VP8/90000\r\n"
)
LOCAL = answer.Local(7, "frag", "pass", "EE:FF", "active", ("a=candidate:1 1 udp 1 192.0.2.1 7882 typ host",))


def read(text: str = OFFER) -> sdp.Offer:
    return sdp.Reader().read(text)


def test_transport_and_sections_are_read() -> None:
    offer = read()
    assert (offer.fragment, offer.setup, offer.fingerprints) == ("abcd", "actpass", [("sha-256", "AA:BB")])
    assert [(media.kind, media.mid, media.direction) for media in offer.media] == [
        ("audio", "0", "sendonly"),
        ("video", "1", "sendonly"),
        ("video", "2", "recvonly"),
        ("application", "3", "sendrecv"),
    ]
    assert offer.wants_data()


def test_opus_and_vp8_are_chosen_with_what_belongs_to_them() -> None:
    audio, video = read().media[:2]
    assert audio.choose() == sdp.Choice(111, None, 63)
    assert video.choose() == sdp.Choice(96, 97, None)
    assert (video.track_id, video.repairs) == ("cam-id", {21: 22})


def test_a_firefox_offer_is_read() -> None:
    offer = read(FIREFOX)
    assert offer.fingerprints == [("sha-256", "CC:DD")]
    assert offer.media[0].track_id == "{b}"
    assert offer.media[1].live
    assert offer.media[1].receives


def test_simulcast_layers_are_read_and_accepted() -> None:
    layers = VIDEO.split("a=ssrc-group", maxsplit=1)[0] + "a=rid:q send\r\na=rid:h send\r\na=simulcast:send q;h\r\n"
    offer = read(HEAD + layers + TRANSPORT)
    assert offer.media[0].rids == ["q", "h"]
    text = answer.build(offer, LOCAL, {"1": answer.Reply("recvonly")}, 1)
    assert "a=simulcast:recv q;h\r\n" in text


def test_an_unchanged_section_is_not_read_twice() -> None:
    reader = sdp.Reader()
    assert reader.read(OFFER).media[1] is reader.read(OFFER).media[1]


def test_the_answer_mirrors_the_sections_and_never_takes_more_than_was_offered() -> None:
    out = answer.Outgoing("PA_1|camera", "TR_1", 77, 78)
    text = answer.build(read(), LOCAL, {"0": answer.Reply("recvonly"), "2": answer.Reply("sendonly", out)}, 3)
    sections = text.split("m=")[1:]
    assert [section.split(" ")[0] for section in sections] == ["audio", "video", "video", "application"]
    assert "a=recvonly" in sections[0]
    assert "a=inactive" in sections[1]
    assert "a=ssrc:77 msid:PA_1|camera TR_1" in sections[2]
    assert "video-orientation" not in text
    assert "AV1" not in text
    assert text.count("a=candidate:") == 1
    assert "a=rtcp-fb:96 goog-remb" not in sections[2]
    assert "a=ice-lite" in text


def test_sound_is_asked_for_twice_over_where_the_client_can() -> None:
    text = answer.build(read(), LOCAL, {"0": answer.Reply("recvonly", redundant=True)}, 1)
    assert "m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n" in text
    assert "a=fmtp:63 111/111" in text
    once = answer.build(read(), LOCAL, {"0": answer.Reply("recvonly")}, 1)
    assert "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n" in once
    assert "red/48000" not in once


def test_lost_sound_may_be_asked_for_again_of_who_sends() -> None:
    text = answer.build(read(), LOCAL, {"0": answer.Reply("recvonly", redundant=True)}, 1)
    assert "a=rtcp-fb:111 nack\r\n" in text


def test_a_section_without_our_codecs_is_refused_alone() -> None:
    odd = "m=video 9 UDP/TLS/RTP/SAVPF 102\r\na=mid:0\r\na=sendonly\r\na=rtpmap:102 H264/90000\r\n"
    text = answer.build(read(HEAD + odd + TRANSPORT + FREE + TRANSPORT), LOCAL, {}, 1)
    assert "m=video 0 UDP/TLS/RTP/SAVPF 102" in text
    assert "m=video 9 UDP/TLS/RTP/SAVPF 96" in text


def with_lines(form: str, count: int) -> str:
    many = "".join(form.format(number) + "\r\n" for number in range(count))
    return OFFER.replace("a=mid:0\r\n", f"a=mid:0\r\n{many}")


def test_five_hundred_candidates_are_passed_over() -> None:
    text = with_lines("a=candidate:{} 1 udp 1 192.0.2.1 9 typ host", 500)
    assert [media.mid for media in read(text).media] == ["0", "1", "2", "3"]
    assert "candidate:499" not in answer.build(read(text), LOCAL, {}, 1)


@pytest.mark.parametrize(
    ("form", "count", "word"),
    [
        ("a=ssrc:{} x", 31_000, "lines"),
        ("a=candidate:{} 1 udp 1 192.0.2.1 9 typ host", 10_000, "lines"),
        ("a=ssrc:{} x", 100, "more than 32 streams"),
        ("a=ssrc-group:FID {0} 7", 100, "more than 32 streams"),
        ("a=rid:r{} send", 100, "more than 32 streams"),
        ("a=fingerprint:sha-256 {}", 100, "more than 16 fingerprints"),
        ("a=extmap:{} urn:ietf:params:rtp-hdrext:sdes:mid", 300, "a=extmap:256"),
        ("a=rtpmap:{} x/1", 200, "a=rtpmap:128"),
        ("a=fmtp:{} x", 200, "a=fmtp:128"),
        ("a=rtcp-fb:{} nack", 200, "a=rtcp-fb:128"),
    ],
)
def test_an_offer_that_names_more_than_any_browser_is_refused_in_words(form: str, count: int, word: str) -> None:
    with pytest.raises(Invalid, match=word):
        read(with_lines(form, count))


def test_fingerprints_of_many_sections_are_counted_together() -> None:
    sections = [FREE + TRANSPORT.replace("AA:BB", f"AA:{number}") for number in range(20)]
    with pytest.raises(Invalid, match="more than 16 fingerprints"):
        read(HEAD + "".join(sections))


def test_the_streams_of_a_section_are_read_once_each_in_their_order() -> None:
    text = OFFER.replace("a=ssrc:22 cname:x", "a=ssrc:22 cname:x\r\na=ssrc:21 msid:a b")
    assert list(read(text).media[1].ssrcs) == [21, 22]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "session description"),
        ("hello", "session description"),
        (HEAD, "session description"),
        (HEAD + AUDIO, "ICE user name"),
        (HEAD + "m=audio\r\n", "media line"),
        (HEAD + "m=audio x y z\r\n", "media line"),
        (OFFER.replace("a=ssrc:11", "a=ssrc:x"), "a=ssrc:x"),
        (OFFER.replace("a=ssrc:11", "a=ssrc:99999999999"), "a=ssrc:99999999999"),
        (OFFER.replace("a=rtpmap:96 VP8/90000", "a=rtpmap:96"), "a=rtpmap:96"),
        (HEAD + "m=audio 9 x 0\r\n" * 300, "300 sections"),
        ("v=0\r\n" + "a" * (1 << 20), "1048581 characters"),
    ],
)
def test_what_is_no_offer_is_refused_by_name(text: str, word: str) -> None:
    with pytest.raises(Invalid, match=word):
        read(text)
