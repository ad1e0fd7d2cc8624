"""Pictures of figures: drawn where the numbers are, in words for who cannot see them, and beside a table."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backtolife.errors import Invalid
from backtolife.reporting.analysis.basics.basis import About
from backtolife.reporting.analysis.comparison.funnel import Unit, rate_funnel, share_funnel
from backtolife.reporting.analysis.service.xmr import xmr
from backtolife.reporting.charts.axis import Axis, axis_over
from backtolife.reporting.charts.funnel_plot import funnel_plot
from backtolife.reporting.charts.interval_rows import IntervalRow, interval_rows
from backtolife.reporting.charts.over_time import Moment, over_time
from backtolife.reporting.charts.picture import Canvas, Picture, written
from backtolife.reporting.charts.xmr_chart import xmr_chart
from backtolife.reporting.results.number_words import percent_of

ABOUT = About("April 2026 to March 2027", "everyone who started")
SVG = "{http://www.w3.org/2000/svg}"
MONTHS = [70, 74, 68, 71, 73, 66, 72, 75, 69, 71, 74, 70, 92, 71]


def of_time() -> Picture:
    moments = [Moment("Start", 12, 11, 13, 60), Moment("End", 8, 6.5, 9.5, 40), Moment("Month 12", None, None, None, 0)]
    return over_time("pain", "Pain & getting about", moments, lowest=0, highest=24, higher_is_better=False)


def of_rows() -> Picture:
    rows = [IntervalRow("Pain disability", -0.7, -1.6, 0.2), IntervalRow("Mood", None, None, None)]
    return interval_rows("remote", "Remote against face to face", rows, margin=1.0, worse="Face to face better")


def of_months(values: list[int]) -> Picture:
    labels = [f"month {place}" for place in range(1, len(values) + 1)]
    return xmr_chart("stayed", "Completed", xmr(labels, values, about=ABOUT), places=0)


def of_groups() -> Picture:
    units = [Unit("Ash", 24, 40), Unit("Birch", 9, 12), Unit("Cedar", 8, 30)]
    return funnel_plot("groups", "Who stayed", share_funnel(units, about=ABOUT), across_words="People who started")


EVERY = [of_time(), of_rows(), of_months(MONTHS), of_months(MONTHS[:3]), of_groups()]


def drawn(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(picture.svg)  # noqa: S314 - our own words, not somebody's file


def texts(picture: Picture) -> list[str]:
    return [each.text or "" for each in drawn(picture).iter(f"{SVG}text")]


@pytest.mark.parametrize("picture", EVERY, ids=lambda picture: picture.title)
def test_each_picture_says_what_it_shows_to_who_cannot_see_it(picture: Picture) -> None:
    root = drawn(picture)
    named = {each.get("id"): each.text for each in root if each.tag in (f"{SVG}title", f"{SVG}desc")}
    assert root.get("role") == "img"
    assert (root.get("aria-labelledby") or "").split() == list(named)
    assert list(named.values()) == [picture.title, picture.description]


@pytest.mark.parametrize("picture", EVERY, ids=lambda picture: picture.title)
def test_each_picture_passes_a_strict_content_policy(picture: Picture) -> None:
    assert not re.search(r"style=|<script|<style|href=|\son[a-z]+=", picture.svg)


@pytest.mark.parametrize("picture", EVERY, ids=lambda picture: picture.title)
def test_nothing_is_drawn_outside_the_paper(picture: Picture) -> None:
    root = drawn(picture)
    width, height = (float(each) for each in (root.get("viewBox") or "").split()[2:])
    for each in root.iter():
        for name in ("x", "x1", "x2", "cx"):
            assert 0 <= float(each.get(name, 0)) <= width
        for name in ("y", "y1", "y2", "cy"):
            assert 0 <= float(each.get(name, 0)) <= height


@pytest.mark.parametrize("picture", EVERY, ids=lambda picture: picture.title)
def test_a_table_beside_says_the_same(picture: Picture) -> None:
    assert picture.rows
    assert all(len(row) == len(picture.columns) for row in picture.rows)


def test_a_milestone_nobody_reached_is_not_drawn_as_nought() -> None:
    picture = of_time()
    squares = list(drawn(picture).iter(f"{SVG}rect"))
    assert len(squares) == 2
    assert picture.rows[-1] == ("Month 12", "nobody", "", "0")
    assert "Start: 12.0 (11.0 to 13.0), 60 people" in picture.description


def test_a_lower_score_is_said_to_be_better_where_it_is() -> None:
    assert "Lower is better ↓" in texts(of_time())


def test_the_margin_is_drawn_at_minus_itself_and_named() -> None:
    picture = of_rows()
    assert "Margin −1.0" in texts(picture)
    margin = next(each for each in drawn(picture).iter(f"{SVG}line") if each.get("stroke-dasharray"))
    zero = next(each for each in drawn(picture).iter(f"{SVG}text") if each.text == "0 = same")
    assert float(margin.get("x1", 0)) < float(zero.get("x", 0))
    assert "Pain disability: −0.7, 95% interval −1.6 to 0.2." in picture.description


def test_without_enough_data_no_line_is_drawn() -> None:
    picture = of_rows()
    assert "No line drawn yet" in texts(picture)
    assert picture.rows[1] == ("Mood", "not enough data yet", "")


def test_a_signal_has_a_shape_of_its_own() -> None:
    picture = of_months(MONTHS)
    assert len(list(drawn(picture).iter(f"{SVG}polygon"))) == 1
    assert picture.rows[12] == ("month 13", "92", "Beyond a limit")
    assert "1 value is more than noise" in picture.description


def test_too_few_months_have_no_limits() -> None:
    picture = of_months(MONTHS[:3])
    assert not [each for each in drawn(picture).iter(f"{SVG}line") if each.get("stroke-dasharray")]
    assert "3 of the 12 points that limits need" in texts(picture)


def test_a_group_outside_its_limits_is_named_in_the_picture() -> None:
    picture = of_groups()
    assert "Cedar" in texts(picture)
    assert "Ash" not in texts(picture)
    assert [row[-1] for row in picture.rows] == ["inside", "inside", "low"]


def test_rates_need_no_hundred() -> None:
    funnel = rate_funnel([Unit("Ash", 3, 12.5), Unit("Birch", 0, 20)], about=ABOUT)
    picture = funnel_plot("tasks", "Tasks", funnel, across_words="Hundred hours", percent=False)
    assert picture.rows[0][3] == "0.24"


def test_words_from_people_stay_words() -> None:
    row = IntervalRow("<script>alert(1)</script>", 1, 0, 2)
    picture = interval_rows("row", 'a "<b>" & c', [row])
    assert "<script" not in picture.svg
    assert row.label in texts(picture)


@pytest.mark.parametrize("name", ["", "Pain", "a b", 'x"y', "1st"])
def test_a_name_that_cannot_be_an_id_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        Canvas(1, 1).picture(name, "t", "d", (), [])


def test_nothing_to_draw_is_refused() -> None:
    with pytest.raises(Invalid):
        xmr_chart("x", "t", xmr([], [], about=ABOUT))
    with pytest.raises(Invalid):
        funnel_plot("x", "t", share_funnel([], about=ABOUT), across_words="")
    with pytest.raises(Invalid):
        over_time("x", "t", [], lowest=0, highest=24, higher_is_better=True)
    with pytest.raises(Invalid):
        interval_rows("x", "t", [])


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(0.01, 1e6))
def test_ticks_are_few_round_and_within(low: float, width: float) -> None:
    ticks = Axis(low, low + width, 0, 100).ticks()
    assert 2 <= len(ticks) <= 6
    assert all(low - width * 1e-6 <= tick <= low + width * (1 + 1e-6) for tick in ticks)


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_every_value_finds_its_place_on_the_axis(values: list[float]) -> None:
    axis = axis_over(values, 200, 10)
    assert all(10 <= axis.place(value) <= 200 for value in values)


@pytest.mark.parametrize(("number", "words"), [(-0.04, "0.0"), (-1.25, "−1.3"), (3.0, "3.0"), (None, "not known")])
def test_numbers_are_written_as_people_read_them(number: float | None, words: str) -> None:
    assert written(number) == words


@pytest.mark.parametrize(
    ("count", "of", "words"),
    [(5, 8, "63%"), (1, 8, "13%"), (1, 40, "3%"), (29, 200, "15%"), (1, 3, "33%"), (0, 4, "0%")],
)
def test_a_half_of_a_per_cent_goes_up_as_people_round(count: int, of: int, words: str) -> None:
    assert percent_of(count, of) == words
