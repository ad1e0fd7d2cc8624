"""static/js/room/state.d.ts says to the room's scripts what the Python types say, and pages get what they say."""

import re
from typing import Any, Literal, TypedDict

import pytest
from flask import Flask

from backtolife.config import ROOT
from backtolife.sessions.broadcast.messages import MESSAGES
from backtolife.sessions.events import payloads
from backtolife.sessions.state.room_view import PatientView, StaffView
from tests.support.sessions.hall import ask, open_hall
from tests.support.shapes import misfits
from tools import room_types
from tools.room_protocol import PAGE


def test_the_scripts_types_are_what_the_code_says() -> None:
    assert room_types.behind() == [], f"write them anew: {room_types.COMMAND}"


def test_a_file_that_is_behind_is_named_with_the_command_that_mends_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(room_types, "FILES", {ROOT / "static" / "js" / "gone.d.ts": room_types.page_file})
    assert room_types.main(["--check"]) == 1
    said = "gone.d.ts is not what the Python types say. Write it anew: python -m tools.room_types\n"
    assert capsys.readouterr().out.endswith(said)


def test_a_field_that_may_be_missing_and_its_words_are_told() -> None:
    shape = room_types.shape_of(StaffView)
    (people,) = (field for field in shape.fields if field.name == "people")
    assert (people.optional, people.words) == (True, "Everybody who has taken a seat, by seat.")
    line = "  /** Everybody who has taken a seat, by seat. */\n  people?: Record<string, StaffSee>;\n"
    assert line in room_types.declared(shape, room_types.aliases())


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (payloads.Nothing, "Record<string, never>"),
        (payloads.GoTo, "{ seen: number; index: number }"),
        (payloads.HelpReason, '{ reason: "pain" | "upset" | "unwell" | "technical" }'),
        (payloads.PollAsk, "{ question: string; options: string[] }"),
        (payloads.SmallPlan, "{ groups?: number }"),
        (TypedDict("Several", {"ways": list[Literal["a", "b"]]}), '{ ways: ("a" | "b")[] }'),
    ],
)
def test_what_an_event_carries_is_said_in_the_scripts_words(kind: Any, words: str) -> None:
    assert room_types.payload(kind) == words


def test_what_pages_are_told_is_what_the_types_say(app: Flask) -> None:
    with open_hall(app) as hall:
        seats = [hall.sit(patient, admitted=True) for patient in hall.group.patients]
        pages = [hall.connect(person) for person in (hall.group.lead, hall.group.spotter, *hall.group.patients)]
        lead, linda = pages[0], pages[2]
        said = ask(linda, "chat")["message"]["id"]
        asked = ask(linda, "help")["ok"], ask(linda, "help_over")["ok"]
        shown = ask(lead, "look_up", {"seat": seats[0].id}), ask(lead, "start"), ask(lead, "poll_ask")
        states = [ask(page, "state")["state"] for page in pages]
        assert ask(linda, "take_back", {"message": said})["ok"]
        told = [message for page in pages for message in page.get_received()]
    assert asked == (True, True) and all(each["ok"] for each in shown)
    assert [misfits(state, StaffView) for state in states[:2]] == [[], []]
    assert [misfits(state, PatientView) for state in states[2:]] == [[], []]
    assert {one["name"] for one in told} >= {"patch", "chat", "taken_back", "well_again"}
    assert [misfits(one["args"][0], MESSAGES[one["name"]]) for one in told if one["name"] != "here"] == [[]] * sum(
        one["name"] != "here" for one in told
    )


def test_every_message_that_the_protocol_names_has_a_type() -> None:
    page = PAGE.read_text(encoding="utf-8")
    named = re.findall(r"^\| `(\w+)` \|", page[page.index("**Messages to a page**") :], re.MULTILINE)
    assert sorted(named) == sorted(MESSAGES)


def test_a_type_that_has_no_word_there_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Add one to tools/room_types\.py"):
        room_types.written_as(bytes, {})
