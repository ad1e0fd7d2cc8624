"""What comes with an event is held to its payload's type, and a refusal names the field and what fits it."""

from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import pytest

from backtolife.errors import Invalid
from backtolife.sessions.events import payloads
from backtolife.sessions.events.reading import Limits, in_words, limits_of, read
from backtolife.sessions.events.registry import EVENTS, Event
from backtolife.sessions.room.models import Audience
from backtolife.sessions.state.breakout_rules import MOST_GROUPS
from tests.support.sessions.hall import SENT

CHAT = {"text": "Hello", "audience": "group", "client_id": "c1"}
ASK = {"question": "Tea?", "options": ["Yes", "No"]}
TEXT = "text must be text of at most 1000 characters."
SEEN = "seen must be a whole number from -1 to 99."
OPTIONS = "options must be a list of 2 to 6."
OPTION = "options must be text of at most 60 characters."
AUDIENCE = "audience must be one of: group, facilitators."
FIELDS = "An event carries named fields."


@pytest.mark.parametrize(
    ("kind", "given", "words", "field"),
    [
        (payloads.Seen, {}, "seen is missing.", "seen"),
        (payloads.GoTo, {"seen": "x"}, "index is missing.", "index"),
        (payloads.Seen, {"seen": 0, "more": 1}, "This event has no field called more.", ""),
        (payloads.Seen, {"seen": "x", "m" * 50: 1}, f"This event has no field called {'m' * 40}.", ""),
        (payloads.Seen, {"seen": 0, 7: 1}, "This event has no field called 7.", ""),
        *((payloads.Seen, given, FIELDS, "") for given in (["seen"], "seen", 7, b"seen", [("seen", 0)])),
        *((payloads.Seen, {"seen": bad}, SEEN, "seen") for bad in ("0", True, None, 1.0, -2, 100, 10**30, [0])),
        *((payloads.Chat, {**CHAT, "text": bad}, TEXT, "text") for bad in ("x" * 1001, 5, None, b"x", ["x"])),
        *((payloads.Chat, {**CHAT, "text": bad}, TEXT, "text") for bad in ("a\x00", "a\ud800", "\udfffa")),
        *((payloads.Chat, {**CHAT, "audience": bad}, AUDIENCE, "audience") for bad in ("all", 1, None, ["group"])),
        *((payloads.PollAsk, {**ASK, "options": bad}, OPTIONS, "options") for bad in (["a"], [1] * 7, "ab", None)),
        *((payloads.PollAsk, {**ASK, "options": ["a", bad]}, OPTION, "options") for bad in ("x" * 61, 1, "a\x00")),
    ],
)
def test_what_does_not_fit_is_refused_in_words_that_name_the_field(
    kind: type[object], given: object, words: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read(kind, given)
    assert (refused.value.message, refused.value.field or "") == (words, field)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (payloads.Chat, CHAT),
        (payloads.Chat, {**CHAT, "text": "🙂" * 1000, "small": "", "round": 2**53}),
        (payloads.Seen, {"seen": -1}),
        (payloads.Exercising, {}),
        (payloads.Exercising, {"feels": "rest"}),
        (payloads.PollAsk, {**ASK, "options": ["x" * 60] * 6}),
        (payloads.SmallVisit, {"group": ""}),
    ],
)
def test_what_fits_is_read_as_it_came(kind: type[object], given: object) -> None:
    assert read(kind, given) == given


def test_an_event_without_fields_may_come_with_none() -> None:
    assert (read(payloads.Nothing, None), read(payloads.Nothing, {})) == ({}, {})


@pytest.mark.parametrize("name", EVENTS)
def test_every_field_has_limits_and_keeps_no_character_that_a_database_cannot_keep(name: str) -> None:
    kind = EVENTS[name].payload
    for field, limits in limits_of(kind).items():
        assert in_words(limits), field
        for bad in unkeepable(limits):
            with pytest.raises(Invalid) as refused:
                read(kind, {**SENT.get(name, {}), field: bad})
            assert refused.value.field == field


def unkeepable(limits: Limits) -> Iterator[object]:
    """What comes with a character that cannot be kept, and fits otherwise; nothing for a number."""
    if limits["type"] == "string":
        yield from ("\x00", "\ud800")
    elif limits["type"] == "array":
        yield from ([each] * limits["minItems"] for each in unkeepable(limits["items"]))


def test_the_words_to_choose_from_are_those_of_the_rules() -> None:
    hints: dict[str, Any] = get_type_hints(payloads.Chat)
    assert get_args(hints["audience"]) == tuple(each.value for each in Audience)
    assert get_args(payloads.SmallGroup) == tuple(str(number + 1) for number in range(MOST_GROUPS))


def test_a_handler_that_does_not_say_what_it_is_given_is_named() -> None:
    def silent(act):  # type: ignore[no-untyped-def]
        return act

    with pytest.raises(RuntimeError, match="silent does not say what it is given"):
        _ = Event(silent).payload
