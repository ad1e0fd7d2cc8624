"""A service's colour: readable, or refused in words with the ratio."""

import pytest
from flask.testing import FlaskClient

from backtolife.errors import Invalid
from backtolife.programme.own_service.rules import SAND, WHITE, colour_kept, contrast, shades


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", WHITE, 21.0), (WHITE, WHITE, 1.0), ("#777777", WHITE, 4.48), ("#0e5f5b", WHITE, 7.5)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.02)


def test_a_pale_colour_is_refused_with_its_ratio_and_one_just_under_is_not_rounded_up() -> None:
    with pytest.raises(Invalid, match=r"#777777 on white has a contrast of 4\.47 to 1.*4\.5 to 1 or more"):
        colour_kept("#777777")


def test_a_colour_that_reads_on_white_alone_is_refused_for_our_cards() -> None:
    assert contrast("#737373", WHITE) >= 4.5 > contrast("#737373", SAND)
    with pytest.raises(Invalid, match="sand of our cards"):
        colour_kept("#737373")


@pytest.mark.parametrize("typed", ["005EB8", "#005eb8", " #005EB8 "])
def test_a_colour_is_kept_in_one_way_however_it_is_typed(typed: str) -> None:
    assert colour_kept(typed) == "#005eb8"


@pytest.mark.parametrize("typed", ["blue", "#12345", "#gggggg", "#0e5f5b;}"])
def test_what_is_no_colour_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match="six signs"):
        colour_kept(typed)


def test_every_shade_that_stands_behind_or_in_text_can_be_read() -> None:
    made = shades("#005eb8")
    assert contrast(made["--accent-deep"], made["--accent-tint"]) >= 4.5
    assert contrast(made["--accent-hover"], WHITE) >= 4.5


def test_the_sheet_of_a_colour_is_served_and_none_for_what_is_hard_to_read(client: FlaskClient) -> None:
    answer = client.get("/look/005eb8.css")
    assert answer.mimetype == "text/css"
    assert answer.text.startswith(":root{--accent:#005eb8;")
    assert client.get("/look/eeeeee.css").status_code == 404
    assert client.get("/look/x%7D.css").status_code == 404
