"""The catalogues of words on pages: whole enough to be shown, and told apart by what they say."""

import pytest
from babel.messages.catalog import Catalog

from backtolife.text.catalogues import reading
from backtolife.text.catalogues.pseudo import pseudo_words


def catalogue(english: str | tuple[str, str], other: str | tuple[str, ...], tag: str = "pl") -> Catalog:
    found = Catalog(locale=tag)
    found.add(english, other)
    return found


@pytest.mark.parametrize("tag", reading.tags())
def test_what_we_ship_breaks_no_page_and_leaves_nothing_out(tag: str) -> None:
    assert reading.faults(reading.read(tag)) == []
    assert len(reading.pairs(tag)) == len(list(reading.pairs_of(reading.read(""))))


def test_there_are_words_in_welsh_polish_and_urdu_and_urdu_runs_from_the_right() -> None:
    assert reading.tags() == ["cy", "pl", "ur"]
    assert [reading.right_to_left(tag) for tag in reading.tags()] == [False, False, True]


@pytest.mark.parametrize(
    ("english", "other", "wrong"),
    [
        ("Call %(phone)s", "Zadzwoń", "the gaps are ['phone'], in the translation []"),
        ("Call us", "Zadzwoń %(phone)s", "the gaps are [], in the translation ['phone']"),
        ('<a href="%(page)s">Go</a>', '<a href="%(page)s" onclick="x()">Idź</a>', "has other tags"),
        ("Go", "<b>Idź</b>", "has other tags"),
    ],
)
def test_a_translation_that_would_break_a_page_is_named(english: str, other: str, wrong: str) -> None:
    (fault,) = reading.faults(catalogue(english, other))
    assert wrong in fault
    assert english.split("%", maxsplit=1)[0] in fault


def test_a_language_may_leave_out_the_figure_where_it_counts() -> None:
    assert (
        reading.faults(catalogue(("%(count)s device", "%(count)s devices"), ("jedno", "%(count)s", "%(count)s"))) == []
    )


def test_what_is_not_translated_yet_is_no_fault_and_nothing_to_sign() -> None:
    half = catalogue("Sign in", "")
    assert reading.faults(half) == []
    assert not all(next(reading.pairs_of(half)).other)


def test_each_language_has_a_digest_of_its_own() -> None:
    assert len({reading.digest(tag) for tag in reading.tags()}) == len(reading.tags())


def test_the_language_that_nobody_speaks_keeps_gaps_and_tags_and_is_a_third_longer() -> None:
    said = pseudo_words('Call <a href="tel:%(call)s">%(phone)s</a> in office hours&nbsp;only')
    assert '<a href="tel:%(call)s">%(phone)s</a>' in said
    assert "&nbsp;" in said
    assert "óffíçé" in said
    assert 1.3 <= len(pseudo_words("In an emergency call 999 now")) / len("In an emergency call 999 now") <= 1.6
