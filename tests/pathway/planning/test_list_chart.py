"""The picture of the list, and the words of its figures."""

from datetime import date

import pytest

from backtolife.pathway.planning import words
from backtolife.pathway.planning.chart import list_chart, months_after
from backtolife.pathway.planning.rules import MONTHS, Outlook, Range

FOUND = Outlook(
    months=tuple(Range(place, place + 3, place + 9) for place in range(MONTHS)),
    wait=Range(1.0, 2.0, None),
    completed=Range(80, 90, 100),
    empty=Range(0, 0, 0),
    years=1000,
)


def test_the_months_go_on_over_the_end_of_a_year() -> None:
    assert months_after(date(2026, 11, 30), 3) == [date(2026, 12, 30), date(2027, 1, 30), date(2027, 2, 28)]


def test_the_table_says_what_the_picture_shows() -> None:
    pic = list_chart(FOUND, waiting=7, today=date(2026, 3, 3))
    assert len(pic.rows) == MONTHS
    assert pic.rows[0] == ("3 April 2026", "0", "3", "9")
    assert pic.rows[-1] == ("3 March 2027", "11", "14", "20")
    assert pic.description == "From 7 now to 14 after 12 months; in 8 of 10 years between 11 and 20."
    assert pic.svg.count("<circle") == MONTHS + 1


def test_a_list_that_is_always_empty_can_be_drawn() -> None:
    empty = Outlook((Range(0, 0, 0),) * MONTHS, Range(None, None, None), Range(0, 0, 0), Range(0, 0, 0), 1)
    assert "NaN" not in list_chart(empty, waiting=0, today=date(2026, 3, 3)).svg


@pytest.mark.parametrize(
    ("months", "said"), [(None, "more than 12 months"), (0.05, "less than a week"), (0.25, "1 week"), (6, "26 weeks")]
)
def test_a_wait_is_said_in_weeks(months: float | None, said: str) -> None:
    assert words.weeks(months) == said


def test_a_range_is_said_only_where_there_is_one() -> None:
    assert words.wait(FOUND.wait) == "9 weeks (in 8 of 10 years 4 weeks to more than 12 months)"
    assert words.wait(Range(None, None, None)) == "more than 12 months"
    assert words.count(FOUND.completed) == "90 (in 8 of 10 years 80 to 100)"
    assert words.count(FOUND.empty) == "0"
