"""The PyPI `livekit` SDK in a process of its own: `python -m tests.support.media.native_client`.

Its native threads ask for Python's lock at every event; in a process that does other work they would wait for it, and
sound, picture and pings with them. Its first line of input is where to join and the token, each later one a command
with its argument as JSON (the methods named `do_…`); at the end of its input it leaves. It prints what it has so far as
one JSON object a line, ten times a second.
"""

import asyncio
import json
import math
import struct
import sys
from collections import Counter
from typing import Any

from livekit import rtc

WIDTH, HEIGHT, FRAMES_PER_SECOND = 320, 180, 15
RATE, SAMPLES = 48000, 480
TONE = 440
REPORT_SECONDS = 0.1


class NativeClient:
    """Counts what it receives by identity: frames of picture, and the energy of sound."""

    def __init__(self) -> None:
        self.room = rtc.Room()
        self.frames: Counter[str] = Counter()
        self.energy: Counter[str] = Counter()
        self.messages: list[tuple[str, str]] = []
        self.joined = self.published = False
        self.reconnecting = False
        self.reconnected = 0
        self.refused = ""
        self._tracks: list[rtc.LocalTrack] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self.room.on("track_subscribed", self._subscribed)
        self.room.on("reconnecting", self._lost)
        self.room.on("reconnected", self._found)
        self.room.on("data_received", self._told)

    def state(self) -> dict[str, Any]:
        if not self.joined:
            return {"connected": False, "refused": self.refused}
        here = self.room.local_participant
        return {
            "sid": here.sid,
            "frames": self.frames,
            "energy": self.energy,
            "published": self.published,
            "tracks": {track.sid: int(track.source) for track in here.track_publications.values()},
            "reconnecting": self.reconnecting,
            "reconnected": self.reconnected,
            "connected": self.room.connection_state == rtc.ConnectionState.CONN_CONNECTED,
            "refused": self.refused,
            "messages": self.messages,
            "metadata": self.room.metadata,
            "people": {person.identity: known(person) for person in self.room.remote_participants.values()},
        }

    def _lost(self) -> None:
        self.reconnecting = True

    def _found(self) -> None:
        self.reconnected += 1

    def _told(self, packet: rtc.DataPacket) -> None:
        self.messages.append((packet.participant.identity if packet.participant else "", packet.data.decode()))

    def _subscribed(
        self, track: rtc.Track, _publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        watching = track.kind == rtc.TrackKind.KIND_VIDEO
        self._spawn((self._watch if watching else self._listen)(track, participant.identity))

    def _spawn(self, work: Any) -> None:
        self._tasks.add(asyncio.ensure_future(work))

    async def _watch(self, track: rtc.Track, identity: str) -> None:
        async for _frame in rtc.VideoStream(track):
            self.frames[identity] += 1

    async def _listen(self, track: rtc.Track, identity: str) -> None:
        async for event in rtc.AudioStream(track):
            self.energy[identity] += sum(abs(sample) for sample in event.frame.data[::48])

    async def do_publish(self, simulcast: bool = False) -> None:
        """A moving picture and a tone."""
        picture, sound = rtc.VideoSource(WIDTH, HEIGHT), rtc.AudioSource(RATE, 1)
        camera = rtc.LocalVideoTrack.create_video_track("camera", picture)
        microphone = rtc.LocalAudioTrack.create_audio_track("microphone", sound)
        self._spawn(self._draw(picture))
        self._spawn(self._sing(sound))
        here = self.room.local_participant
        camera_options = rtc.TrackPublishOptions(
            source=rtc.TrackSource.SOURCE_CAMERA, simulcast=simulcast, video_codec=rtc.VideoCodec.VP8
        )
        await here.publish_track(camera, camera_options)
        await here.publish_track(microphone, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE))
        self._tracks = [camera, microphone]
        self.published = True

    async def do_mute(self, muted: bool) -> None:
        """Mute both, or neither."""
        for track in self._tracks:
            if muted:
                track.mute()
            else:
                track.unmute()

    async def do_scenario(self, number: Any) -> None:
        """One of the SDK's own mishaps."""
        await self.room.simulate_scenario(number)

    async def do_subscribe(self, wanted: bool) -> None:
        """To everything there is, or to nothing."""
        for person in self.room.remote_participants.values():
            for publication in person.track_publications.values():
                publication.set_subscribed(wanted)

    async def do_say(self, text: str) -> None:
        """To everyone."""
        await self.room.local_participant.publish_data(text.encode(), reliable=True)

    async def do_attributes(self, attributes: dict[str, str]) -> None:
        """Of one's own."""
        await self.room.local_participant.set_attributes(attributes)

    async def do_permit(self, everyone: bool) -> None:
        """Everyone, or nobody, may subscribe."""
        self.room.local_participant.set_track_subscription_permissions(allow_all_participants=everyone)

    async def _draw(self, picture: rtc.VideoSource) -> None:
        rows = [bytes((turn * 3 + x) & 255 for x in range(WIDTH * 4)) for turn in range(256)]
        turn = 0
        while True:
            row = rows[turn % len(rows)]
            picture.capture_frame(rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGBA, row * HEIGHT))
            turn += 1
            await asyncio.sleep(1 / FRAMES_PER_SECOND)

    async def _sing(self, sound: rtc.AudioSource) -> None:
        wave = [int(8000 * math.sin(2 * math.pi * TONE * at / RATE)) for at in range(RATE)]
        pieces = [struct.pack(f"<{SAMPLES}h", *wave[at : at + SAMPLES]) for at in range(0, RATE, SAMPLES)]
        while True:
            for piece in pieces:
                await sound.capture_frame(rtc.AudioFrame(piece, RATE, 1, SAMPLES))

    async def report(self) -> None:
        while True:
            print(json.dumps(self.state()), flush=True)  # noqa: T201 - whoever started it reads this
            await asyncio.sleep(REPORT_SECONDS)

    async def stay(self) -> None:
        """Join, do what the input says, and leave at its end."""
        told = asyncio.StreamReader()
        await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(told), sys.stdin)
        print("{}", flush=True)  # noqa: T201 - ready to join
        url, token = (await told.readline()).decode().split()
        self._spawn(self.report())
        try:
            await self.room.connect(url, token, rtc.RoomOptions(auto_subscribe=True))
            self.joined = True
        except rtc.ConnectError as error:
            self.refused = str(error)
        while line := (await told.readline()).decode():
            name, _, argument = line.strip().partition(" ")
            try:
                await getattr(self, f"do_{name}")(*([json.loads(argument)] if argument else []))
            except Exception as error:  # noqa: BLE001 - whoever gave the command is told
                self.refused = str(error)
        await self.room.disconnect()
        for task in self._tasks:
            task.cancel()


def known(person: rtc.RemoteParticipant) -> dict[str, Any]:
    """What this client knows of somebody else."""
    tracks = person.track_publications.values()
    return {
        "attributes": dict(person.attributes),
        "sources": sorted(int(track.source) for track in tracks),
        "muted": sorted(int(track.source) for track in tracks if track.muted),
        "subscribed": sorted(int(track.source) for track in tracks if track.track is not None),
    }


async def stay() -> None:
    await NativeClient().stay()  # the SDK's room belongs to the loop that runs when it is made


if __name__ == "__main__":
    asyncio.run(stay())
