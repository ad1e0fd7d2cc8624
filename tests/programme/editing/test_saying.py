"""A YAML file says something else, and the rest of it stays byte for byte."""

from copy import deepcopy

import pytest

from backtolife.errors import Invalid
from backtolife.programme.editing.saying import place_on, said, saying
from backtolife.programme.plan.keeping import shipped_files

TEXT = """# ours
title: 'A: plan'   # said so
codes: {a: 1, b: "2"}
aims:
  # the first one
  - One thing.
  - Another.  # not the last

  - The last.
stations:
  - exercise: ex-a
    work: 45
  # harder
  - exercise: ex-b
    work: 50
body: |
  Hello,

  bye
after: >-
  Words that
  are folded.
"""


def lines_changed(before: str, after: str) -> set[str]:
    return set(after.split("\n")) - set(before.split("\n"))


@pytest.mark.parametrize("name", [name for name in shipped_files() if name.endswith(".yaml")])
def test_a_file_that_says_the_same_is_the_same(name: str) -> None:
    text = shipped_files()[name]
    assert saying(text, deepcopy(said(text))) == text


def test_one_word_changes_one_line() -> None:
    data = said(TEXT)
    data["title"] = "Another: plan"
    assert saying(TEXT, data) == TEXT.replace("'A: plan'", "'Another: plan'")


def test_items_move_with_the_comments_above_them_and_come_and_go() -> None:
    data = said(TEXT)
    data["stations"] = [data["stations"][1], {"exercise": "ex-c", "work": 30}]
    data["aims"] = [*data["aims"][1:], "New: one"]
    after = saying(TEXT, data)
    assert said(after) == data
    assert "  # harder\n  - exercise: ex-b\n    work: 50\n  - exercise: ex-c\n    work: 30\nbody" in after
    assert "  - Another.  # not the last\n  - The last.\n  - 'New: one'\n" in after
    assert TEXT[TEXT.index("body") :] in after


def test_words_keep_the_way_they_were_written_in() -> None:
    data = said(TEXT)
    data["body"], data["after"] = "Hello,\n\nyou\n", "One.\nTwo."
    after = saying(TEXT, data)
    assert (said(after), after.endswith("body: |\n  Hello,\n\n  you\nafter: >-\n  One.\n\n  Two.\n")) == (data, True)


@pytest.mark.parametrize(
    "words", ["yes", "12", "# no", "a: b", "- x", "{a}", " x", "'", '"', "x #y", "é 😀", "~", "2026-01-01"]
)
def test_words_that_look_like_something_else_stay_words(words: str) -> None:
    data = said(TEXT)
    data["aims"][0] = data["title"] = data["codes"]["b"] = data["after"] = words
    assert said(saying(TEXT, data)) == data


def test_line_ends_of_windows_stay() -> None:
    text = TEXT.replace("\n", "\r\n")
    data = said(text)
    data["body"] = "Hello,\n\nyou\n"
    after = saying(text, data)
    assert (said(after), "\n" in after.replace("\r\n", "")) == (data, False)


def test_a_character_that_cannot_be_kept_is_refused() -> None:
    data = said(TEXT)
    data["body"] = "bell \x07\nrings"
    with pytest.raises(Invalid, match="cannot be kept"):
        saying(TEXT, data)


def test_a_line_leads_to_what_stands_on_it() -> None:
    assert place_on(TEXT, 15) == ("stations", 1, "work")
    assert place_on(TEXT, 16) == ("body",)
