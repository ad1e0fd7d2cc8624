"""A track as the room knows it: announced first, then bound to the section that carries it."""

from livekit.protocol import models, rtc

from backtolife.errors import Invalid
from backtolife.sessions.media.ids import new_id
from backtolife.sessions.media.uptrack import UpTrack

LONGEST_NAME = 256
MIME = {"audio": "audio/opus", "video": "video/VP8"}


class Publication:
    """`announced` until the offer that carries it, `bound` while `up` is set; gone when it is taken from its owner."""

    def __init__(self, request: rtc.AddTrackRequest) -> None:
        """Raises Invalid when the client announces something that is neither sound nor picture."""
        if request.type not in (models.TrackType.AUDIO, models.TrackType.VIDEO) or len(request.name) > LONGEST_NAME:
            raise Invalid("A track is audio or video and has a short name.")
        self.cid = request.cid
        self.kind = "audio" if request.type == models.TrackType.AUDIO else "video"
        self.up: UpTrack | None = None
        mime = MIME[self.kind]
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
            layers=request.layers,
            mime_type=mime,
            stereo=request.stereo,
            disable_red=request.disable_red or self.kind == "video",
            encryption=request.encryption,
            stream=request.stream or "camera",
            codecs=[models.SimulcastCodecInfo(mime_type=mime, cid=request.cid, layers=request.layers)],
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
