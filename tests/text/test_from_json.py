"""What comes from outside is taken as it was meant, or refused in one sentence of ours that names the field."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import ConfigDict, Field

from backtolife.errors import Invalid
from backtolife.text.from_json import RULES, Flag, Number, Whole, read, read_json


class Sign(StrEnum):
    STOP = "stop"
    GO = "go"


@dataclass(frozen=True)
class Walk:
    minutes: Annotated[Whole, Field(ge=1, lt=60)]
    where: Annotated[str, Field(min_length=2, max_length=9, pattern="^[a-z]+$")] = "park"


@dataclass(frozen=True)
class Plan:
    __pydantic_config__ = ConfigDict(extra="forbid")

    walks: Annotated[list[Walk], Field(min_length=1, max_length=2)]
    effort: Annotated[Number, Field(gt=0, le=10, allow_inf_nan=False)] = 3
    alone: Flag = False
    kind: Literal["short", "long"] = "short"
    sign: Sign = Sign.GO
    notes: dict[str, str] | None = None


WALK = {"minutes": 5}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({}, "walks is missing."),
        ({"walks": [WALK], "song": "x"}, "song is not known here."),
        ({"walks": "x"}, "walks must be a list."),
        ({"walks": []}, "walks must be a list of at least 1."),
        ({"walks": [WALK] * 3}, "walks must be a list of at most 2."),
        ({"walks": ["x"]}, "walks[0] must have named fields."),
        ({"walks": [WALK, {}]}, "walks[1].minutes is missing."),
        ({"walks": [{"minutes": "5"}]}, "walks[0].minutes must be a whole number."),
        ({"walks": [{"minutes": True}]}, "walks[0].minutes must be a whole number."),
        ({"walks": [{"minutes": 5.5}]}, "walks[0].minutes must be a whole number."),
        ({"walks": [{"minutes": 0}]}, "walks[0].minutes must be at least 1."),
        ({"walks": [{"minutes": 60}]}, "walks[0].minutes must be less than 60."),
        ({"walks": [WALK | {"where": 7}]}, "walks[0].where must be text."),
        ({"walks": [WALK | {"where": "x"}]}, "walks[0].where must have at least 2 characters."),
        ({"walks": [WALK | {"where": "x" * 10}]}, "walks[0].where must have at most 9 characters."),
        ({"walks": [WALK | {"where": "XX"}]}, "walks[0].where is not written as it should be."),
        ({"walks": [WALK], "effort": "much"}, "effort must be a number."),
        ({"walks": [WALK], "effort": 0}, "effort must be more than 0."),
        ({"walks": [WALK], "effort": 11}, "effort must be at most 10."),
        ({"walks": [WALK], "alone": 1}, "alone must be true or false."),
        ({"walks": [WALK], "kind": "wide"}, "kind must be one of: short, long."),
        ({"walks": [WALK], "notes": []}, "notes must have named fields."),
        (None, "What was sent must have named fields."),
        ([], "What was sent must have named fields."),
    ],
)
def test_what_does_not_fit_is_refused_with_the_field_and_its_rule(given: Any, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(Plan, given)
    assert refused.value.message == sentence
    assert refused.value.field == (None if sentence.startswith("What") else sentence.split(" ", maxsplit=1)[0])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"walks": [{"minutes": 5}], "sign": "wait"}', "sign must be one of: stop, go."),
        ('{"walks": [{"minutes": 5}], "effort": NaN}', "effort must be a number."),
        ("{", "What was sent is not JSON."),
        ("", "What was sent is not JSON."),
        ("[" * 100_000, "What was sent is not JSON."),
        (b"\xff", "What was sent is not JSON."),
    ],
)
def test_text_that_is_no_json_of_ours_is_refused(text: str | bytes, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_json(Plan, text)
    assert refused.value.message == sentence


def test_what_fits_comes_as_it_was_sent() -> None:
    assert read(Walk, WALK | {"later": 1}) == Walk(5)
    assert read(Plan, {"walks": [WALK], "effort": 4}) == Plan([Walk(5)], 4)
    assert read_json(Plan, '{"walks": [{"minutes": 5}], "sign": "stop"}') == Plan([Walk(5)], sign=Sign.STOP)


def test_one_sentence_can_stand_for_all_rules() -> None:
    with pytest.raises(Invalid) as refused:
        read(Plan, {}, instead="Load the page again.")
    assert (refused.value.message, refused.value.field) == ("Load the page again.", None)


def test_no_rule_is_told_in_the_words_of_a_library() -> None:
    @dataclass(frozen=True)
    class Odd:
        when: bytes

    assert "bytes_type" not in RULES
    with pytest.raises(Invalid, match=r"^when cannot be used as it is\.$"):
        read(Odd, {"when": 1})
