"""Languages as data: tags with plain names, found by any of their names, and looked for from the longest form down."""

import re

import pytest

from backtolife.text.languages import is_other, languages, looked_for, name_of, tag_of

TAG = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def test_each_language_has_a_tag_and_names_that_are_its_alone() -> None:
    each = list(languages().values())
    assert each[0].tag == "en"
    assert [one.name for one in each[1:]] == sorted(one.name for one in each[1:])
    for names in ([one.tag for one in each], [one.name for one in each], [one.own for one in each]):
        assert len(set(names)) == len(names)
    assert [one.tag for one in each if not TAG.fullmatch(one.tag)] == []


@pytest.mark.parametrize("words", ["pl", "Polish", " polish ", "Polski"])
def test_a_language_is_found_by_its_tag_and_both_its_names(words: str) -> None:
    assert (tag_of(words), name_of(words)) == ("pl", "Polish")


def test_words_that_are_no_language_of_ours_stay_as_they_are() -> None:
    assert (tag_of(" Gorani "), name_of("Gorani")) == ("Gorani", "Gorani")


def test_words_are_looked_for_from_the_longest_tag_to_the_shortest() -> None:
    assert looked_for("zh-Hant-HK") == ["zh-Hant-HK", "zh-Hant", "zh"]
    assert looked_for("") == []


def test_only_a_language_that_is_not_english_is_another() -> None:
    assert [words for words in ("", "en", "English", "en-GB", "pl", "Gorani") if is_other(words)] == ["pl", "Gorani"]
