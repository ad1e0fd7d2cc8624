"""Captions as other programs write them: none is refused that a browser reads, and no word is lost or said twice."""

from pathlib import Path

import pytest

from backtolife.content.captions.cues import cues_in
from backtolife.content.captions.spoken import words_of
from backtolife.content.packaging.incoming import read_captions
from backtolife.errors import Invalid

CASES = {path.stem: path for path in (Path(__file__).parents[1] / "cases" / "vtt").rglob("*.vtt")}
TWO, FIRST = "First words here. Second words here.", "First words here."
SAID = {
    "cp1252": "Don’t rush.",
    "crlf-bom": TWO,
    "entities": "Don't rush \"slowly\" & breathe 'now'",
    "header-plus-srt": FIRST,
    "hours-100": "Very late.",
    "lone-cr": TWO,
    "no-blank-after-header": TWO,
    "nul": "First \ufffd words.",
    "one-comma": TWO,
    "overlap": "First speaker. Second speaker.",
    "renamed-srt": FIRST,
    "rolling": "sit down slowly then breathe out and rest now",
    "styles-notes-regions": "First words here. NOTE is a word when it is spoken.",
    "tabs": TWO,
    "timestamp-map": TWO,
    "two-spaces": TWO,
    "utf16": FIRST,
    "voices": "Physio: How is it? Patient: Better.",
}


def test_every_case_has_its_words() -> None:
    assert set(CASES) == set(SAID)


@pytest.mark.parametrize("name", SAID)
def test_captions_are_taken_as_they_come_and_every_word_is_read_once(name: str) -> None:
    vtt = read_captions(CASES[name].read_bytes())
    assert vtt.startswith("WEBVTT\n\n")
    assert not set(vtt) & {"\r", "\x00", "\ufeff"}
    assert words_of(vtt) == SAID[name]


def test_times_and_places_of_cues_are_kept() -> None:
    (cue,) = cues_in(read_captions(CASES["hours-100"].read_bytes()))[1]
    assert (cue.start_ms, cue.end_ms) == (360_000_500, 360_002_500)
    first = cues_in(read_captions(CASES["two-spaces"].read_bytes()))[1][0]
    assert (first.start_ms, first.end_ms, first.settings) == (500, 2500, "align:start")


def test_styles_regions_and_notes_are_no_words_and_the_rest_of_each_cue_stays() -> None:
    vtt = read_captions(CASES["styles-notes-regions"].read_bytes())
    assert vtt == (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 region:low align:start\n<c.soft>First</c> words here.\n\n"
        "00:00:02.500 --> 00:00:03.000\nNOTE is a word\nwhen it is spoken.\n"
    )


def test_a_sentence_said_again_later_is_written_again() -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\nBreathe out.\n\n00:09.000 --> 00:10.000\nBreathe out.\n"
    assert words_of(vtt) == "Breathe out. Breathe out."


@pytest.mark.parametrize("data", [b"", b"WEBVTT\n", b"hello\nworld\n", b"WEBVTT\n\n1:2 --> 3\nx\n"])
def test_what_has_no_words_with_times_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match=r"captions file"):
        read_captions(data)


ENDLESS = {
    "speakers": ("<v a" * 100_000, "<v a" * 100_000),
    "speakers with an end": ("<v a" * 100_000 + ">Hello", "a" + "<v a" * 99_999 + ": Hello"),
    "tags": ("<a" * 200_000, "<a" * 200_000),
    "spaces in a tag": ("<v" + " " * 200_000, "<v"),
    "a character's number": ("&#" + "9" * 5000 + ";", "\ufffd;"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_a_line_without_end_is_read_once_from_front_to_back(name: str) -> None:
    line, words = ENDLESS[name]
    assert words_of(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{line}\n") == words


@pytest.mark.parametrize("line", [" " * 20_000 + "x", "9" * 5000 + ":00:00.000 --> 00:01.000"], ids=["spaces", "hours"])
def test_a_line_that_only_begins_like_times_is_none(line: str) -> None:
    assert cues_in(f"WEBVTT\n\n{line}\nx\n")[1] == []


def test_cues_of_very_many_lines_are_compared_by_a_few() -> None:
    first, then = "\n".join(("a", "b") * 20_000), "\n".join(("b", "c") * 20_000)
    vtt = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{first}\n\n00:02.000 --> 00:03.000\n{then}\n"
    assert words_of(vtt).split() == ["a", "b"] * 20_000 + ["c", *(("b", "c") * 19_999)]
