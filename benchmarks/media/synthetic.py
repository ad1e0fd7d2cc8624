"""A participant made of packets: it joins as a client does, sends made-up VP8 and Opus, and counts what comes back."""

import asyncio
import base64
import contextlib
import random
import re
import secrets
import socket
import time
from typing import Any, cast

import aiohttp
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceTransport
from livekit.protocol import models, rtc

from backtolife.errors import Invalid
from backtolife.sessions.media import private, rtcp, stun
from benchmarks.media import offer
from benchmarks.media.arrivals import Received
from benchmarks.media.stream import Sender

CERTIFICATE = RTCCertificate.generateCertificate()
CHECK_EVERY = 2.0


class _Datagrams:
    """What RTCDtlsTransport wants of an ICE transport."""

    role = "controlling"
    state = "completed"

    def __init__(self, client: "SyntheticClient") -> None:
        self._client = client

    async def _recv(self) -> bytes:
        return await self._client.dtls_waiting.get()

    async def _send(self, datagram: bytes) -> None:
        self._client.send(datagram)


class SyntheticClient:
    """`join` connects, `start` sends until `close`."""

    def __init__(self, name: str, *, listens_to: int, address: str = "127.0.0.1") -> None:
        self.name = name
        self._listens_to = listens_to
        self._streams = offer.Streams(*(random.getrandbits(31) | 1 for _ in range(3)))
        mine = offer.Credentials(secrets.token_hex(4), secrets.token_hex(12), private.fingerprint(CERTIFICATE))
        self._credentials = mine
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((address, 0))
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._server: stun.Address | None = None
        self._dtls = RTCDtlsTransport(cast(RTCIceTransport, _Datagrams(self)), [CERTIFICATE])
        self._sessions: Any = None
        self._checked = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._offers = 0
        self._connecting = False
        self.dtls_waiting: asyncio.Queue[bytes] = asyncio.Queue()
        self.connected = asyncio.Event()
        self.tracks: dict[str, str] = {}
        self.received = Received()
        self.sender: Sender | None = None

    async def join(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        """Connect signals and media. Raises TimeoutError when that does not succeed in 30 s."""
        asyncio.get_running_loop().add_reader(self._socket.fileno(), self._readable)
        wrapped = rtc.WrappedJoinRequest(
            join_request=rtc.JoinRequest(
                connection_settings=rtc.ConnectionSettings(auto_subscribe=True)
            ).SerializeToString()
        )
        query = {"access_token": token, "join_request": base64.urlsafe_b64encode(wrapped.SerializeToString()).decode()}
        self._signals = await http.ws_connect(f"{url}/rtc/v1", params=query)
        self._spawn(self._listen())
        async with asyncio.timeout(30):
            await self.connected.wait()

    def _spawn(self, work: Any) -> None:
        self._tasks.append(asyncio.ensure_future(work))

    async def _say(self, **message: Any) -> None:
        await self._signals.send_bytes(rtc.SignalRequest(**message).SerializeToString())

    async def _listen(self) -> None:
        async for message in self._signals:
            if message.type is not aiohttp.WSMsgType.BINARY:
                continue
            response = rtc.SignalResponse.FromString(message.data)
            kind = response.WhichOneof("message")
            if kind == "join":
                await self._publish()
                self._spawn(self._keep_pinging(response.join.ping_interval))
            elif kind == "media_sections_requirement":
                await self._offer()
            elif kind == "answer":
                self.tracks = dict(response.answer.mid_to_track_id)
                if not self._connecting:
                    self._connecting = True
                    self._spawn(self._connect(response.answer.sdp))

    async def _publish(self) -> None:
        for kind, source in (("audio", models.TrackSource.MICROPHONE), ("video", models.TrackSource.CAMERA)):
            sound = kind == "audio"
            track = models.TrackType.AUDIO if sound else models.TrackType.VIDEO
            await self._say(
                add_track=rtc.AddTrackRequest(
                    cid=f"{self.name}-{kind}", name=kind, type=track, source=source, disable_red=True
                )
            )
        await self._offer()

    async def _offer(self) -> None:
        self._offers += 1
        text = offer.build(self._credentials, self._streams, name=self.name, listens_to=self._listens_to)
        await self._say(offer=rtc.SessionDescription(type="offer", sdp=text, id=self._offers))

    async def _keep_pinging(self, interval: float) -> None:
        while True:
            await asyncio.sleep(interval or 2)
            await self._say(ping=int(time.time() * 1000))

    async def _connect(self, answer: str) -> None:
        def line(pattern: str) -> str:
            found = re.search(pattern, answer)
            if found is None:
                raise Invalid(f"The answer lacks {pattern}.")
            return found.group(1)

        _, _, _, _, host, port, *_ = line(r"a=candidate:(.*)\r").split()
        self._server = (host, int(port))
        self._remote = (line(r"a=ice-ufrag:(.*)\r"), line(r"a=ice-pwd:(.*)\r"))
        self._spawn(self._keep_checking())
        await self._checked.wait()
        private.take_role(self._dtls, "server" if line(r"a=setup:(.*)\r") == "active" else "client")
        fingerprint = RTCDtlsFingerprint(algorithm="sha-256", value=line(r"a=fingerprint:sha-256 (.*)\r"))
        await self._dtls.start(RTCDtlsParameters(fingerprints=[fingerprint]))
        self._sessions = private.srtp_sessions(self._dtls)
        self.received.context = private.context(self._sessions[0])
        self.connected.set()

    async def _keep_checking(self) -> None:
        user = f"{self._remote[0]}:{self._credentials.fragment}"
        while True:
            self.send(stun.request(secrets.token_bytes(12), user, self._remote[1], nominate=True))
            await asyncio.sleep(CHECK_EVERY if self._checked.is_set() else 0.05)

    def send(self, datagram: bytes) -> None:
        if self._server is not None:
            with contextlib.suppress(OSError):
                self._socket.sendto(datagram, self._server)

    def start(self) -> None:
        """Send picture and sound from now on."""
        self.sender = Sender(self._sessions[1], self.send, self._streams)
        self.sender.start()
        self._spawn(self._keep_reporting())

    async def _keep_reporting(self) -> None:
        while True:
            await asyncio.sleep(0.8 + 0.4 * random.random())
            blocks = self.received.blocks()
            for at in range(0, len(blocks), 24):
                report = rtcp.receiver_report(self._streams.audio, blocks[at : at + 24])
                self.send(self._sessions[1].protect_rtcp(report))

    def _readable(self) -> None:
        receive, take = self._socket.recv, self.received.take
        for _ in range(64):
            try:
                datagram = receive(2048)
            except OSError:
                return
            first = datagram[0]
            if first > 127:
                if 191 < datagram[1] < 224:
                    self._reported(datagram)
                else:
                    take(datagram)
            elif first < 2:
                self._checked.set()
            else:
                self.dtls_waiting.put_nowait(datagram)

    def _reported(self, datagram: bytes) -> None:
        if self._sessions is None or self.sender is None:
            return
        with contextlib.suppress(Invalid, private.SrtpError):
            for message in rtcp.parse(self._sessions[0].unprotect_rtcp(datagram)):
                if isinstance(message, rtcp.KeyFrameRequest):
                    self.sender.key_frame_wanted = True

    async def close(self) -> None:
        if self.sender is not None:
            self.sender.stop()
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self._say(leave=rtc.LeaveRequest())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._signals.close()
        await self._dtls.stop()
        asyncio.get_running_loop().remove_reader(self._socket.fileno())
        self._socket.close()
