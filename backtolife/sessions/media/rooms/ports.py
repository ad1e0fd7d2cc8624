"""What the parts of a room ask of each other. Each part knows these few things, not who has them."""

from collections.abc import Coroutine
from typing import Protocol

from aiortc import RTCDataChannel
from aiortc.rtcdtlstransport import RTCCertificate
from livekit.protocol import rtc

from backtolife.sessions.media.access.policy import Grants
from backtolife.sessions.media.access.removals import Removals
from backtolife.sessions.media.access.tokens import Tokens
from backtolife.sessions.media.datapath.ports import ForwardingPort
from backtolife.sessions.media.limits.budget import Budget
from backtolife.sessions.media.limits.overload import Overload
from backtolife.sessions.media.rooms.publication import Publication
from backtolife.sessions.media.rooms.totals import Totals
from backtolife.sessions.media.rooms.webhooks import Webhooks
from backtolife.sessions.media.tracks.peer import Peer
from backtolife.sessions.media.tracks.uptrack import UpTrack
from backtolife.sessions.media.transport.transport import Transport
from backtolife.sessions.media.transport.udp import Socket


class OwnerPort(Protocol):
    """Who publishes a track, as those know them who receive it."""

    sid: str
    attributes: dict[str, str]

    @property
    def role(self) -> str | None: ...
    def conceals(self, viewer_role: str | None, publication: Publication) -> bool: ...
    def permits(self, viewer: "ViewerPort", publication: Publication) -> bool: ...
    def withholds(self, track_sid: str) -> bool:
        """Whether the client is asked not to send this picture at all."""


class ViewerPort(Protocol):
    """Who receives tracks."""

    sid: str
    identity: str
    grants: Grants
    peer: Peer

    @property
    def role(self) -> str | None: ...
    @property
    def overload(self) -> Overload: ...
    @property
    def totals(self) -> Totals: ...
    def now(self) -> float: ...
    def send(self, signal: rtc.SignalResponse) -> None: ...
    def need_sections(self) -> None:
        """Something waits for a section, or a section is no longer what the client believes."""

    def foremost_voice(self, before: UpTrack | None, among: list[UpTrack]) -> UpTrack | None: ...
    def labels_for(self, owner: OwnerPort, publication: Publication) -> tuple[str, ...]: ...


class PublisherPort(Protocol):
    """Who sends tracks, and the client that offers the sections for them."""

    peer: Peer
    transport: Transport
    publications: dict[str, Publication]
    closed: bool

    def now(self) -> float: ...
    def send(self, signal: rtc.SignalResponse) -> None: ...
    def announced(self, kind: str, cid: str | None) -> Publication | None: ...
    def published(self, publications: list[Publication]) -> None: ...
    def unpublish(self, publication: Publication) -> None: ...


class MemberPort(Protocol):
    """Who sends and receives messages."""

    sid: str
    identity: str
    grants: Grants
    channels: dict[str, RTCDataChannel]
    budget: Budget

    def now(self) -> float: ...


class EnginePort(Protocol):
    """What a room, and who is in it, has of the engine."""

    socket: Socket
    certificate: RTCCertificate
    forwarding: ForwardingPort
    tokens: Tokens
    webhooks: Webhooks
    totals: Totals
    removals: Removals
    overload: Overload

    def spawn(self, work: Coroutine[object, object, None]) -> None: ...
