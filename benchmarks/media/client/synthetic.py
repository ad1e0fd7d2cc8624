"""A participant made of packets: it joins as a client does, sends made-up VP8 and Opus, and counts what comes back."""

import asyncio
import base64
import contextlib
import json
import time
from typing import Any

import aiohttp
from livekit.protocol import models, rtc

from benchmarks.media.client import offer
from benchmarks.media.client.arrivals import Received
from benchmarks.media.client.path import MediaPath

JOIN_WITHIN = 30.0


class SyntheticClient:
    """`join` connects, `start` sends until `close`."""

    def __init__(self, name: str, *, listens_to: int, address: str = "127.0.0.1") -> None:
        self.name = name
        self._receiving = ["audio", "video"] * listens_to
        """The sections in which we receive, in the order of the offer."""
        self._path = MediaPath(address)
        self._offers = 0
        self._connecting = False
        self._answer = self._candidates = ""
        self.connected = asyncio.Event()
        self.tracks: dict[str, str] = {}

    @property
    def received(self) -> Received:
        return self._path.received

    @property
    def pictured(self) -> asyncio.Event:
        """Set when the first whole picture has arrived."""
        return self._path.pictured

    async def join(self, http: aiohttp.ClientSession, url: str, token: str) -> None:
        """Connect signals and media. Raises TimeoutError when that does not succeed in 30 s."""
        join = rtc.JoinRequest(connection_settings=rtc.ConnectionSettings(auto_subscribe=True))
        wrapped = rtc.WrappedJoinRequest(join_request=join.SerializeToString())
        query = {"access_token": token, "join_request": base64.urlsafe_b64encode(wrapped.SerializeToString()).decode()}
        self._signals = await http.ws_connect(f"{url}/rtc/v1", params=query)
        self._path.spawn(self._listen())
        try:
            async with asyncio.timeout(JOIN_WITHIN):
                await self.connected.wait()
        except TimeoutError:
            raise TimeoutError(f"{self.name} did not connect: {self._path.standing()}, {self._offers} offers") from None

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
                self._path.spawn(self._keep_pinging(response.join.ping_interval))
            elif kind == "media_sections_requirement":
                wanted = response.media_sections_requirement
                self._receiving += ["audio"] * wanted.num_audios + ["video"] * wanted.num_videos
                await self._offer()
            elif kind == "answer":
                self.tracks = dict(response.answer.mid_to_track_id)
                self._answer = response.answer.sdp
                self._connect_once()
            elif kind == "trickle":
                self._candidates += f"a={json.loads(response.trickle.candidateInit).get('candidate', '')}\r\n"
                self._connect_once()

    def _connect_once(self) -> None:
        """Connect when the server's answer and an address of it are known; LiveKit sends that after the answer."""
        description = self._answer + self._candidates
        if self._answer and not self._connecting and "a=candidate:" in description:
            self._connecting = True
            self._path.spawn(self._connect(description))

    async def _connect(self, answer: str) -> None:
        await self._path.connect(answer)
        self.connected.set()

    async def _publish(self) -> None:
        for kind, source in (("audio", models.TrackSource.MICROPHONE), ("video", models.TrackSource.CAMERA)):
            track = models.TrackType.AUDIO if kind == "audio" else models.TrackType.VIDEO
            announced = rtc.AddTrackRequest(
                cid=f"{self.name}-{kind}", name=kind, type=track, source=source, disable_red=True
            )
            await self._say(add_track=announced)
        await self._offer()

    async def _offer(self) -> None:
        self._offers += 1
        path = self._path
        text = offer.build(path.credentials, path.streams, name=self.name, receiving=self._receiving)
        await self._say(offer=rtc.SessionDescription(type="offer", sdp=text, id=self._offers))

    async def _keep_pinging(self, interval: float) -> None:
        while True:
            await asyncio.sleep(interval or 2)
            with contextlib.suppress(ConnectionError):
                await self._say(ping=int(time.time() * 1000))

    def start(self) -> None:
        """Send picture and sound, and report what arrives."""
        self._path.start()
        self._path.report()

    async def close(self) -> None:
        with contextlib.suppress(ConnectionError, RuntimeError):
            await self._say(leave=rtc.LeaveRequest())
        await self._path.close()
        await self._signals.close()
