"""The product's own words: they fit their instruments, are marked, and a child of eleven could read them."""

import copy
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from backtolife.errors import Invalid, NotFound
from backtolife.outcomes.catalogue import wording as wording_module
from backtolife.outcomes.catalogue.json_node import JsonNode
from backtolife.outcomes.catalogue.shipped import load_instrument, shipped_instruments
from backtolife.outcomes.catalogue.wording import Form, read_form, wording
from backtolife.outcomes.scoring.score import score

IN_HOUSE = sorted(one.id for one in shipped_instruments() if one.wording == "in_house")
PEG = json.loads((wording_module.HERE / "peg-3.json").read_text(encoding="utf-8"))


def syllables(word: str) -> int:
    """Groups of vowels, less a silent e at the end; at least one."""
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - silent)


def grade(text: str) -> float:
    """Flesch-Kincaid grade: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    sentences = [part for part in re.split(r"[.?!:]+", text) if re.search(r"[A-Za-z]", part)]
    words = re.findall(r"[a-z']+", text.lower())
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def shown(form: Form) -> str:
    parts = [form.intro, form.lead_in or "", *(question.text for question in form.questions)]
    parts += [question.hint or "" for question in form.questions]
    return " ".join(part if part[-1] in ".?!:" else f"{part}." for part in parts if part)


def test_thirteen_forms_ship() -> None:
    assert len(IN_HOUSE) == len(list(wording_module.HERE.glob("*.json"))) == 13


def test_the_grade_is_measured_as_published() -> None:
    assert grade("The cat sat on the mat.") == pytest.approx(-1.45, abs=0.01)
    assert grade("Intermittent musculoskeletal discomfort necessitates individualised rehabilitation.") > 20


@pytest.mark.parametrize("name", IN_HOUSE)
def test_a_form_reads_at_grade_six_or_below(name: str) -> None:
    assert grade(shown(wording(name))) <= 6


@pytest.mark.parametrize("name", IN_HOUSE)
def test_no_single_question_is_far_harder_than_its_form(name: str) -> None:
    hardest = max(wording(name).questions, key=lambda question: grade(question.text))
    assert grade(hardest.text) <= 8, hardest.text


@pytest.mark.parametrize("name", IN_HOUSE)
def test_a_form_is_marked_in_house_by_flag_and_by_name(name: str) -> None:
    form = wording(name)
    assert form.in_house
    assert "in-house" in form.name
    assert form.name != load_instrument(name).name


@pytest.mark.parametrize("name", IN_HOUSE)
def test_every_choice_has_words_and_every_scale_has_words_at_both_ends(name: str) -> None:
    for question in wording(name).questions:
        labels = [option.label for option in question.options]
        assert len(set(labels)) == len(labels)
        if question.kind == "scale":
            assert question.lowest_label
            assert question.highest_label


@pytest.mark.parametrize("name", IN_HOUSE)
def test_a_form_answered_with_its_last_answers_can_be_scored(name: str) -> None:
    form = wording(name)
    last = {one.id: one.options[-1].value if one.options else one.maximum for one in form.questions}
    assert score(load_instrument(name), {"answers": form.scorable(last)}).status in ("scored", "recorded")


def test_the_tick_list_has_a_box_that_says_none_of_these() -> None:
    form = wording("rmdq-24")
    assert (form.layout, form.none_label) == ("tick_list", "None of these today")


def test_the_item_9_question_carries_help_beside_it() -> None:
    hint = wording("phq-9").question("9").hint or ""
    assert "999" in hint
    assert "116 123" in hint


def test_the_friends_and_family_form_has_two_parts_and_the_words_are_not_scored() -> None:
    form = wording("fft")
    assert [(question.id, question.kind, question.item) for question in form.questions] == [
        ("experience", "choice", True),
        ("why", "text", False),
    ]
    assert form.scorable({"experience": "good", "why": "Kind people"}) == {"experience": "good"}


def test_an_instrument_without_our_words_asks_for_an_import() -> None:
    with pytest.raises(NotFound, match=r"has no in-house wording\. Import the official form"):
        wording("odi-2.1a")


@pytest.mark.parametrize("name", ["../instruments/phq-9.v1", "nothing", ""])
def test_a_name_that_is_no_instrument_opens_no_file(name: str) -> None:
    with pytest.raises(NotFound, match="There is no instrument"):
        wording(name)


def test_a_question_that_is_not_on_the_form_is_not_found() -> None:
    with pytest.raises(NotFound, match="no such question on this form"):
        wording("peg-3").question("4")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data["questions"].pop(), "every item of the instrument once, and our own words in its order"),
        (lambda data: data["questions"].reverse(), "questions: must ask every item"),
        (lambda data: data["questions"][0].update(max=5), "question 1: its answers must be those of the instrument"),
        (lambda data: data["questions"][0].pop("max"), r"questions\[0\]: must have min and max"),
        (lambda data: data["questions"][0].pop("lowest_label"), r"questions\[0\]: must have “lowest_label”"),
        (lambda data: data["questions"][0].update(kind="text"), "must say how long the text may be"),
        (lambda data: data["questions"][0].update(kind="choice"), "a choice or a tick, and nothing else, has options"),
        (lambda data: data.update(instrument_version="2"), "instrument: must be peg-3 version 1"),
        (lambda data: data.update(none_label="None"), "a tick-list, and nothing else, has a none_label"),
    ],
)
def test_words_that_do_not_fit_the_instrument_are_refused(
    change: Callable[[dict[str, Any]], object], message: str
) -> None:
    data = copy.deepcopy(PEG)
    change(data)
    with pytest.raises(Invalid, match=message):
        read_form(JsonNode("peg-3.json", "", data), load_instrument("peg-3"))
