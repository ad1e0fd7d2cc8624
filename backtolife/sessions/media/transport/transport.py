"""One client's transport: its address, DTLS and SRTP keys, and the data channels.

States: `new` until a signed check and the DTLS handshake are through, then `connected`, at the end `closed`;
`failed` when the handshake does not succeed or the other side ends DTLS. An ICE restart keeps the state and
everything under it.
"""

import asyncio
import contextlib
import secrets
from collections.abc import Coroutine
from typing import Literal, Protocol, cast

from aiortc import RTCDataChannel
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceTransport
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport

from backtolife.errors import Invalid
from backtolife.sessions.media.datapath import aiortc_internals
from backtolife.sessions.media.datapath.aiortc_internals import Context
from backtolife.sessions.media.datapath.ports import SourcePort
from backtolife.sessions.media.limits.budget import CHECKS, DATA, Budget
from backtolife.sessions.media.packets.rtp import Extensions
from backtolife.sessions.media.sdp import answer
from backtolife.sessions.media.sdp import offer as sdp
from backtolife.sessions.media.transport.udp import Address, Socket

HANDSHAKE_TIME = 20.0
"""Seconds from the first offer to keys."""
MOST_DTLS_WAITING = 256
KEPT_FRAGMENTS = 3
"""An ICE restart keeps the credentials before it valid until the client has moved."""

State = Literal["new", "connected", "failed", "closed"]


class Owner(Protocol):
    """Who hears what happens to a transport."""

    def on_keys(self) -> None: ...
    def on_connected(self) -> None: ...
    def on_failed(self) -> None: ...
    def on_moved(self) -> None: ...
    def on_media(self, datagram: bytes, now: float, clear: Extensions | None) -> None: ...
    def on_channel(self, channel: RTCDataChannel) -> None: ...
    def data_wait(self, now: float) -> float: ...


class _Datagrams:
    """What RTCDtlsTransport wants of an ICE transport."""

    role = "controlled"
    state = "completed"

    def __init__(self, transport: "Transport") -> None:
        self._transport = transport

    async def _recv(self) -> bytes:
        await self._transport.may_read()
        datagram = await self._transport.dtls_waiting.get()
        if datagram is None:
            raise ConnectionError("The transport was closed.")
        return datagram

    async def _send(self, datagram: bytes) -> None:
        self._transport.send(datagram)


