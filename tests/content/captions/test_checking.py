"""What is said about the times of captions."""

import pytest

from backtolife.content.captions.checking import findings
from backtolife.content.captions.editing import Caption

MINUTE = 60_000


def kinds(*captions: Caption, until: int = 5000) -> list[tuple[int, str, bool]]:
    return [(each.at, each.kind, each.stops) for each in findings(captions, until)]


def test_captions_that_can_be_read_have_nothing_said_about_them() -> None:
    assert kinds(Caption(0, 2000, "Hello there"), Caption(2000, 5000, "This is how pain works.")) == []


@pytest.mark.parametrize(
    ("caption", "told"),
    [
        (Caption(3000, 2000, "Hello"), (0, "backwards", True)),
        (Caption(2000, 2000, "Hello"), (0, "backwards", True)),
        (Caption(1000, 2000, " \n"), (0, "empty", True)),
        (Caption(5000, 7000, "Hello"), (0, "after", True)),
        (Caption(4000, 5001, "Hello"), (0, "past", False)),
        (Caption(1000, 1600, "Hi"), (0, "fast", False)),
        (Caption(1000, 2000, "Twenty-one characters"), (0, "fast", False)),
        (Caption(0, 5000, "Twelve words " * 7), (0, "long", False)),
    ],
)
def test_each_kind_of_trouble_is_named(caption: Caption, told: tuple[int, str, bool]) -> None:
    assert told in kinds(caption)
    assert len(kinds(caption)) == 1


def test_two_at_once_and_long_silences_are_named_too() -> None:
    first, second = Caption(0, 3000, "Hello there"), Caption(2999, 4000, "And you")
    assert kinds(first, second) == [(1, "overlap", False)]
    late = Caption(14_001, 16_000, "After a while")
    assert kinds(Caption(0, 4000, "Hello there"), late, until=16_000) == [(1, "gap", False)]
    assert kinds(Caption(0, 4000, "Hello there"), until=MINUTE) == [(0, "gap", False)]
    inside = Caption(1000, 2000, "Inside the first")
    assert kinds(Caption(0, 4000, "Hello there"), inside, Caption(4000, 5000, "After both")) == [(1, "overlap", False)]
