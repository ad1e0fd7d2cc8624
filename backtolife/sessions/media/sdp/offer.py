"""A client's offer, read as far as the engine needs it. Only the client ever offers."""

from dataclasses import dataclass, field

from backtolife.errors import Invalid

LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED_RID = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"

LONGEST = 512 * 1024
MOST_SECTIONS = 200
MOST_REMEMBERED = 200
MOST_LINES = 1000
"""Attributes of one section: a browser's longest has about 200."""
MOST_STREAMS = 32
"""SSRCs of one section, and as many simulcast layers: three pictures with their repetitions and repairs are 9."""
MOST_FINGERPRINTS = 16
DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
WANTED = {"audio": "opus/48000", "video": "vp8/90000"}


@dataclass(slots=True)
class Codec:
    name: str = ""
    parameters: str = ""
    feedback: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Choice:
    """The payload types we use in a section: the codec, its retransmissions, its redundant wrapping."""

    main: int
    rtx: int | None
    red: int | None


@dataclass(slots=True)
class Media:
    """One section (`m=`) of an offer."""

    kind: str
    port: int
    protocol: str
    payloads: list[str]
    mid: str = ""
    direction: str = "sendrecv"
    msid: str = ""
    bundle_only: bool = False
    codecs: dict[int, Codec] = field(default_factory=dict)
    extensions: dict[str, int] = field(default_factory=dict)
    ssrcs: dict[int, None] = field(default_factory=dict)
    """In the order of the offer."""
    repairs: dict[int, int] = field(default_factory=dict)
    """SSRC of a stream to the SSRC of its retransmissions."""
    rids: list[str] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """A bundled section may have port 0 and still be meant (Firefox)."""
        return bool(self.port) or self.bundle_only

    @property
    def sends(self) -> bool:
        return self.live and self.direction in ("sendonly", "sendrecv")

    @property
    def receives(self) -> bool:
        return self.live and self.direction == "recvonly"

    @property
    def track_id(self) -> str:
        """What AddTrackRequest calls cid: the second word of msid, empty where there is none."""
        return self.msid.split()[-1] if self.msid else ""

    def choose(self) -> Choice | None:
        """VP8 or Opus with what belongs to it; None when the client does not speak it."""
        wanted = WANTED.get(self.kind, "?")
        for payload, codec in self.codecs.items():
            if codec.name.lower().startswith(wanted):
                return Choice(payload, self._wrapping("rtx/", f"apt={payload}"), self._wrapping("red/", str(payload)))
        return None

    def _wrapping(self, name: str, parameters: str) -> int | None:
        for payload, codec in self.codecs.items():
            same = codec.parameters.split(";")[0].split("/")[0].strip() == parameters
            if codec.name.lower().startswith(name) and same:
                return payload
        return None


@dataclass(slots=True)
class Offer:
    fragment: str = ""
    password: str = ""
    setup: str = ""
    fingerprints: list[tuple[str, str]] = field(default_factory=list)
    media: list[Media] = field(default_factory=list)

    def wants_data(self) -> bool:
        return any(media.kind == "application" and media.live for media in self.media)


class Reader:
    """Reads the offers of one client; a section whose text did not change since last time is not read again."""

    def __init__(self) -> None:
        self._known: dict[str, Offer] = {}

    def read(self, text: str) -> Offer:
        """Raises Invalid, saying what is wrong, for a text that is no usable offer."""
        if len(text) > LONGEST:
            raise Invalid(f"The offer has {len(text)} characters; at most {LONGEST} are read.")
        head, *sections = text.replace("\r\n", "\n").split("\nm=")
        if not head.startswith("v=0") or not sections:
            raise Invalid("The offer is not a session description with media sections.")
        if len(sections) > MOST_SECTIONS:
            raise Invalid(f"The offer has {len(sections)} sections; at most {MOST_SECTIONS} are read.")
        offer = _read_section(head, None)
        for section in sections:
            part = self._section(section)
            offer.fragment = offer.fragment or part.fragment
            offer.password = offer.password or part.password
            offer.setup = offer.setup or part.setup
            offer.fingerprints += [item for item in part.fingerprints if item not in offer.fingerprints]
            if len(offer.fingerprints) > MOST_FINGERPRINTS:
                raise Invalid(f"The offer has more than {MOST_FINGERPRINTS} fingerprints.")
            offer.media += part.media
        if not offer.fragment or not offer.fingerprints:
            raise Invalid("The offer lacks an ICE user name fragment or a fingerprint.")
        return offer

    def _section(self, text: str) -> Offer:
        part = self._known.get(text)
        if part is None:
            first, _, rest = text.partition("\n")
            part = _read_section(rest, _media(first))
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[text] = part
        return part


