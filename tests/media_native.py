"""The PyPI `livekit` SDK as a participant: a client that nobody here wrote."""

import asyncio
import contextlib
import math
import struct
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from livekit import rtc

WIDTH, HEIGHT, FRAMES_PER_SECOND = 320, 180, 15
RATE, SAMPLES = 48000, 480


class NativePerson:
    """Counts what it receives: frames of picture, and the energy of sound."""

    def __init__(self) -> None:
        self.room = rtc.Room()
        self.frames: Counter[str] = Counter()
        self.energy: Counter[str] = Counter()
        self.messages: list[bytes] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.room.on("track_subscribed", self._subscribed)
        self.room.on("data_received", lambda packet: self.messages.append(packet.data))

    def _spawn(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)

    def _subscribed(
        self, track: rtc.Track, _publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        watching = track.kind == rtc.TrackKind.KIND_VIDEO
        self._spawn((self._watch if watching else self._listen)(track, participant.identity))

    async def _watch(self, track: rtc.Track, identity: str) -> None:
        stream = rtc.VideoStream(track)
        async for _frame in stream:
            self.frames[identity] += 1
        await stream.aclose()

    async def _listen(self, track: rtc.Track, identity: str) -> None:
        stream = rtc.AudioStream(track)
        async for event in stream:
            samples = event.frame.data
            self.energy[identity] += sum(abs(sample) for sample in samples[::48])
        await stream.aclose()

    async def publish(self) -> None:
        """A moving picture and a tone."""
        picture, sound = rtc.VideoSource(WIDTH, HEIGHT), rtc.AudioSource(RATE, 1)
        camera = rtc.LocalVideoTrack.create_video_track("camera", picture)
        microphone = rtc.LocalAudioTrack.create_audio_track("microphone", sound)
        self._spawn(self._draw(picture))
        self._spawn(self._sing(sound))
        here = self.room.local_participant
        camera_options = rtc.TrackPublishOptions(
            source=rtc.TrackSource.SOURCE_CAMERA, simulcast=False, video_codec=rtc.VideoCodec.VP8
        )
        await here.publish_track(camera, camera_options)
        await here.publish_track(microphone, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE))

    async def _draw(self, picture: rtc.VideoSource) -> None:
        turn = 0
        while True:
            row = bytes((turn * 3 + x) & 255 for x in range(WIDTH * 4))
            picture.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGBA, row * HEIGHT))
            turn += 1
            await asyncio.sleep(1 / FRAMES_PER_SECOND)

    async def _sing(self, sound: rtc.AudioSource) -> None:
        at = 0
        while True:
            wave = [int(8000 * math.sin(2 * math.pi * 440 * (at + n) / RATE)) for n in range(SAMPLES)]
            at += SAMPLES
            await sound.capture_frame(rtc.AudioFrame(struct.pack(f"<{SAMPLES}h", *wave), RATE, 1, SAMPLES))

    async def close(self) -> None:
        await self.room.disconnect()
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def native_person(url: str, token: str) -> AsyncIterator[NativePerson]:
    person = NativePerson()
    await person.room.connect(url, token, rtc.RoomOptions(auto_subscribe=True))
    try:
        yield person
    finally:
        await person.close()
