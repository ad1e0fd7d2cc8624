"""A day and its year are told by the same clock: where it is still 2026 in New York, it is not yet 2027."""

import re
from datetime import UTC, date, datetime

from backtolife.config import ROOT
from backtolife.text.dates_in_words import day_and_year, short_day_and_year

NEW_YEARS_EVE = datetime(2027, 1, 1, 1, tzinfo=UTC)
OF_A_MOMENT = re.compile(r"\.year\b")
BY_THE_ZONE = re.compile(r"in_zone\([\w.]+\)\)\.year")


def test_the_year_is_that_of_the_day_in_the_zone() -> None:
    assert day_and_year(NEW_YEARS_EVE, "America/New_York") == "Thursday 31 December 2026"
    assert short_day_and_year(NEW_YEARS_EVE, "America/New_York") == "Thu 31 Dec 2026"
    assert day_and_year(NEW_YEARS_EVE, "Europe/London") == "Friday 1 January 2027"
    assert day_and_year(date(2027, 2, 11)) == "Thursday 11 February 2027"


def test_no_template_takes_the_year_of_a_moment_by_another_clock_than_its_day() -> None:
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted((ROOT / "templates").rglob("*.jinja"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if OF_A_MOMENT.search(BY_THE_ZONE.sub("", line))
    ]
    assert found == []