class Transport:
    def __init__(self, endpoint: Socket, owner: Owner, certificate: RTCCertificate, budget: Budget) -> None:
        self._socket, self._owner, self._budget = endpoint, owner, budget
        self._fingerprint = aiortc_internals.fingerprint(certificate)
        self._session = secrets.randbits(50)
        self._setup = "passive"
        self._remote_fragment = ""
        self._fragment = ""
        self._checked = asyncio.Event()
        self._sctp: RTCSctpTransport | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._dtls = RTCDtlsTransport(cast(RTCIceTransport, _Datagrams(self)), [certificate])
        self.passwords: dict[str, str] = {}
        self.dtls_waiting: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_DTLS_WAITING)
        self.state: State = "new"
        self.address: Address | None = None
        self.moves = 0
        self.restarts = 0
        self.heard = asyncio.get_running_loop().time()
        """When the last signed check came, in the loop's seconds."""
        self.receiving: Context | None = None
        self.sending: Context | None = None
        """libsrtp handles, None until the handshake is through."""
        self._sessions: tuple[aiortc_internals.Session, aiortc_internals.Session] | None = None
        self.source: SourcePort = endpoint.intake.source()
        self._renew_credentials()

    def local(self) -> answer.Local:
        """Our end, for the answer."""
        return answer.Local(
            self._session,
            self._fragment,
            self.passwords[self._fragment],
            self._fingerprint,
            self._setup,
            self._socket.candidates,
        )

    def accept(self, offer: sdp.Offer) -> None:
        """Take the transport part of an offer: the first one starts the handshake, a new fragment restarts ICE."""
        if not self._remote_fragment:
            role = "server" if offer.setup == "active" else "client"
            aiortc_internals.take_role(self._dtls, role)
            self._setup = "passive" if role == "server" else "active"
            self._spawn(self._connect(offer))
        else:
            if offer.fragment != self._remote_fragment:
                self.restarts += 1
                self._renew_credentials()
            if self._sctp is None and self.state == "connected" and offer.wants_data():
                self._spawn(self._open_channels())
        self._remote_fragment = offer.fragment

    def _renew_credentials(self) -> None:
        self._fragment = secrets.token_hex(4)
        self.passwords[self._fragment] = secrets.token_hex(12)
        for old in list(self.passwords)[:-KEPT_FRAGMENTS]:
            del self.passwords[old]
            self._socket.disown(old)
        self._socket.expect(self._fragment, self)

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, offer: sdp.Offer) -> None:
        fingerprints = [RTCDtlsFingerprint(algorithm=name, value=digest) for name, digest in offer.fingerprints]
        try:
            async with asyncio.timeout(HANDSHAKE_TIME):
                await self._checked.wait()
                await self._dtls.start(RTCDtlsParameters(fingerprints=fingerprints))
        except (TimeoutError, ConnectionError):
            self._fail()
            return
        if self._dtls.state != "connected":
            self._fail()
            return
        self._sessions = aiortc_internals.srtp_sessions(self._dtls)
        self.receiving, self.sending = map(aiortc_internals.context, self._sessions)
        self.source.unlock(self.receiving)
        self._dtls.on("statechange", self._dtls_changed)
        self._owner.on_keys()
        if offer.wants_data():
            await self._open_channels()
        self.state = "connected"
        self._owner.on_connected()

    async def _open_channels(self) -> None:
        self._sctp = RTCSctpTransport(self._dtls)
        self._sctp.on("datachannel", self._owner.on_channel)
        await self._sctp.start(RTCSctpCapabilities(maxMessageSize=answer.LARGEST_MESSAGE), answer.SCTP_PORT)

    def _dtls_changed(self) -> None:
        if self._dtls.state in ("closed", "failed"):
            self._fail()

    def _fail(self) -> None:
        if self.state not in ("closed", "failed"):
            self.state = "failed"
            self._owner.on_failed()

    def may_check(self, now: float) -> bool:
        """Whether one more signed check may be answered."""
        return self._budget.allows(CHECKS, now)

    def checked(self, address: Address, fragment: str, *, nominated: bool) -> None:
        """A signed check came from `address`. The newest nominated address is where packets go."""
        self.heard = asyncio.get_running_loop().time()
        if self.address is None or (nominated and address != self.address and fragment == self._fragment):
            self.moves += self.address is not None
            self.address = address
            self._owner.on_moved()
        self._checked.set()

    def received_media(self, datagram: bytes, now: float, clear: Extensions | None) -> None:
        if self.receiving is not None:
            self._owner.on_media(datagram, now, clear)

    def received_dtls(self, datagram: bytes) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self.dtls_waiting.put_nowait(datagram)

    async def may_read(self) -> None:
        """Wait until the next datagram of messages may be read: who sends more of them is slowed down."""
        wait = self._owner.data_wait(asyncio.get_running_loop().time())
        if wait:
            await asyncio.sleep(wait)
        self._budget.spend(DATA, 1)

    def send(self, datagram: bytes) -> None:
        if self.address is not None:
            self._socket.send(datagram, self.address)

    def send_rtcp(self, message: bytes) -> None:
        if self._sessions is not None and self.state != "closed":
            self.send(self._sessions[1].protect_rtcp(message))

    def forget_sent(self, ssrc: int) -> None:
        """A stream that we sent is over."""
        if self._sessions is not None:
            aiortc_internals.forget_stream(self._sessions[1], ssrc)

    def read_rtcp(self, datagram: bytes) -> bytes:
        """The clear packet. Raises Invalid when it is forged or damaged."""
        if self._sessions is None:
            raise Invalid("The RTCP packet came before there are keys.")
        try:
            return self._sessions[0].unprotect_rtcp(datagram)
        except (aiortc_internals.SrtpError, ValueError):
            raise Invalid("The RTCP packet is not authentic.") from None

    async def close(self) -> None:
        """End the transport; nothing is sent or received after it."""
        if self.state == "closed":
            return
        self.state = "closed"
        self._socket.forget(self)
        self.source.unlock(None)
        self.receiving = self.sending = None
        for task in list(self._tasks):
            task.cancel()
        if self._sctp is not None:
            with contextlib.suppress(ConnectionError):
                await self._sctp.stop()
        with contextlib.suppress(ConnectionError):
            await self._dtls.stop()
        self.address = None
        while self.dtls_waiting.full():
            self.dtls_waiting.get_nowait()
        self.dtls_waiting.put_nowait(None)
