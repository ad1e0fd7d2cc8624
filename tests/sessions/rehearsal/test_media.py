"""What simulated people send: pictures and sound that any client can decode, made once."""

import av

from backtolife.sessions.rehearsal.looped import Looped
from backtolife.sessions.rehearsal.picture import HEIGHT, SWAYS, WIDTH, pictures
from backtolife.sessions.rehearsal.voice import PACKETS_PER_SECOND, RATE, SECONDS, murmur


def test_every_picture_can_be_the_first_that_somebody_decodes() -> None:
    made = pictures(0)
    assert len(made) == SWAYS
    for packet in made:
        frames = av.CodecContext.create("vp8", "r").decode(av.Packet(packet))
        assert [(frame.width, frame.height) for frame in frames] == [(WIDTH, HEIGHT)]


def test_the_person_in_the_picture_moves_and_no_two_look_alike() -> None:
    assert len(set(pictures(0))) > SWAYS // 2
    assert pictures(0)[0] != pictures(1)[0]


def test_the_voice_is_heard_and_rests() -> None:
    decoder = av.CodecContext.create("libopus", "r")
    frames = [frame for packet in murmur(0) for frame in decoder.decode(av.Packet(packet))]
    assert sum(frame.samples for frame in frames) >= (SECONDS - 1) * RATE
    loud = [max(abs(value) for value in memoryview(frame.planes[0]).cast("h")) for frame in frames]
    assert max(loud[: 2 * PACKETS_PER_SECOND]) > 1000
    assert max(loud[-2 * PACKETS_PER_SECOND :]) < 100


async def test_what_is_looped_begins_anew_and_its_time_goes_on() -> None:
    track = Looped("video", (b"one", b"two"), per_second=100)
    packets = [await track.recv() for _ in range(5)]
    assert bytes(packets[0]) == b"one"
    times = [packet.pts for packet in packets]
    assert times == sorted(set(times))
    assert [bytes(packet) for packet in packets] == [(b"one", b"two")[at % 2] for at in times]
