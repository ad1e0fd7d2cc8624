"""Which yes counts, whom new words shut out, and for how long they do not."""

from datetime import datetime, timedelta

import pytest

from backtolife.errors import Invalid
from backtolife.programme.consent.rules import (
    GRACE,
    ConsentKind,
    Stand,
    check_words,
    counts,
    may_wait_until,
    shuts,
    stand,
)


@pytest.mark.parametrize(
    ("agreed", "version", "asks_from", "expected"),
    [
        (None, 0, 1, Stand.OPEN),
        (True, 1, 1, Stand.AGREED),
        (True, 1, 2, Stand.OPEN),
        (True, 3, 2, Stand.AGREED),
        (False, 1, 2, Stand.REFUSED),
    ],
)
def test_a_yes_counts_until_newer_words_ask_again_and_a_no_stands(
    *, agreed: bool | None, version: int, asks_from: int, expected: Stand
) -> None:
    assert stand(agreed, version, asks_from=asks_from) is expected


def test_a_yes_to_older_words_does_not_speak_for_newer_ones_and_a_no_always_counts() -> None:
    assert not counts(agreed=True, version=1, newest=2)
    assert counts(agreed=True, version=2, newest=2)
    assert counts(agreed=False, version=1, newest=2)


def test_only_who_was_in_a_group_that_had_begun_is_given_days(now: datetime) -> None:
    day = timedelta(days=1)
    assert may_wait_until(published_at=now, began_at=now - day, enrolled_at=now - day) == now + GRACE
    assert may_wait_until(published_at=now, began_at=now + day, enrolled_at=now - day) is None, "it had not begun"
    assert may_wait_until(published_at=now, began_at=now - day, enrolled_at=now + day) is None, "they came later"


@pytest.mark.parametrize("kind", list(ConsentKind))
def test_the_live_room_is_shut_by_what_is_needed_alone(kind: ConsentKind, now: datetime) -> None:
    needed = kind in (ConsentKind.GROUP, ConsentKind.DATA)
    later = now + timedelta(days=1)
    assert not shuts(kind, Stand.AGREED, until=None, now=now)
    assert shuts(kind, Stand.OPEN, until=None, now=now) == needed
    assert not shuts(kind, Stand.OPEN, until=later, now=now)
    assert shuts(kind, Stand.OPEN, until=now, now=now) == needed
    assert shuts(kind, Stand.REFUSED, until=later, now=now) == needed, "a no is honoured at once"


@pytest.mark.parametrize(("title", "body", "field"), [(" ", "Words", "title"), ("Ours", " ", "body")])
def test_words_that_nobody_can_read_are_not_published(title: str, body: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_words(title, body)
    assert refused.value.field == field
