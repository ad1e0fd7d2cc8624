"""A track as the room knows it: announced first, then bound to the section that carries it."""

from livekit.protocol import models, rtc

from backtolife.errors import Invalid
from backtolife.sessions.media.access import policy
from backtolife.sessions.media.access.ids import new_id
from backtolife.sessions.media.tracks.uptrack import UpTrack

LONGEST_NAME = 64
"""Characters; a browser's names have at most 38."""
MOST_LAYERS = 4
"""Sizes of one picture that an announcement may name; browsers name three."""
MISFIT = (
    "A camera or a screen sends a picture, a microphone or the sound of a screen sends sound. "
    "Announce this track as what it is."
)
MIME = {"audio": "audio/opus", "video": "video/VP8"}


class Publication:
    """`announced` until the offer that carries it, `bound` while `up` is set; gone when it is taken from its owner."""

    def __init__(self, request: rtc.AddTrackRequest) -> None:
        """Raises Invalid for what is neither sound nor picture, or comes from where such a thing does not come from."""
        longest = max(map(len, (request.name, request.cid, request.stream)))
        if request.type not in (models.TrackType.AUDIO, models.TrackType.VIDEO) or longest > LONGEST_NAME:
            raise Invalid("A track is audio or video and has a short name.")
        if len(request.layers) > MOST_LAYERS:
            raise Invalid(f"A track has at most {MOST_LAYERS} layers.")
        self.cid = request.cid
        self.kind = "audio" if request.type == models.TrackType.AUDIO else "video"
        if not policy.fits(self.kind, request.source):
            raise Invalid(MISFIT)
        self.up: UpTrack | None = None
        mime = MIME[self.kind]
        layers = [plain(layer) for layer in request.layers]
        self.info = models.TrackInfo(
            sid=new_id("TR_"),
            type=request.type,
            name=request.name,
            muted=request.muted,
            width=request.width,
            height=request.height,
            simulcast=len(request.layers) > 1,
            disable_dtx=request.disable_dtx,
            source=request.source,
            layers=layers,
            mime_type=mime,
            stereo=request.stereo,
            disable_red=request.disable_red or self.kind == "video",
            encryption=request.encryption,
            stream=request.stream or "camera",
            codecs=[models.SimulcastCodecInfo(mime_type=mime, cid=request.cid, layers=layers)],
        )

    @property
    def sid(self) -> str:
        return self.info.sid

    @property
    def source(self) -> int:
        return self.info.source

    def mute(self, muted: bool, now: float) -> None:
        """While muted nothing is forwarded, whatever the client sends."""
        self.info.muted = muted
        if self.up is None or self.up.blocked == muted:
            return
        self.up.blocked = muted
        if not muted:
            for listener in list(self.up.down):
                listener.interrupt(now)

    def bind(self, up: UpTrack, mid: str) -> None:
        self.up, self.info.mid = up, mid
        up.blocked = self.info.muted


def plain(layer: models.VideoLayer) -> models.VideoLayer:
    """Of a layer what the others need: everybody is told of it, so nothing in it may be long."""
    return models.VideoLayer(
        quality=layer.quality, width=layer.width, height=layer.height, bitrate=layer.bitrate, ssrc=layer.ssrc
    )
