"""The sound and picture of one simulated person: signals as LiveKit's clients speak them, media by aiortc."""

import asyncio
import base64
import contextlib
import json
import re
import time
from collections.abc import Coroutine, Sequence
from typing import Any

import aiohttp
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcconfiguration import RTCBundlePolicy
from livekit.protocol import models, rtc

from backtolife.sessions.rehearsal.looped import Looped

PATIENCE_SECONDS = 20.0
CLOSED_WITHIN_SECONDS = 3.0
CANDIDATE = re.compile(r"^a=candidate:[^\r\n]+", re.MULTILINE)
SOURCES = {
    "audio": (models.TrackType.AUDIO, models.TrackSource.MICROPHONE),
    "video": (models.TrackType.VIDEO, models.TrackSource.CAMERA),
}


class Peer:
    """`join` and it sends; `drop` and it is gone without a word; `ended` is set when nothing is sent any more."""

    def __init__(self, tracks: Sequence[Looped]) -> None:
        self.tracks = tracks
        self.ended = asyncio.Event()
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[], bundlePolicy=RTCBundlePolicy.MAX_BUNDLE))
        self.signals: aiohttp.ClientWebSocketResponse | None = None
        self.tasks: set[asyncio.Task[None]] = set()
        self.answer = ""
        self.candidates: list[str] = []
        self.answered = False
        self.connection.on("connectionstatechange", self.notice)

    def notice(self) -> None:
        if self.connection.connectionState in ("failed", "closed"):
            self.ended.set()

    async def join(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        """Connect and send. Returns when every track is being sent.

        Raises TimeoutError, ConnectionError or aiohttp's errors when the engine does not take us.
        """
        join = rtc.JoinRequest(connection_settings=rtc.ConnectionSettings(auto_subscribe=False))
        wrapped = rtc.WrappedJoinRequest(join_request=join.SerializeToString())
        query = {"access_token": token, "join_request": base64.urlsafe_b64encode(wrapped.SerializeToString()).decode()}
        async with asyncio.timeout(PATIENCE_SECONDS):
            self.signals = await http.ws_connect(f"{url}/rtc/v1", params=query)
            self.spawn(self.listen(self.signals))
            await first_of(self.all_sending(), self.ended.wait())
        if self.ended.is_set():
            raise ConnectionError("The media engine has put us out.")

    async def all_sending(self) -> None:
        for track in self.tracks:
            await track.sending.wait()

    def spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def say(self, **message: Any) -> None:
        if self.signals is not None and not self.signals.closed:
            await self.signals.send_bytes(rtc.SignalRequest(**message).SerializeToString())

    async def listen(self, signals: aiohttp.ClientWebSocketResponse) -> None:
        async for message in signals:
            if message.type is not aiohttp.WSMsgType.BINARY:
                continue
            response = rtc.SignalResponse.FromString(message.data)
            kind = response.WhichOneof("message")
            if kind == "join":
                self.spawn(self.keep_pinging(response.join.ping_interval))
                await self.offer()
            elif kind == "answer":
                self.answer = response.answer.sdp
                await self.connect()
            elif kind == "trickle":
                self.candidates.append(json.loads(response.trickle.candidateInit).get("candidate", ""))
                await self.connect()
            elif kind == "leave":
                break
        self.ended.set()

    async def offer(self) -> None:
        for track in self.tracks:
            self.connection.addTransceiver(track, direction="sendonly")
            kind, source = SOURCES[track.kind]
            await self.say(
                add_track=rtc.AddTrackRequest(cid=track.id, name=track.kind, type=kind, source=source, disable_red=True)
            )
        await self.connection.setLocalDescription(await self.connection.createOffer())
        local = self.connection.localDescription
        await self.say(offer=rtc.SessionDescription(type="offer", sdp=local.sdp, id=1))

    async def connect(self) -> None:
        """Take the answer once an address of the engine is known; a LiveKit server sends that after the answer.

        aiortc takes the addresses of a bundle from its last section, an engine may give them in its first.
        """
        known = [*CANDIDATE.findall(self.answer), *(f"a={one}" for one in self.candidates if one)]
        if not self.answer or not known or self.answered:
            return
        self.answered = True
        last = "".join(f"{line}\r\n" for line in known)
        await self.connection.setRemoteDescription(RTCSessionDescription(self.answer + last, "answer"))

    async def keep_pinging(self, interval: int) -> None:
        while True:
            await asyncio.sleep(interval or 2)
            with contextlib.suppress(ConnectionError):
                await self.say(ping=int(time.time() * 1000))

    async def leave(self) -> None:
        """Say that we go, then go."""
        with contextlib.suppress(ConnectionError):
            await self.say(leave=rtc.LeaveRequest())
        await self.drop()

    async def drop(self) -> None:
        for task in tuple(self.tasks):
            task.cancel()
        if self.signals is not None:
            await self.signals.close()
        with contextlib.suppress(TimeoutError):  # aiortc waits for ever for a sender that was ended before it began
            async with asyncio.timeout(CLOSED_WITHIN_SECONDS):
                await self.connection.close()
        self.ended.set()


async def first_of(*works: Coroutine[Any, Any, object]) -> None:
    """Until one of them is done; the others are given up."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
