"""Captions as they are typed or come in a file: read whole, or refused with the line that is wrong."""

import pytest

from backtolife.content.captions.cues import decoded
from backtolife.content.captions.editing import Caption, captions_in, parts_in, parts_text, written
from backtolife.content.captions.spoken import parts_of, to_read
from backtolife.content.captions.tracks import Chapter
from backtolife.errors import Invalid
from tests.content.captions.test_captions_from_elsewhere import CASES

TEN_MINUTES = 600_000


@pytest.mark.parametrize("name", CASES)
def test_every_file_from_elsewhere_comes_in_and_is_the_same_when_it_is_read_again(name: str) -> None:
    captions = captions_in(decoded(CASES[name].read_bytes()))
    assert captions
    assert captions_in(written(captions)) == sorted(captions, key=lambda each: (each.start_ms, each.end_ms))


def test_words_keep_their_signs_and_a_speaker_stands_before_what_they_say() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000 line:0\n<v Priya>Salt &amp; <i>pepper</i> &lt; 5\n"
    (caption,) = captions_in(text)
    assert caption == Caption(1000, 2000, "Priya: Salt & pepper < 5", "line:0")
    assert "Priya: Salt &amp; pepper &lt; 5" in written([caption])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("WEBVTT\n\n00:01.000 -> 00:02.000\nHello\n", "Line 3 has words without a time: “00:01.000 -> 00:02.000”"),
        ("WEBVTT\n\n00:01 --> 00:02\nHello\n", "We cannot read the time in line 3: “00:01 --> 00:02”"),
        ("00:01.000 --> 00:02.000\nHello\n\nthere, all\nof you\n", "Line 4 has words without a time: “there, all”"),
        ("Once upon a time", "Line 1 has words without a time"),
    ],
)
def test_what_would_be_lost_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        captions_in(text)


def test_an_empty_text_has_no_captions() -> None:
    assert captions_in("") == captions_in("WEBVTT\n") == []


def test_parts_are_read_in_order_and_shown_as_they_were_typed() -> None:
    parts = parts_in("2:30 Why rest does not help\n0:00 Welcome\n\n1:02:03.5 Late\n", 4_000_000)
    assert parts == [Chapter(0, "Welcome"), Chapter(150_000, "Why rest does not help"), Chapter(3_723_500, "Late")]
    assert parts_text(parts) == "0:00 Welcome\n2:30 Why rest does not help\n62:03.500 Late"
    assert parts_in(parts_text(parts), 4_000_000) == parts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Welcome", "We cannot read this part: “Welcome”"),
        ("0:75 Welcome", "We cannot read this part"),
        ("0:05 Welcome", "The first part must begin at 0:00"),
        ("0:00 One\n0:00 Two", "Two parts begin at the same time"),
        ("0:00 One\n10:00 Two", "begins after the video ends: “10:00 Two”"),
        ("0:00 " + "x" * 121, "This name is too long"),
        ("\n".join(f"{each}:00 Part" for each in range(61)), "The most is 60"),
    ],
)
def test_a_part_that_cannot_be_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        parts_in(text, TEN_MINUTES * 10 if "Part" in text else TEN_MINUTES)


def test_words_to_read_stand_under_their_parts_in_short_paragraphs() -> None:
    long = " ".join(["Breathe in and out."] * 40)
    vtt = written([Caption(0, 4000, "Hello."), Caption(5000, 9000, long), Caption(20_000, 24_000, "Try this.")])
    first, second = parts_of(to_read(vtt, [Chapter(0, "Welcome"), Chapter(20_000, "At home")]))
    assert (first.time, first.heading, second.words) == ("0:00", "Welcome", ("Try this.",))
    assert len(first.words) == 3
    assert " ".join(first.words) == f"Hello. {long}"
    assert to_read(vtt, []).endswith("Try this.")
