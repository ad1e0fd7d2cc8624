"""People for a full room without a browser each: clients of the media engine that send a drawn picture of a person.

with Crowd() as crowd:
    crowd.join(url, token, face=3, talks=True)
"""

import asyncio
import math
import struct
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from types import TracebackType
from typing import Any, NamedTuple

from livekit import rtc
from PIL import Image, ImageDraw

WIDTH, HEIGHT, FRAMES_PER_SECOND = 480, 300, 4
RATE, SAMPLES = 48_000, 480
JOINED_WITHIN = 60


class Look(NamedTuple):
    """Colours of one drawn person."""

    wall: str
    skin: str
    hair: str
    shirt: str


LOOKS = (
    Look("#D9D3C5", "#AE7A52", "#211A17", "#10605B"),
    Look("#C9CFCB", "#E6B591", "#7B4428", "#3F6178"),
    Look("#D3CBBE", "#E9C3A8", "#8E8B86", "#6F86A8"),
    Look("#BFC7C6", "#5B3A24", "#17110E", "#B48A3A"),
    Look("#CDBFB0", "#F0CDB6", "#E3E1DC", "#98544F"),
    Look("#C6CCC8", "#9A6A45", "#1D1714", "#58636E"),
    Look("#D6CFC2", "#EBC4A4", "#A5642F", "#4C5A8C"),
    Look("#CBD2CF", "#B98457", "#2E3F55", "#2D4258"),
    Look("#CDBDA8", "#F0CBB2", "#CDAE95", "#4C6A5F"),
    Look("#D7D1C6", "#F2D2BC", "#A3452B", "#52608F"),
    Look("#C8CEC9", "#EBC6A2", "#151313", "#A06E56"),
    Look("#D0C8BC", "#7A4E31", "#1C1512", "#7F4B6A"),
)


def draw(face: int) -> Image.Image:
    """A person at home, from the chest up; the same number is always the same person."""
    look, side = LOOKS[face % len(LOOKS)], -1 if face % 2 else 1
    image = Image.new("RGB", (WIDTH, HEIGHT), look.wall)
    pen, middle = ImageDraw.Draw(image), WIDTH // 2 - 12 * side
    pen.rectangle(
        (middle + side * 150 - 40, 24, middle + side * 150 + 40, 110), fill="#EFEBE2", outline="#9A8F7E", width=4
    )
    pen.ellipse((middle - 66, 30, middle + 66, 196), fill=look.hair)
    pen.ellipse((middle - 130, 214, middle + 130, 480), fill=look.shirt)
    pen.rectangle((middle - 24, 160, middle + 24, 232), fill=look.skin)
    pen.ellipse((middle - 54, 52, middle + 54, 194), fill=look.skin)
    pen.pieslice((middle - 60, 34, middle + 60, 150), 190, 350, fill=look.hair)
    for eye in (middle - 22, middle + 22):
        pen.ellipse((eye - 5, 112, eye + 5, 122), fill="#1A1412")
    pen.arc((middle - 26, 128, middle + 26, 168), 25, 155, fill="#5A2E24", width=4)
    return image


class Crowd:
    """Everyone in it lives in one thread with a loop of its own; leaving the block takes them out of the room."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._rooms: list[rtc.Room] = []
        self._tasks: list[asyncio.Task[None]] = []

    def __enter__(self) -> "Crowd":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wait(self._leave())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, None]) -> None:
        future: Future[None] = asyncio.run_coroutine_threadsafe(work, self._loop)
        future.result(JOINED_WITHIN)

    def join(self, url: str, token: str, *, face: int, camera: bool = True, talks: bool = False) -> None:
        """One more person is in the room and sends. Raises TimeoutError when the engine does not take them."""
        self._wait(self._join(url, token, face, camera, talks))

    async def _join(self, url: str, token: str, face: int, camera: bool, talks: bool) -> None:
        room = rtc.Room()
        await room.connect(url, token, rtc.RoomOptions(auto_subscribe=False))
        self._rooms.append(room)
        if camera:
            await self._show(room, draw(face))
        if talks:
            await self._talk(room)

    async def _show(self, room: rtc.Room, image: Image.Image) -> None:
        source = rtc.VideoSource(WIDTH, HEIGHT)
        options = rtc.TrackPublishOptions(
            source=rtc.TrackSource.SOURCE_CAMERA, simulcast=False, video_codec=rtc.VideoCodec.VP8
        )
        await room.local_participant.publish_track(rtc.LocalVideoTrack.create_video_track("camera", source), options)
        frame = rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGBA, image.convert("RGBA").tobytes())

        async def send() -> None:
            while True:
                source.capture_frame(frame)
                await asyncio.sleep(1 / FRAMES_PER_SECOND)

        self._tasks.append(asyncio.ensure_future(send()))

    async def _talk(self, room: rtc.Room) -> None:
        source = rtc.AudioSource(RATE, 1)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await room.local_participant.publish_track(
            rtc.LocalAudioTrack.create_audio_track("microphone", source), options
        )

        async def send() -> None:
            at = 0
            while True:
                wave = [int(9000 * math.sin(2 * math.pi * 220 * (at + n) / RATE)) for n in range(SAMPLES)]
                at += SAMPLES
                await source.capture_frame(rtc.AudioFrame(struct.pack(f"<{SAMPLES}h", *wave), RATE, 1, SAMPLES))

        self._tasks.append(asyncio.ensure_future(send()))

    async def _leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for room in self._rooms:
            await room.disconnect()
