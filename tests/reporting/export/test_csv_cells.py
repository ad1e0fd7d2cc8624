"""What is written into a file is read as what it is."""

import csv
import io
from datetime import UTC, datetime, timedelta, timezone

import pytest

from backtolife.reporting.export.csv_cells import lines, text_of


@pytest.mark.parametrize(
    "words", ["=1+1", "+44 1632", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1+1", "\uff1d1+1", '=HYPERLINK("http://x")']
)
def test_words_that_look_like_a_formula_are_held_as_words(words: str) -> None:
    assert text_of(words) == f"'{words}"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("", ""),
        ("Fine, thanks", "Fine, thanks"),
        (0, "0"),
        (-2, "-2"),
        (4.0, "4"),
        (4.3, "4.3"),
        (True, "yes"),
        (datetime(2026, 7, 1, 10, tzinfo=timezone(timedelta(hours=1))), "2026-07-01T09:00:00Z"),
    ],
)
def test_a_cell_says_what_it_is(cell: object, text: str) -> None:
    assert text_of(cell) == text  # type: ignore[arg-type]


def test_a_comma_a_quote_and_a_new_line_survive_the_trip() -> None:
    words = 'She said: "well,\nyes"'
    file = "".join(lines(["a", "b"], [[words, datetime(2026, 1, 1, tzinfo=UTC)]]))
    assert list(csv.reader(io.StringIO(file, newline="")))[1] == [words, "2026-01-01T00:00:00Z"]
