"""What one client is asked to send: less picture, or none, where its own link has no room for it beside the voice."""

from collections.abc import Callable

from livekit.protocol import models, rtc

from backtolife.sessions.media.packets.uplink import ALL, NONE, SMALL, Uplink
from backtolife.sessions.media.rooms.ports import PublisherPort
from backtolife.sessions.media.rooms.publication import Publication

QUALITIES = (models.VideoQuality.LOW, models.VideoQuality.MEDIUM, models.VideoQuality.HIGH)


class Sending:
    """Looks every 100 ms. Clients with `dynacast` do what they are asked; others go on."""

    def __init__(self, publisher: PublisherPort, tell_viewers: Callable[[str], None]) -> None:
        """`tell_viewers` is told of a picture's sid when the client is asked to send none, or one again."""
        self._publisher, self._tell_viewers = publisher, tell_viewers
        self.uplink = Uplink()
        self._sound = 0
        """The SSRC of the sound that was last listened to: another one has another beginning of its timestamps."""
        self._asked: dict[str, int] = {}
        """The step last asked for, by track."""

    def look(self, now: float) -> None:
        sounds = [layer for layer in self._publisher.peer.layers() if layer.track.kind == "audio"]
        if sounds and sounds[0].ssrc != self._sound:
            self._sound = sounds[0].ssrc
            self.uplink.begin_anew()
        sample = sounds[0].take_sample() if sounds else None
        if sample is not None:
            self.uplink.heard(*sample, sounds[0].clock)
        step = self.uplink.decide(now)
        for publication in self._publisher.publications.values():
            if publication.kind == "video" and self._asked.get(publication.sid, ALL) != step:
                self._ask(publication, step)

    def paused(self, track_sid: str) -> bool:
        """Whether the client is asked not to send this picture at all."""
        return self._asked.get(track_sid, ALL) == NONE

    def resumed(self) -> None:
        """A new signal connection: what was asked for on the one before may not have come."""
        for sid in self._asked.keys() & self._publisher.publications.keys():
            self._publisher.send(rtc.SignalResponse(subscribed_quality_update=wanted(sid, self._asked[sid])))

    def _ask(self, publication: Publication, step: int) -> None:
        before, self._asked[publication.sid] = self._asked.get(publication.sid, ALL), step
        self._publisher.send(rtc.SignalResponse(subscribed_quality_update=wanted(publication.sid, step)))
        if NONE in (before, step):
            self._tell_viewers(publication.sid)


def wanted(track_sid: str, step: int) -> rtc.SubscribedQualityUpdate:
    """The signal that asks for all sizes, the smallest, or none."""
    most = {ALL: models.VideoQuality.HIGH, SMALL: models.VideoQuality.LOW}.get(step, -1)
    qualities = [rtc.SubscribedQuality(quality=quality, enabled=quality <= most) for quality in QUALITIES]
    codecs = [rtc.SubscribedCodec(codec="vp8", qualities=qualities)]
    return rtc.SubscribedQualityUpdate(track_sid=track_sid, subscribed_qualities=qualities, subscribed_codecs=codecs)
