"""What scripts say: only what they themselves say, and each number in the form that its language gives it."""

import pytest

from backtolife.text.catalogues.in_scripts import words_for

CLOCK = ["shared/clock.js"]
MINUTES = "about %(num)s minute left"


def test_a_page_carries_what_its_scripts_say_and_no_more() -> None:
    found = words_for("pl", ["room/patient/waiting-words.js"])
    assert len(found) == 3
    assert found["Your team will let you in soon. Nobody can see or hear you yet."] == (
        "Zespół wkrótce cię wpuści. Nikt cię jeszcze nie widzi ani nie słyszy."
    )
    assert words_for("pl", ["no/such/script.js"]) == {}


@pytest.mark.parametrize(
    ("tag", "forms"),
    [
        ("pl", {"one", "few", "many", "other"}),
        ("cy", {"zero", "one", "two", "few", "many", "other"}),
        ("ur", {"one", "other"}),
        ("en-XA", {"one", "other"}),
    ],
)
def test_numbers_have_the_forms_that_a_browser_asks_for(tag: str, forms: set[str]) -> None:
    found = words_for(tag, CLOCK)[MINUTES]
    assert isinstance(found, dict)
    assert {*found} == forms


def test_polish_says_few_minutes_in_another_way_than_many() -> None:
    found = words_for("pl", CLOCK)[MINUTES]
    assert isinstance(found, dict)
    assert (found["one"], found["few"], found["many"]) == (
        "została około %(num)s minuta",
        "zostały około %(num)s minuty",
        "zostało około %(num)s minut",
    )
