"""What one client receives. The only place that makes a down track, and only after `policy` said yes."""

from typing import Protocol

from livekit.protocol import rtc

from backtolife.sessions.media.rooms.ports import OwnerPort, ViewerPort
from backtolife.sessions.media.rooms.publication import Publication
from backtolife.sessions.media.sdp import offer as sdp
from backtolife.sessions.media.sdp.answer import Outgoing
from backtolife.sessions.media.tracks.egress import DownTrack

SMALL, MEDIUM = 180, 360
"""Heights in pixels up to which the smaller layers are enough."""


class Place(Protocol):
    """A section that carries a subscription."""

    sends: "Subscription | None"


class Subscription:
    """`waiting` for a section, or `placed` in one; `setting` is what the client said it shows of the track."""

    def __init__(self, viewer: ViewerPort, owner: OwnerPort, publication: Publication) -> None:
        self.viewer, self.owner, self.publication = viewer, owner, publication
        self.setting: rtc.UpdateTrackSettings | None = None
        self.down: DownTrack | None = None
        self.told_paused: bool | None = False
        """Whether the client was told last that the picture is paused; a new one is not. None: unknown."""
        self._place: Place | None = None

    def place(self, place: Place, choice: sdp.Choice, extension: int) -> None:
        """Begin to send in this section."""
        up = self.publication.up
        if up is None:
            return
        self._place = place
        self.down = DownTrack(
            self.viewer.peer,
            up,
            payload_type=choice.main,
            rtx_type=choice.rtx,
            red_type=choice.red,
            extension=extension,
            labels=self.viewer.labels_for(self.owner, self.publication),
        )
        self.viewer.peer.add(self.down)
        self.viewer.totals.begin(self.down)
        now = self.viewer.now()
        self.down.bind()
        self.down.choose(now)
        if self.setting is not None:
            self.apply(self.setting)

    def release(self) -> None:
        """Stop sending at once; the section is free for another."""
        if self.down is not None:
            self.viewer.peer.remove(self.down, self.viewer.now())
            self.viewer.totals.end(self.down)
            self.down = None
        if self._place is not None:
            self._place.sends = None
            self._place = None

    def apply(self, setting: rtc.UpdateTrackSettings) -> None:
        """The client shows the track at this size, or not at all."""
        self.setting = setting
        if self.down is None:
            return
        now = self.viewer.now()
        self.down.wanted = wanted_layer(setting)
        if setting.disabled:
            self.down.pause(now)
        else:
            self.down.resume(now)
            self.down.choose(now)

    def outgoing(self) -> Outgoing | None:
        """How the answer names this stream."""
        if self.down is None:
            return None
        stream = f"{self.owner.sid}|{self.publication.info.stream}"
        rtx = self.down.rtx_ssrc if self.down.rtx_type is not None else None
        return Outgoing(stream, self.publication.sid, self.down.ssrc, rtx)


class Subscriptions:
    """The subscriptions of one viewer, by track."""

    def __init__(self, viewer: ViewerPort, *, automatic: bool) -> None:
        self._viewer, self._automatic = viewer, automatic
        self._by_track: dict[str, Subscription] = {}
        self._chosen: dict[str, bool] = {}
        """What the client (or RoomService) asked for, by track: it goes before `automatic`."""
        self._refused: set[str] = set()

    def get(self, track_sid: str) -> Subscription | None:
        return self._by_track.get(track_sid)

    def all(self) -> list[Subscription]:
        return list(self._by_track.values())

    def waiting(self) -> list[Subscription]:
        return [item for item in self._by_track.values() if item.down is None]

    def ask(self, track_sid: str, *, subscribe: bool) -> None:
        """The client, or RoomService, wants this track or wants it no more."""
        self._chosen[track_sid] = subscribe

    def consider(self, owner: OwnerPort, publication: Publication) -> None:
        """Begin, keep or end the subscription of one track by what is wanted and permitted at this moment."""
        sid = publication.sid
        permitted = owner.permits(self._viewer, publication)
        if permitted == (sid in self._refused):
            self._tell(owner, publication, permitted)
        wanted = self._chosen.get(sid, self._automatic)
        if not permitted or not wanted:
            self.end(sid)
        elif publication.up is not None and sid not in self._by_track:
            self._by_track[sid] = Subscription(self._viewer, owner, publication)
            self._viewer.need_sections()

    def end(self, track_sid: str) -> None:
        """No packet of this track leaves after this call."""
        subscription = self._by_track.pop(track_sid, None)
        if subscription is not None:
            subscription.release()
            self._viewer.need_sections()

    def forget(self, track_sid: str) -> None:
        """The track is gone for good."""
        self.end(track_sid)
        self._refused.discard(track_sid)
        self._chosen.pop(track_sid, None)

    def end_all(self) -> None:
        for subscription in self._by_track.values():
            subscription.release()
        self._by_track.clear()

    def _tell(self, owner: OwnerPort, publication: Publication, permitted: bool) -> None:
        """Say that a track may or may not be had; of one that is concealed nothing is said, not even that it exists."""
        (self._refused.discard if permitted else self._refused.add)(publication.sid)
        if owner.conceals(self._viewer.role, publication):
            return
        update = rtc.SubscriptionPermissionUpdate(
            participant_sid=owner.sid, track_sid=publication.sid, allowed=permitted
        )
        self._viewer.send(rtc.SignalResponse(subscription_permission_update=update))


def wanted_layer(setting: rtc.UpdateTrackSettings) -> str:
    """The layer that is large enough for what the client shows."""
    if setting.height:
        return "q" if setting.height <= SMALL else "h" if setting.height <= MEDIUM else "f"
    return "qhf"[min(2, setting.quality)]
