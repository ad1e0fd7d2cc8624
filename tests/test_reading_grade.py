"""What patients read is measured: hard words are found, and none is excused without need."""

import socket

import pytest

from tools.reading_grade.grade import Allowed, faults
from tools.reading_grade.passages import Passage, joined, passages, plain

HARD = (
    "Participants experiencing significant deterioration should immediately communicate with their multidisciplinary "
    "rehabilitation facilitators regarding appropriate modifications to their individual activity prescriptions."
)
EASY = "If the pain gets worse, stop and tell us. We will find an easier way with you. You can rest when you like."
LONG = (
    "You can sit or lie or stand and then we go on and you can rest, "
    "and then we all do the same thing once more and then stop."
)


def test_hard_words_are_found_and_easy_ones_are_not() -> None:
    found = faults([Passage("page 1", HARD), Passage("page 2", EASY)], [])
    assert len(found) == 1
    assert found[0].startswith("page 1: grade ")


def test_one_long_sentence_among_short_ones_is_found() -> None:
    assert "29 words in one sentence" in faults([Passage("page", f"{EASY} {LONG}")], [])[0]


def test_a_reason_excuses_only_its_own_words_and_fails_when_nothing_needs_it() -> None:
    reason = Allowed("multidisciplinary rehabilitation", "The name of the team.")
    assert faults([Passage("page", HARD)], [reason]) == []
    (fault,) = faults([Passage("page", EASY)], [reason])
    assert "nothing needs this exception any more: multidisciplinary rehabilitation" in fault


def test_a_label_makes_no_page_look_easier_and_what_is_short_is_joined() -> None:
    parts = ["Save", "Go back", "You can stop and come back", "We keep what you told us until then, on this device"]
    (passage,) = joined("page", parts)
    assert passage.text == "You can stop and come back. We keep what you told us until then, on this device."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("- numb **skin**", "numb skin."),
        ("Hello %(name)s,", "Hello Sam."),
        ('<a href="/x">Read it</a>', "Read it."),
        ("Breathe in. [pause 5s] And let go.", "Breathe in. And let go."),
    ],
)
def test_marks_and_gaps_are_no_words(written: str, read: str) -> None:
    assert plain(written) == read


def test_every_kind_of_text_is_measured_and_no_network_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "socket", None)
    kinds = {each.where.split()[0].split("/")[0] for each in passages()}
    assert {"home", "js", "messages", "guides", "videos", "relaxation", "consents", "programme", "exercises"} <= kinds
    assert faults([Passage("page", HARD)], []) != []
