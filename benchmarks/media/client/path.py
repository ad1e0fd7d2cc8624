"""One end of a media connection, without a library above it: a socket, connectivity checks, DTLS, encrypted packets."""

import asyncio
import contextlib
import random
import re
import secrets
import socket
from typing import Any, cast

from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceTransport

from backtolife.errors import Invalid
from backtolife.sessions.media.datapath import aiortc_internals
from backtolife.sessions.media.packets import rtcp, stun
from backtolife.sessions.media.packets.congestion import Arrivals
from backtolife.sessions.media.settings import own_address
from backtolife.sessions.media.transport import udp
from benchmarks.media.client import offer
from benchmarks.media.client.arrivals import Received
from benchmarks.media.client.stream import Payloads, Sender

CERTIFICATE = RTCCertificate.generateCertificate()
CHECK_EVERY = 2.0
FEEDBACK_EVERY = 0.1
LOOK_EVERY = 0.01
"""Seconds between two looks at what came, once media flow. Nobody is woken by a packet then: over a real network the
sender would not pay for that either. When it came is the kernel's word."""
ANY = "0.0.0.0"  # noqa: S104 - for Janus, which offers no loopback addresses


class _Datagrams:
    """What RTCDtlsTransport wants of an ICE transport."""

    role = "controlling"
    state = "completed"

    def __init__(self, path: "MediaPath") -> None:
        self._path = path

    async def _recv(self) -> bytes:
        return await self._path.dtls_waiting.get()

    async def _send(self, datagram: bytes) -> None:
        self._path.send(datagram)


class MediaPath:
    """`connect` to an ICE-lite server, then `start` sending; everything that arrives is counted in `received`."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.streams = offer.Streams(*(random.getrandbits(31) | 1 for _ in range(3)))
        self.credentials = offer.Credentials(
            secrets.token_hex(4), secrets.token_hex(12), aiortc_internals.fingerprint(CERTIFICATE)
        )
        self.sender: Sender | None = None
        self.dtls_waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self._socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self._socket.setblocking(False)
        udp.widen(self._socket)
        self.received = Received(self._socket)
        self._server: stun.Address | None = None
        self._dtls = RTCDtlsTransport(cast(RTCIceTransport, _Datagrams(self)), [CERTIFICATE])
        self._sessions: Any = None
        self._checked = asyncio.Event()
        self.pictured = asyncio.Event()
        """Set when the first whole picture has arrived."""
        self._tasks: list[asyncio.Task[None]] = []
        self._next: asyncio.TimerHandle | None = None
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._readable)

    def candidate(self) -> str:
        """The line that tells where we can be reached, for servers that want one."""
        host = own_address(ANY)
        return f"a=candidate:1 1 udp 2130706431 {host} {self._socket.getsockname()[1]} typ host"

    def standing(self) -> str:
        """How far the connection has come."""
        return f"{'checked' if self._checked.is_set() else 'no check answered'}, DTLS {self._dtls.state}"

    def spawn(self, work: Any) -> None:
        """Do something as long as the path lives."""
        self._tasks.append(asyncio.ensure_future(work))

    async def connect(self, description: str, *, role: str | None = None) -> None:
        """Connect to the server of this session description; `role` overrides what its setup line says."""

        def line(pattern: str) -> str:
            found = re.search(pattern, description)
            if found is None:
                raise Invalid(f"The description lacks {pattern}.")
            return found.group(1).strip()

        kind = r"\S*:\S*" if self._socket.family == socket.AF_INET6 else r"[\d.]+"
        host, port = line(rf"a=candidate:\S+ 1 udp \S+ ({kind} \d+) typ").split()
        self._server = (host, int(port))
        self.spawn(self._keep_checking(line(r"a=ice-ufrag:(.*)"), line(r"a=ice-pwd:(.*)")))
        await self._checked.wait()
        aiortc_internals.take_role(self._dtls, role or ("server" if line(r"a=setup:(.*)") == "active" else "client"))
        fingerprint = RTCDtlsFingerprint(algorithm="sha-256", value=line(r"(?i)a=fingerprint:sha-256 (.*)"))
        await self._dtls.start(RTCDtlsParameters(fingerprints=[fingerprint]))
        self._sessions = aiortc_internals.srtp_sessions(self._dtls)
        self.received.decrypt_with(aiortc_internals.context(self._sessions[0]))

    async def _keep_checking(self, fragment: str, password: str) -> None:
        user = f"{fragment}:{self.credentials.fragment}"
        while True:
            self.send(stun.request(secrets.token_bytes(12), user, password, nominate=True))
            await asyncio.sleep(CHECK_EVERY if self._checked.is_set() else 0.05)

    def send(self, datagram: bytes) -> None:
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._socket.sendto(datagram, self._server)

    def start(self, payloads: Payloads = Payloads()) -> None:  # noqa: B008 - frozen
        """Send picture and sound from now on."""
        self.sender = Sender(self._sessions[1], self.send, self.streams, payloads)
        self.sender.start()

    def report(self) -> None:
        """From now on look only now and then, and say what arrived."""
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._look()
        self.spawn(self._keep_reporting())
        self.spawn(self._keep_feeding_back())

    async def _keep_reporting(self) -> None:
        while True:
            await asyncio.sleep(0.8 + 0.4 * random.random())
            blocks = self.received.blocks()
            for at in range(0, len(blocks), 24):
                report = rtcp.receiver_report(self.streams.audio, blocks[at : at + 24])
                self.send(self._sessions[1].protect_rtcp(report))

    async def _keep_feeding_back(self) -> None:
        """Tell when each numbered packet came, as browsers do; a server that numbers none is told nothing."""
        arrivals = Arrivals()
        while True:
            await asyncio.sleep(FEEDBACK_EVERY)
            for number, at in self.received.numbered():
                arrivals.add(number, at)
            feedback = arrivals.feedback(self.streams.audio, self.streams.video)
            if feedback is not None:
                self.send(self._sessions[1].protect_rtcp(feedback))

    def _look(self) -> None:
        self._readable()
        self._next = asyncio.get_running_loop().call_later(LOOK_EVERY, self._look)

    def _readable(self) -> None:
        waiting = self.received.drain()
        if not self.pictured.is_set() and self.received.picture_at:
            self.pictured.set()
        for datagram in waiting:
            first = datagram[0] if datagram else 255
            if first < 2:
                self._answer(datagram)
            elif first < 128:
                self.dtls_waiting.put_nowait(datagram)
            elif len(datagram) > 1:
                self._reported(datagram)

    def _answer(self, datagram: bytes) -> None:
        """Janus checks the other way too, whatever it calls itself."""
        if datagram[:2] != b"\0\x01":
            self._checked.set()
        elif self._server is not None:
            with contextlib.suppress(Invalid):
                request = stun.parse_request(datagram)
                self.send(stun.success(request.transaction, self._server, self.credentials.password))

    def _reported(self, datagram: bytes) -> None:
        if self._sessions is None or self.sender is None:
            return
        with contextlib.suppress(Invalid, aiortc_internals.SrtpError):
            for message in rtcp.parse(self._sessions[0].unprotect_rtcp(datagram)):
                if isinstance(message, rtcp.KeyFrameRequest):
                    self.sender.key_frame_wanted = True

    async def close(self) -> None:
        if self.sender is not None:
            self.sender.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._dtls.stop()
        if self._next is not None:
            self._next.cancel()
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._socket.close()