def _media(line: str) -> Media:
    words = line.split()
    if len(words) < 4 or not words[1].partition("/")[0].isdecimal():
        raise Invalid(f"The media line {line[:80]!r} is not complete.")
    return Media(words[0], int(words[1].partition("/")[0]), words[2], words[3:])


def _read_section(text: str, media: Media | None) -> Offer:
    part = Offer(media=[media] if media else [])
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise Invalid(f"A section of the offer has {len(lines)} lines; at most {MOST_LINES} are read.")
    for line in lines:
        if not line.startswith("a="):
            continue
        key, _, value = line[2:].partition(":")
        try:
            _read_transport(part, key, value)
            if media is not None:
                _read_media(media, key, value)
                _read_streams(media, key, value)
        except (ValueError, IndexError):
            raise Invalid(f"The line {line[:80]!r} of the offer cannot be read.") from None
    if media is not None and max(len(media.ssrcs), len(media.repairs), len(media.rids)) > MOST_STREAMS:
        raise Invalid(f"A section of the offer names more than {MOST_STREAMS} streams.")
    if len(part.fingerprints) > MOST_FINGERPRINTS:
        raise Invalid(f"A section of the offer has more than {MOST_FINGERPRINTS} fingerprints.")
    return part


def _read_transport(part: Offer, key: str, value: str) -> None:
    if key == "ice-ufrag":
        part.fragment = value
    elif key == "ice-pwd":
        part.password = value
    elif key == "setup":
        part.setup = value
    elif key == "fingerprint":
        algorithm, digest = value.split(" ", 1)
        part.fingerprints.append((algorithm, digest.strip()))


def _read_media(media: Media, key: str, value: str) -> None:
    if key in DIRECTIONS:
        media.direction = key
    elif key == "mid":
        media.mid = value
    elif key == "msid":
        media.msid = value
    elif key == "bundle-only":
        media.bundle_only = True
    elif key == "rtpmap":
        payload, media_name = value.split(" ", 1)
        media.codecs.setdefault(_within(payload, 128), Codec()).name = media_name
    elif key == "fmtp":
        payload, parameters = value.split(" ", 1)
        media.codecs.setdefault(_within(payload, 128), Codec()).parameters = parameters
    elif key == "rtcp-fb":
        payload, feedback = value.split(" ", 1)
        if payload != "*":
            media.codecs.setdefault(_within(payload, 128), Codec()).feedback.append(feedback)
    elif key == "extmap":
        identifier, uri = value.split(" ")[:2]
        media.extensions[uri] = _within(identifier.partition("/")[0], 256)


def _read_streams(media: Media, key: str, value: str) -> None:
    if key == "ssrc":
        number, _, rest = value.partition(" ")
        ssrc = _ssrc(number)
        media.ssrcs[ssrc] = None
        if rest.startswith("msid:"):  # older Safari names the track here alone
            media.msid = media.msid or rest.removeprefix("msid:")
    elif key == "ssrc-group" and value.startswith("FID"):
        stream, repair = value.split()[1:3]
        media.repairs[_ssrc(stream)] = _ssrc(repair)
    elif key == "rid" and "send" in value.split()[1]:
        media.rids.append(value.split(maxsplit=1)[0])


def _ssrc(text: str) -> int:
    return _within(text, 1 << 32)


def _within(text: str, end: int) -> int:
    number = int(text)
    if not 0 <= number < end:
        raise ValueError(text)
    return number
