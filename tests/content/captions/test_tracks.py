"""Captions are valid WebVTT that people have time to read."""

import re

from hypothesis import given
from hypothesis import strategies as st

from backtolife.content.captions.tracks import Chapter, Cue, check_vtt, sentences, share_out, transcript, write_vtt

CUE = re.compile(r"^(\d\d):(\d\d):(\d\d)\.(\d{3}) --> (\d\d):(\d\d):(\d\d)\.(\d{3})$")


def milliseconds(parts: tuple[str, ...]) -> int:
    hours, minutes, seconds, rest = map(int, parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


@given(st.lists(st.tuples(st.integers(1, 9000), st.text("ab, <&.é", min_size=1, max_size=200)), min_size=1, max_size=5))
def test_cues_are_in_order_two_lines_at_most_and_escaped(spoken: list[tuple[int, str]]) -> None:
    at, cues = 3_599_000, []
    for length, text in spoken:
        cues.append(Cue(at, at + length, text if text.strip() else "word"))
        at += length
    blocks = check_vtt(write_vtt(cues)).strip().split("\n\n")
    assert blocks[0] == "WEBVTT"
    last = 0
    for block in blocks[1:]:
        head, *lines = block.split("\n")
        found = CUE.match(head)
        assert found, head
        start, end = milliseconds(found.groups()[:4]), milliseconds(found.groups()[4:])
        assert last <= start <= end
        last = end
        assert 1 <= len(lines) <= 2
        assert not re.search(r"<|&(?!amp;|lt;|gt;)", "".join(lines))


def test_a_long_sentence_is_shared_out_over_its_own_time_without_losing_a_word() -> None:
    text = "When people understand more about pain, it often feels less frightening, and that makes it easier to move."
    shared = share_out(Cue(1000, 7000, text))
    assert len(shared) == 2
    assert (shared[0].start_ms, shared[-1].end_ms) == (1000, 7000)
    assert shared[0].end_ms == shared[1].start_ms
    assert " ".join(cue.text for cue in shared).split() == text.split()
    assert all(len(line) <= 42 for cue in shared for line in cue.text.split("\n"))


def test_sentences_end_at_full_stops_and_question_marks() -> None:
    assert sentences("Am I safe? Yes. It is 3.5 miles!") == ["Am I safe?", "Yes.", "It is 3.5 miles!"]


def test_the_transcript_has_a_heading_with_its_time_for_each_chapter() -> None:
    cues = [Cue(500, 900, "Hello."), Cue(61_000, 62_000, "Try this."), Cue(63_000, 64_000, "Goodbye.")]
    words = transcript([Chapter(0, "Welcome"), Chapter(61_000, "Try this")], cues)
    assert words == "## 0:00 Welcome\n\nHello.\n\n## 1:01 Try this\n\nTry this. Goodbye.\n"
