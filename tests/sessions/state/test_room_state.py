"""What the types say of the room's document and of what each seat is shown of it, held against a kept document."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

import pytest

from backtolife.sessions.state import room_state, visibility
from backtolife.sessions.state.room_state import RoomState, SeatState
from backtolife.sessions.state.room_view import PatientView, StaffView
from backtolife.sessions.state.rules import Camera, SeatRole, SeatStatus
from tests.support.shapes import misfits

KEPT = Path(__file__).with_name("kept_by_an_earlier_release.json")
"""A room in the middle of a session, with everything in it that a room can hold, as version 0.1.0 kept it."""


@pytest.fixture
def kept() -> Any:
    return json.loads(KEPT.read_text(encoding="utf-8"))


def test_a_document_that_an_earlier_release_kept_is_what_the_types_say(kept: Any) -> None:
    assert misfits(kept, RoomState) == []


def test_the_kept_document_has_every_key_there_is_but_the_end_and_what_came_later(kept: Any) -> None:
    assert RoomState.__annotations__.keys() - kept.keys() == {"ended_ms", "not_coming"}
    seats = [entry.keys() for entry in kept["seats"].values()]
    assert SeatState.__annotations__.keys() - set().union(*seats) == set()


def test_what_each_seat_is_shown_of_it_is_what_the_types_say(kept: Any) -> None:
    for seat, entry in kept["seats"].items():
        kind = StaffView if entry["role"] == "facilitator" else PatientView
        assert misfits(visibility.view(kept, seat), kind) == [], seat


@pytest.mark.parametrize(
    ("words", "named"), [("RoleWord", SeatRole), ("StatusWord", SeatStatus), ("CameraWord", Camera)]
)
def test_the_words_in_the_document_are_those_of_the_rules(words: str, named: type[StrEnum]) -> None:
    assert get_args(getattr(room_state, words)) == tuple(each.value for each in named)


def test_a_key_that_is_missing_misspelt_or_of_another_kind_is_seen(kept: Any) -> None:
    del kept["section"]["mic"]
    kept["seats"]["linda"]["hand"] = kept["seats"]["linda"]["came_ms"] = "1"
    assert sorted(misfits(kept, RoomState)) == [
        "it.seats[linda] has hand, which SeatState does not know",
        "it.seats[linda].came_ms is '1', not <class 'int'>",
        "it.section has no mic",
    ]
