"""Both loops do the same with whatever a publisher sends, over real sockets with real keys.

The compiled one forwards most packets without Python, so the same story is told to both and what came of it compared.
"""

import contextlib
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sessions.media.publisher import Publisher
from tests.sessions.media.sender import PACKETS

LOOPS = ("python", "compiled")
COMMON = ("drain", "lost", "late", "twice", "forged", "join", "leave", "mute", "unmute", "pause", "resume", "withhold")
COMMON += ("report", "forged_report", "grant", "publish", "unpublish", "begin_again", "back", "look")
EVENTS = {
    "video": (*COMMON, "drain", "change", "small", "large", "repair", "repair"),
    "audio": (*COMMON, "red", "hold", "release", "once", "doubled"),
}


def stories(kind: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.one_of(st.just("next"), st.sampled_from(PACKETS), st.sampled_from(EVENTS[kind])), max_size=80)


def told(loop: str, kind: str, story: Sequence[str]) -> list[Any]:
    with contextlib.closing(Publisher(loop, kind)) as publisher:
        seen = []
        for event in ["join", "key", *story]:
            publisher.tell(event)
            if event == "drain":
                seen.append(publisher.standing())
        return [*seen, publisher.standing()]


@settings(max_examples=150, deadline=None)
@given(story=stories("video"))
def test_both_loops_do_the_same_with_any_story_of_pictures(story: list[str]) -> None:
    assert told("compiled", "video", story) == told("python", "video", story)


@settings(max_examples=150, deadline=None)
@given(story=stories("audio"))
def test_both_loops_do_the_same_with_any_story_of_sound(story: list[str]) -> None:
    assert told("compiled", "audio", story) == told("python", "audio", story)


REST = st.builds(
    bytes.__add__, st.sampled_from([b"", b"\xbe\xde\0\1\x10\x50\0\0", b"\xbe\xde\0\0"]), st.binary(max_size=12)
)
ANY = st.tuples(st.sampled_from([0x80, 0x90, 0x91, 0xB0]), st.sampled_from([96, 111, 63, 13]), REST)


@pytest.mark.parametrize("kind", ["video", "audio"])
@settings(max_examples=150, deadline=None)
@given(packets=st.lists(ANY, max_size=12))
def test_both_loops_do_the_same_with_any_packet(kind: str, packets: list[tuple[int, int, bytes]]) -> None:
    def seen(loop: str) -> list[Any]:
        with contextlib.closing(Publisher(loop, kind)) as publisher:
            for event in ("join", "key", "next"):
                publisher.tell(event)
            found = []
            for packet in packets:
                publisher.sender.garbled(*packet)
                found.append(publisher.standing())
            publisher.tell("next")
            return [*found, publisher.standing()]

    assert seen("compiled") == seen("python")


@pytest.fixture(params=LOOPS)
def loop(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_after_a_repair_the_next_size_goes_on_with_numbers_of_its_own(loop: str) -> None:
    with contextlib.closing(Publisher(loop, "video")) as publisher:
        for event in ("join", "key", "lost", "next", "drain", "other", "next", "look", "other"):
            publisher.tell(event)
        for event in ("next", "next", "repair", "other", "key", "next", "next"):
            publisher.tell(event)
        received, *_ = publisher.standing()
        numbers = [int.from_bytes(packet[2:4], "big") for packet in received if packet[1] & 127 == 98]
        assert len(numbers) == 8
        assert max(numbers) - min(numbers) == 7


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_a_muted_track_forwards_nothing_of_a_stream_whose_place_was_taken(loop: str, kind: str) -> None:
    with contextlib.closing(Publisher(loop, kind)) as publisher:
        for event in ("join", "key", "next", "begin_again", "padding", "drain"):
            publisher.tell(event)
        publisher.standing()
        publisher.back()
        for event in ("next", "mute", "next", "next"):
            publisher.tell(event)
        received, *_ = publisher.standing()
        assert len([packet for packet in received if packet[1] & 127 == 98]) == 1


def test_only_what_has_the_publishers_keys_counts_against_the_publisher(loop: str) -> None:
    with contextlib.closing(Publisher(loop, "audio")) as publisher:
        for event in ("join", "next", "report", "forged", "next", "twice", "forged_report", "next"):
            publisher.tell(event)
        publisher.sender.send(b"\x80\x60")
        publisher.drain()
        assert publisher.account() == (5, 4)


def test_a_stream_that_a_new_track_takes_over_is_the_new_ones(loop: str) -> None:
    with contextlib.closing(Publisher(loop, "audio")) as publisher:
        for event in ("join", "next", "drain", "next", "publish", "join", "next", "drain", "next", "next"):
            publisher.tell(event)
        publisher.standing()
        assert [down.copy.packets for down in publisher.watching] == [3]
        for event in ("unpublish", "next", "next"):
            publisher.tell(event)
        publisher.standing()
        assert [down.copy.packets for down in publisher.watching] == [5]


def test_levels_from_before_a_hold_claim_no_place_after_it(loop: str) -> None:
    claims = []

    class Places:
        def claim(self, _track: Any, level: int, _now: float) -> None:
            claims.append(level)

    with contextlib.closing(Publisher(loop, "audio")) as publisher:
        publisher.up.waits_for_place = Places()
        for event in ("join", "next", "drain", "next", "next", "hold"):
            publisher.tell(event)
        publisher.standing()
        assert claims == []
        publisher.tell("next")
        publisher.standing()
        assert len(claims) == 1
