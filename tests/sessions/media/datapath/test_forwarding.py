"""What a subscriber receives over a real socket with real keys: numbers, times and picture counters without a jump."""

from collections.abc import Iterator

import pytest

from backtolife.errors import Invalid
from backtolife.sessions.media.packets import rtcp, rtp
from backtolife.sessions.media.tracks.egress import DownTrack
from backtolife.sessions.media.tracks.ingress import Layer
from backtolife.sessions.media.tracks.uptrack import UpTrack
from tests.sessions.media.wire import OPUS, Wire, camera, give, numbers, packet, pictures, steps, times, viewer


@pytest.fixture(params=["python", "compiled"])
def wire(request: pytest.FixtureRequest) -> Iterator[Wire]:
    made = Wire(request.param)
    yield made
    made.close()


def test_nothing_is_sent_before_a_key_frame_which_is_asked_for(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    viewer(wire, up)
    give(layer, packet(1, 0))
    assert wire.received() == []
    layer.tick(1.0)
    assert rtcp.KeyFrameRequest([100]) in wire.asked
    give(layer, packet(2, 3000, key=True))
    assert len(wire.received()) == 1


def test_a_copy_has_its_own_names_and_the_same_payload(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    down = viewer(wire, up)
    give(layer, packet(65535, 0, key=True, picture=5, tl0=250))
    give(layer, packet(0, 3000, picture=6, tl0=251))
    first, second = wire.received()
    assert (first[1] & 127, first[1] & 128) == (98, 128)
    assert int.from_bytes(first[8:12], "big") == down.ssrc
    assert first[16] >> 4 == 3
    assert first.endswith(b"picture")
    assert steps(numbers([first, second]), 1 << 16) == [1]
    assert steps(times([first, second]), 1 << 32) == [3000]
    assert steps(pictures([first, second]), 1 << 15) == [1]


def test_pictures_are_numbered_for_their_viewer_over_all_copies(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    first, second = viewer(wire, up), viewer(wire, up)
    give(layer, packet(1, 0, key=True))
    give(layer, packet(2, 3000))
    first.repeat([first.copy.last_sequence])
    got = wire.received()
    assert [int.from_bytes(one[17:19], "big") for one in got] == [0, 1, 2, 3, 4]
    assert {one[16] for one in got} == {3 << 4 | 1}
    assert wire.sent.next == 5
    times, sizes = zip(*wire.sent.since(0, 5), strict=True)
    assert list(times) == sorted(times)
    assert set(sizes[:4]) == {len(got[0])}
    assert second.copy.packets == 2


def test_a_subscriber_without_the_extension_reads_none(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    viewer(wire, up, extension=0)
    give(layer, packet(1, 0, key=True))
    (only,) = wire.received()
    assert only[16] == rtp.NO_EXTENSION
    assert wire.sent.next == 0


def test_a_change_of_layer_goes_on_without_a_jump(wire: Wire) -> None:
    up, (low, high) = camera(wire, "q", "f")
    down = viewer(wire, up)
    down.wanted = "q"
    give(low, packet(10, 1000, key=True, picture=100, tl0=10))
    down.choose(0.0)
    give(low, packet(11, 4000, key=True, picture=101, tl0=11), 0.1)
    low.heard_report(100 << 32, 4000, 0.1)
    high.heard_report(100 << 32, 900_000, 0.1)
    give(high, packet(5000, 903_000, picture=7, tl0=99, ssrc=101), 0.1)
    down.wanted = "f"
    down.choose(0.1)
    give(low, packet(12, 7000, picture=102, tl0=12), 0.13)
    give(high, packet(5001, 906_000, key=True, picture=8, tl0=100, ssrc=101), 0.16)
    give(low, packet(13, 10000, picture=103, tl0=13), 0.16)
    give(high, packet(5002, 909_000, picture=9, tl0=101, ssrc=101), 0.2)
    got = wire.received()
    assert steps(numbers(got), 1 << 16) == [1] * (len(got) - 1)
    assert steps(pictures(got), 1 << 15) == [1] * (len(got) - 1)
    assert steps(times(got), 1 << 32)[-2:] == [3000, 3000]
    assert down.current is high
    assert down.switches == 1


def test_after_a_pause_numbers_go_on_and_time_has_passed(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    down = viewer(wire, up)
    give(layer, packet(1, 0, key=True), 1.0)
    down.pause(1.0)
    give(layer, packet(2, 3000), 1.1)
    down.resume(3.0)
    give(layer, packet(60, 180_000, key=True), 3.0)
    before, after = wire.received()
    assert steps(numbers([before, after]), 1 << 16) == [1]
    assert steps(times([before, after]), 1 << 32) == [180_000]


def test_a_blocked_track_forwards_nothing(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    viewer(wire, up)
    up.blocked = True
    give(layer, packet(1, 0, key=True))
    assert wire.received() == []
    up.blocked = False
    give(layer, packet(2, 0, key=True))
    assert len(wire.received()) == 1


def test_a_missing_packet_is_asked_for_and_repeated_in_its_place(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    viewer(wire, up)
    give(layer, packet(1, 0, key=True, picture=1))
    give(layer, packet(3, 6000, picture=3))
    assert rtcp.Nack(100, [2]) in wire.asked
    give(layer, packet(2, 3000, picture=2))
    first, third, second = wire.received()
    assert steps(numbers([first, second, third]), 1 << 16) == [1, 1]


def test_a_retransmission_is_put_back_and_a_second_one_left_out(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    viewer(wire, up)
    give(layer, packet(1, 0, key=True))
    give(layer, packet(3, 6000))
    lost = packet(2, 3000)
    repair = rtp.HEADER.pack(0x80, 97, 900, 3000, 555) + (2).to_bytes(2, "big") + lost[12:]
    for _ in range(2):
        layer.receive_repaired(repair, rtp.read_extensions(repair, {}), 0.1)
    got = wire.received()
    assert len(got) == 3
    assert got[2][8:12] == got[0][8:12]


def test_a_subscriber_who_missed_a_packet_gets_it_again(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    down = viewer(wire, up)
    give(layer, packet(1, 0, key=True, picture=1))
    give(layer, packet(2, 3000, picture=2))
    first, second = wire.received()
    down.repeat([numbers([second])[0], (numbers([first])[0] - 40) & 0xFFFF])
    (again,) = wire.received()
    assert (again[1] & 127, int.from_bytes(again[8:12], "big")) == (99, down.rtx_ssrc)
    assert again[20:22] == second[2:4]
    assert again[22:] == second[20:]
    assert again[4:8] == second[4:8]


def test_padding_keeps_the_numbers_whole(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    viewer(wire, up)
    give(layer, packet(1, 0, key=True))
    padding = rtp.HEADER.pack(0xA0, 96, 2, 0, 100) + bytes(9) + b"\x0a"
    give(layer, padding)
    give(layer, packet(3, 3000))
    got = wire.received()
    assert steps(numbers(got), 1 << 16) == [1, 1]
    assert got[1][0] & 32


def test_late_packets_from_before_the_beginning_are_left_out(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    viewer(wire, up)
    give(layer, packet(18, 0))
    give(layer, packet(20, 6000, key=True))
    give(layer, packet(19, 3000))
    assert len(wire.received()) == 1


def test_a_silent_layer_is_left_for_a_live_one(wire: Wire) -> None:
    up, (low, high) = camera(wire, "q", "f")
    down = viewer(wire, up)
    give(high, packet(1, 0, key=True, ssrc=101), 10.0)
    down.choose(10.0)
    give(high, packet(2, 3000, key=True, ssrc=101), 10.05)
    give(low, packet(1, 0, key=True), 11.0)
    down.choose(11.0)
    give(low, packet(2, 3000, key=True), 11.05)
    assert down.current is low


def test_sound_starts_with_its_next_packet(wire: Wire) -> None:
    up = UpTrack("audio", 2, wire)
    layer = Layer(up, 100, None, OPUS, wire.forwarding)
    up.add(layer, 0.0)
    viewer(wire, up)
    give(layer, rtp.HEADER.pack(0x80, 111, 1, 0, 100) + b"sound")
    (only,) = wire.received()
    assert only.endswith(b"sound")


def test_a_stopped_copy_gets_nothing_more(wire: Wire) -> None:
    up, (layer,) = camera(wire, None)
    down = viewer(wire, up)
    give(layer, packet(1, 0, key=True))
    down.stop(0.0)
    give(layer, packet(2, 3000, key=True))
    down.repeat(numbers(wire.received()))
    assert wire.received() == []


def test_redundant_sound_goes_whole_to_who_takes_it_and_plain_to_the_others(wire: Wire) -> None:
    up = UpTrack("audio", 2, wire)
    layer = Layer(up, 100, None, OPUS, wire.forwarding)
    up.add(layer, 0.0)
    able = DownTrack(wire, up, payload_type=109, rtx_type=None, red_type=64, extension=1, labels=("audio",))
    plain = DownTrack(wire, up, payload_type=111, rtx_type=None, extension=1, labels=("audio",))
    for down in (able, plain):
        down.choose(0.0)
    redundant = bytes([0x80 | 111, 0x0F, 0x00, 0x03, 111]) + b"oldnew"
    give(layer, rtp.HEADER.pack(0x80, 63, 1, 0, 100) + redundant)
    give(layer, rtp.HEADER.pack(0x80, 63, 2, 960, 100) + redundant)
    give(layer, rtp.HEADER.pack(0x80, 111, 3, 1920, 100) + b"new")
    got = wire.received()
    by_viewer = {
        down: [(one[1] & 127, one[20:]) for one in got if int.from_bytes(one[8:12], "big") == down.ssrc]
        for down in (able, plain)
    }
    assert by_viewer[able] == [(64, redundant), (64, redundant), (109, b"new")]
    assert by_viewer[plain] == [(111, b"new")] * 3


def test_redundant_sound_that_lies_about_its_length_is_refused(wire: Wire) -> None:
    with pytest.raises(Invalid):
        rtp.red_primary(bytes([0x80 | 111, 0, 3, 255, 111]) + b"short", 0, 10)


def test_late_redundant_sound_reaches_who_takes_it(wire: Wire) -> None:
    up = UpTrack("audio", 2, wire)
    layer = Layer(up, 100, None, OPUS, wire.forwarding)
    up.add(layer, 0.0)
    able = DownTrack(wire, up, payload_type=109, rtx_type=None, red_type=64, extension=1, labels=("audio",))
    able.choose(0.0)
    redundant = bytes([0x80 | 111, 0x0F, 0x00, 0x03, 111]) + b"oldnew"
    for number in (1, 3, 2, 4):
        give(layer, rtp.HEADER.pack(0x80, 63, number, 960 * number, 100) + redundant)
    got = wire.received()
    assert steps(numbers(got), 1 << 16) == [2, 65535, 2]
    assert {one[20:] for one in got} == {redundant}


def test_lost_sound_is_asked_for_again_unless_the_link_loses_a_lot(wire: Wire) -> None:
    up = UpTrack("audio", 2, wire)
    layer = Layer(up, 100, None, OPUS, wire.forwarding)
    up.add(layer, 0.0)
    for number in (1, 7):
        give(layer, rtp.HEADER.pack(0x80, 111, number, 960 * number, 100) + b"sound")
    assert rtcp.Nack(100, [2, 3, 4, 5, 6]) in wire.asked
    wire.asked.clear()
    layer.fraction_lost = 0.4
    give(layer, rtp.HEADER.pack(0x80, 111, 9, 960 * 9, 100) + b"sound")
    assert not wire.asked
