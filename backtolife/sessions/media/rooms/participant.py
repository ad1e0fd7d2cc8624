"""One person in a room.

States: `joined` (signals flow), `active` (media connected), then `disconnected`. In between the signal connection
may be lost: for the grace period the person stays, their media goes on if it still flows, and a resume takes
everything up again.
"""

import asyncio
import time
from typing import Protocol

from aiortc import RTCDataChannel
from livekit.protocol import models, rtc

from backtolife.sessions.media.access import policy
from backtolife.sessions.media.access.ids import new_id
from backtolife.sessions.media.access.tokens import Visitor
from backtolife.sessions.media.limits.budget import DATA, Budget
from backtolife.sessions.media.limits.overload import Overload
from backtolife.sessions.media.packets.rtp import Extensions
from backtolife.sessions.media.rooms.allocation import Allocation
from backtolife.sessions.media.rooms.channels import Relay
from backtolife.sessions.media.rooms.negotiation import Negotiation
from backtolife.sessions.media.rooms.outbox import Action, Outbox, Reason, leaving
from backtolife.sessions.media.rooms.ports import EnginePort, OwnerPort, ViewerPort
from backtolife.sessions.media.rooms.publication import Publication
from backtolife.sessions.media.rooms.sending import Sending
from backtolife.sessions.media.rooms.subscriptions import Subscriptions
from backtolife.sessions.media.rooms.telling import Telling
from backtolife.sessions.media.rooms.totals import Totals
from backtolife.sessions.media.rooms.voices import Voices
from backtolife.sessions.media.tracks.peer import Peer
from backtolife.sessions.media.tracks.uptrack import UpTrack
from backtolife.sessions.media.transport.transport import Transport

MOST_TRACKS = 16
"""Published tracks of one person; more are refused."""


class RoomPort(Protocol):
    """The room, as its people know it."""

    engine: EnginePort
    participants: "dict[str, Participant]"
    data: Relay
    voices: Voices

    def changed(self, participant: "Participant") -> None: ...
    def announce(
        self,
        event: str,
        participant: "Participant | None" = None,
        publication: Publication | None = None,
        reason: Reason | None = None,
    ) -> None: ...
    def leave(self, participant: "Participant", reason: Reason) -> None: ...
    def remove(self, participant: "Participant") -> None: ...
    def consider(self, owner: "Participant", publication: Publication) -> None: ...
    def reconsider(self, participant: "Participant") -> None: ...
    def withdraw(self, publication: Publication) -> None: ...
    def find_track(self, sid: str) -> "tuple[Participant, Publication] | None": ...
    def tell_viewers(self, track_sid: str) -> None: ...
    def refresh_token(self, participant: "Participant") -> None: ...


