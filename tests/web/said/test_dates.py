"""Dates and times on pages, as the language of the page says them."""

from datetime import UTC, datetime

import pytest
from flask import Flask, g

from backtolife.web.page_language import use_catalogues
from backtolife.web.said.dates import filters

NOW = datetime(2027, 2, 10, 9, tzinfo=UTC)
THEN = datetime(2027, 2, 11, 18, 30, tzinfo=UTC)
ZONE = "Europe/London"


@pytest.mark.parametrize(
    ("tag", "day", "time", "near"),
    [
        ("en-GB", "Thursday 11 February", "6:30pm", "tomorrow at 6:30pm"),
        ("en-XA", "Thursday 11 February", "6:30pm", "tomorrow at 6:30pm"),
        ("cy", "Dydd Iau 11 Chwefror", "18:30", "yfory am 18:30"),
        ("pl", "czwartek 11 lutego", "18:30", "jutro o 18:30"),
        ("ur", "جمعرات 11 فروری", "6:30 PM", "کل 6:30 PM پر"),
    ],
)
def test_a_date_is_said_in_the_language_of_the_page(app: Flask, tag: str, day: str, time: str, near: str) -> None:
    with app.test_request_context("/"):
        g.page_language = tag
        use_catalogues()
        said = filters()
        assert said["day"](THEN, ZONE) == day
        assert str(said["clock_time"](THEN, ZONE)).replace("\u202f", " ") == time
        assert str(said["near_day"](THEN, ZONE, NOW)).replace("\u202f", " ") == near


def test_another_year_is_said_and_this_one_is_not(app: Flask) -> None:
    with app.test_request_context("/"):
        g.page_language = "pl"
        said = filters()
        assert said["day_this_year"](THEN, ZONE, NOW) == "czwartek 11 lutego"
        assert said["day_this_year"](THEN, ZONE, NOW.replace(year=2026)) == "czwartek 11 lutego 2027"