class Participant:
    def __init__(self, room: RoomPort, visitor: Visitor, *, automatic: bool) -> None:
        """`automatic`: subscribe to every permitted track without being asked."""
        engine = room.engine
        self.room, self.visitor = room, visitor
        self.sid, self.identity, self.name = new_id("PA_"), visitor.identity, visitor.name
        self.metadata, self.attributes, self.grants = visitor.metadata, dict(visitor.attributes), visitor.grants
        self.state = models.ParticipantInfo.State.JOINED
        self.joined_at = int(time.time())
        self.version = 0
        self.narrowing = policy.Narrowing()
        self.publications: dict[str, Publication] = {}
        self.channels: dict[str, RTCDataChannel] = {}
        self.budget = Budget()
        self.telling = Telling(self.budget)
        self.transport = Transport(engine.socket, self, engine.certificate, self.budget)
        self.peer = Peer(self.transport, engine.forwarding, self.sid, self.budget)
        self.subscriptions = Subscriptions(self, automatic=automatic)
        self.allocation = Allocation(self, self.subscriptions)
        self.sending = Sending(self, room.tell_viewers)
        self.negotiation = Negotiation(self, self.subscriptions, self.allocation)
        self.peer.on_link = self.allocation.heard
        self.outbox: Outbox | None = None
        self.closed = False
        self.grace: asyncio.TimerHandle | None = None

    def now(self) -> float:
        """Monotonic seconds, the clock of everything in the engine."""
        return asyncio.get_running_loop().time()

    @property
    def role(self) -> str | None:
        return self.attributes.get("role")

    @property
    def overload(self) -> Overload:
        return self.room.engine.overload

    @property
    def totals(self) -> Totals:
        return self.room.engine.totals

    @property
    def active(self) -> bool:
        return self.state == models.ParticipantInfo.State.ACTIVE

    def info(self) -> models.ParticipantInfo:
        return models.ParticipantInfo(
            sid=self.sid,
            identity=self.identity,
            name=self.name,
            metadata=self.metadata,
            attributes=self.attributes,
            state=self.state,
            version=self.version,
            joined_at=self.joined_at,
            joined_at_ms=self.joined_at * 1000,
            permission=self.grants.message(),
            is_publisher=bool(self.publications),
            tracks=[publication.info for publication in self.publications.values()],
        )

    def info_for(self, viewer_role: str | None) -> models.ParticipantInfo:
        """What someone of this role may know: a camera that is kept from them looks the same as none at all."""
        info = self.info()
        if viewer_role == policy.FACILITATOR:
            return info
        info.attributes.pop(policy.CAMERA_TO, None)
        open_tracks = [track.info for track in self.publications.values() if not self.conceals(viewer_role, track)]
        del info.tracks[:]
        info.tracks.extend(open_tracks)
        info.is_publisher = bool(open_tracks)
        return info

    # What the transport tells.

    def on_keys(self) -> None:
        self.peer.rebind(self.now())

    def on_moved(self) -> None:
        self.peer.moved(self.now())

    def on_media(self, datagram: bytes, now: float, clear: Extensions | None) -> None:
        self.peer.receive(datagram, now, clear)

    def on_channel(self, channel: RTCDataChannel) -> None:
        self.room.data.open(self, channel)

    def data_wait(self, now: float) -> float:
        return max(self.budget.wait(DATA, now), self.room.data.wait(self, now))

    def on_connected(self) -> None:
        if self.state == models.ParticipantInfo.State.JOINED and not self.closed:
            self.state = models.ParticipantInfo.State.ACTIVE
            self.room.changed(self)
            self.room.announce("participant_joined", self)

    def on_failed(self) -> None:
        if not self.closed:
            self.send(leaving(Reason.STATE_MISMATCH, Action.RECONNECT))

    # Signals.

    def send(self, signal: rtc.SignalResponse) -> None:
        if self.outbox is not None:
            self.outbox.send(signal)

    def send_bytes(self, signal: bytes) -> None:
        if self.outbox is not None:
            self.outbox.send_bytes(signal)

    def connect(self, outbox: Outbox) -> None:
        """Speak over this connection from now on; one before it is closed."""
        if self.grace is not None:
            self.grace.cancel()
            self.grace = None
        previous, self.outbox = self.outbox, outbox
        if previous is not None:
            previous.finish()

    def disconnected(self, outbox: Outbox, grace: float) -> None:
        """This connection ended without a goodbye: wait `grace` seconds for a resume."""
        if self.outbox is not outbox or self.closed:
            return
        self.outbox = None
        self.grace = asyncio.get_running_loop().call_later(grace, self.room.leave, self, Reason.SIGNAL_CLOSE)

    # Publishing.

    def announce(self, request: rtc.AddTrackRequest) -> Publication | None:
        """Take the announcement of a track; None when this person may not publish it. Raises Invalid."""
        if not self.grants.may_publish(request.source) or len(self.publications) >= MOST_TRACKS:
            return None
        publication = Publication(request)
        self.publications[publication.sid] = publication
        return publication

    def announced(self, kind: str, cid: str | None) -> Publication | None:
        """An announced track without a section: the one with this cid, or the oldest of its kind."""
        for publication in self.publications.values():
            if publication.up is None and publication.kind == kind and cid in (None, publication.cid):
                return publication
        return None

    def published(self, publications: list[Publication]) -> None:
        """These tracks flow now."""
        if not publications:
            return
        self.room.changed(self)
        for publication in publications:
            if publication.kind == "audio" and publication.up is not None:
                self.room.voices.add(publication.up, always=self.role == policy.FACILITATOR)
            self.room.announce("track_published", self, publication)
            self.room.consider(self, publication)

    def unpublish(self, publication: Publication) -> None:
        """Take a track away: nothing of it is forwarded after this call, and the client is told."""
        if self.publications.pop(publication.sid, None) is None:
            return
        if publication.up is not None:
            self.peer.forget(publication.up)
        self.negotiation.dropped(publication)
        self.room.withdraw(publication)
        self.send(rtc.SignalResponse(track_unpublished=rtc.TrackUnpublishedResponse(track_sid=publication.sid)))
        self.room.changed(self)
        if publication.up is not None:
            self.room.announce("track_unpublished", self, publication)

    def mute(self, track_sid: str, muted: bool) -> Publication | None:
        """Mute or unmute one track; None when there is no such track."""
        publication = self.publications.get(track_sid)
        if publication is not None:
            publication.mute(muted, self.now())
        return publication

    # What their tracks ask.

    def need_sections(self) -> None:
        self.negotiation.need()

    def foremost_voice(self, before: UpTrack | None, among: list[UpTrack]) -> UpTrack | None:
        return self.room.voices.foremost(before, among)

    def withholds(self, track_sid: str) -> bool:
        return self.sending.paused(track_sid)

    # Permissions.

    def conceals(self, viewer_role: str | None, publication: Publication) -> bool:
        """Whether our ceiling keeps this track from everyone of that role."""
        return not policy.under_ceiling(
            kind=publication.kind,
            source=publication.source,
            camera_to=self.attributes.get(policy.CAMERA_TO),
            viewer_role=viewer_role,
        )

    def permits(self, viewer: ViewerPort, publication: Publication) -> bool:
        """Whether `viewer` may receive this track of ours at this moment."""
        return (
            viewer.grants.can_subscribe
            and not self.conceals(viewer.role, publication)
            and self.narrowing.allows(identity=viewer.identity, sid=viewer.sid, track_sid=publication.sid)
        )

    def narrow(self, narrowing: policy.Narrowing) -> None:
        """Our own tracks go to fewer, or to more, from now on."""
        self.narrowing = narrowing
        for publication in list(self.publications.values()):
            self.room.consider(self, publication)

    def set_attributes(self, update: dict[str, str]) -> None:
        """Change attributes; a new role or ceiling counts at once."""
        self.attributes = policy.merged(self.attributes, update)
        if policy.SERVER_OWNED & update.keys():
            for publication in self.publications.values():
                if publication.kind == "audio" and publication.up is not None:
                    self.room.voices.change(publication.up, always=self.role == policy.FACILITATOR, now=self.now())
            self.room.reconsider(self)

    def set_grants(self, grants: policy.Grants) -> None:
        """Change what this person may do; what they may no longer publish ends before anyone is told."""
        self.grants = grants
        for publication in list(self.publications.values()):
            if not grants.may_publish(publication.source):
                self.unpublish(publication)
        self.room.reconsider(self)

    def labels_for(self, owner: OwnerPort, publication: Publication) -> tuple[str, ...]:
        """How the counters name a copy of this track for us; no names of people."""
        ceiling = owner.attributes.get(policy.CAMERA_TO, "") if publication.kind == "video" else ""
        source = models.TrackSource.Name(publication.info.source).lower()
        return (publication.kind, source, ceiling, self.role or "")
